"""What a chunk commits to is read back as it was written."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.engine.intents import Intents, Refused, pack, unpack

REFUSALS = st.builds(Refused, st.text(max_size=20), st.text(max_size=80), st.sampled_from([b"", b"\1" * 8]))


def intents(*outcomes: bytes | Refused) -> Intents:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    return Intents(authority_id=UUID(int=7), environment="live", not_before=at, outcomes=list(outcomes))


@given(st.lists(st.binary(min_size=1, max_size=400) | REFUSALS, max_size=10))
def test_outcomes_come_back_as_they_were(outcomes: list[bytes | Refused]) -> None:
    assert unpack(pack(intents(*outcomes))) == intents(*outcomes)


def test_what_is_cut_off_or_of_another_version_is_not_read() -> None:
    packed = pack(intents(b"to be signed", Refused("csr.key.used", "Used.", b"\1" * 8)))
    with pytest.raises(ValueError, match="cut off"):
        unpack(packed[:-1])
    with pytest.raises(ValueError, match="version 1"):
        unpack(packed.replace(b'"v": 2', b'"v": 1'))
