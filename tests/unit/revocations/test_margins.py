"""When a list is due, when it is late, and that there is always time between the two."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.revocations.rules import ListFacts, compute_list_deadline, is_list_due, is_list_late

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
minutes = st.integers(min_value=10, max_value=72 * 60).map(lambda n: timedelta(minutes=n))


def listed(*, ends: timedelta, missing: timedelta | None = None) -> ListFacts:
    """A list that ends so long after AT; somebody revoked so long before AT is missing from it."""
    return ListFacts(
        next_update_at=AT + ends,
        listed=4,
        revoked=4 if missing is None else 5,
        revoked_at=None if missing is None else AT - missing,
    )


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize(
    ("facts", "due", "late"),
    [
        (listed(ends=12 * HOUR), False, False),
        (listed(ends=2 * HOUR + timedelta(seconds=1)), False, False),
        (listed(ends=2 * HOUR), True, False),
        (listed(ends=HOUR), True, True),
        (listed(ends=-HOUR), True, True),
        (listed(ends=12 * HOUR, missing=timedelta(0)), True, False),
        (listed(ends=12 * HOUR, missing=HOUR / 2), True, True),
        (ListFacts(next_update_at=None, listed=0, revoked=0), True, True),
    ],
)
def test_due_and_late(facts: ListFacts, due: bool, late: bool) -> None:
    assert is_list_due(facts, AT, ahead=2 * HOUR) is due
    assert is_list_late(facts, AT, ahead=2 * HOUR, within=HOUR) is late


@pytest.mark.clause("L3.5")
@given(length=minutes, share=st.floats(0.01, 0.5), within=minutes, tick=st.integers(1, 300))
def test_a_list_made_when_it_is_due_never_expires(
    length: timedelta, share: float, within: timedelta, tick: int
) -> None:
    """However long a list lasts and however far ahead it is made: not due at once, due before it is late."""
    ahead = length * share
    fresh = ListFacts(next_update_at=AT + length, listed=3, revoked=3)
    assert not is_list_due(fresh, AT, ahead=ahead) or share == 0.5
    due_at = AT + length - ahead
    assert is_list_due(fresh, due_at, ahead=ahead)
    assert not is_list_late(fresh, due_at, ahead=ahead, within=within)
    assert is_list_late(fresh, AT + length - ahead / 2, ahead=ahead, within=within)
    assert compute_list_deadline(fresh, due_at, within=within) == AT + length


@pytest.mark.clause("L3.5")
@given(ends=minutes, missing=minutes, ahead=minutes, within=minutes)
def test_whoever_is_late_is_due(
    ends: timedelta, missing: timedelta, ahead: timedelta, within: timedelta
) -> None:
    facts = listed(ends=ends, missing=missing)
    assert is_list_due(facts, AT, ahead=ahead)
    deadline = compute_list_deadline(facts, AT, within=within)
    assert deadline == min(AT + ends, AT - missing + within)
    if is_list_late(facts, AT, ahead=ahead, within=within):
        assert min(AT + ends - ahead / 2, AT - missing + within / 2) <= AT
