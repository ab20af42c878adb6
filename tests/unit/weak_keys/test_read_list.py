"""A list of weak keys is read whole or not at all."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.weak_keys.rules import read_list
from smki_pma.clauses import RuleViolation

ONE, TWO = b"\x01" * 32, b"\xab" * 32


@pytest.mark.clause("L3.5")
def test_both_forms_comments_and_repeats() -> None:
    content = (
        f"# a list\n\n{ONE.hex()}  # leaked in 2026\r\n{base64.b64encode(TWO).decode()}\n{ONE.hex().upper()}"
    )
    assert read_list(content.encode()) == [ONE, TWO]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no key"),
        (b"# nothing\n", "no key"),
        (b"\xff\xfe", "plain text"),
        (ONE.hex().encode() + b"\n" + ONE.hex()[:40].encode(), "Line 2"),
        (base64.b64encode(ONE[:20]), "Line 1"),
        (b"blocked:\n", "Line 1"),
    ],
)
def test_anything_else_stops_the_whole_file(content: bytes, said: str) -> None:
    with pytest.raises(RuleViolation, match=said):
        read_list(content)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_a_refusal(content: bytes) -> None:
    try:
        found = read_list(content)
    except RuleViolation:
        return
    assert found
    assert all(len(digest) == 32 for digest in found)
