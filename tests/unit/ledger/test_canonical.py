"""The one byte form of what is hashed."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smki_pma.ledger.canonical import canonical


class Colour(StrEnum):
    RED = "red"


ID = UUID("8d1a2f0e-0000-4000-8000-00000000000a")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [None, True, "é"]}, '{"a":[null,true,"é"],"b":1}'),
        ({"id": ID}, '{"id":"8d1a2f0e-0000-4000-8000-00000000000a"}'),
        ({ID: 1}, '{"8d1a2f0e-0000-4000-8000-00000000000a":1}'),
        (datetime(2026, 11, 22, 14, 15, tzinfo=UTC), '"2026-11-22T14:15:00.000000Z"'),
        (datetime(2026, 7, 1, 1, tzinfo=timezone(timedelta(hours=1))), '"2026-07-01T00:00:00.000000Z"'),
        (date(2026, 11, 22), '"2026-11-22"'),
        (Decimal("1.50"), '"1.50"'),
        (Decimal("1E+3"), '"1000"'),
        (b"\x00\xff", '"00ff"'),
        (Colour.RED, '"red"'),
        ({3, 1, 2}, "[1,2,3]"),
        ("\x00\n", '"\\u0000\\n"'),
    ],
)
def test_each_kind_of_value_has_one_form(value: object, text: str) -> None:
    assert canonical(value).decode() == text


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), {"x": [2.0]}, {1: 2}, object(), Decimal("NaN"), datetime(2026, 1, 1)],
)
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        canonical("\ud800")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
)


@given(JSON)
def test_reading_and_writing_again_gives_the_same_bytes(value: object) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)
