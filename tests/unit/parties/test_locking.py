"""Wrong passwords lock an account: the law over plain times."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smki_pma.parties.rules import compute_locked_until

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(*minutes: float) -> list[datetime]:
    return [START + timedelta(minutes=minute) for minute in minutes]


@pytest.mark.clause("L6.5")
@pytest.mark.parametrize(
    ("minutes", "locked_from"),
    [
        ([], None),
        ([0, 1, 2, 3], None),
        ([0, 1, 2, 3, 4], 4),
        ([0, 10, 20, 30, 59.9], 59.9),
        ([0, 10, 20, 30, 60], None),  # the first is an hour old
        ([0, 10, 20, 30, 60, 61], 61),  # five within the hour before the last
        ([0, 1, 2, 3, 4, 5, 6], 4),  # those during the lock do not lengthen it
        ([0, 1, 2, 3, 4, 70, 71, 72, 73], 4),
        ([0, 1, 2, 3, 4, 70, 71, 72, 73, 74], 74),
    ],
)
def test_five_within_an_hour_lock_for_an_hour(minutes: list[float], locked_from: float | None) -> None:
    expected = None if locked_from is None else at(locked_from)[0] + HOUR
    assert compute_locked_until(at(*minutes), tries=5, minutes=60) == expected


@given(st.lists(st.floats(0, 600), max_size=30))
def test_a_lock_always_ends_a_full_hour_after_a_wrong_password(minutes: list[float]) -> None:
    times = at(*minutes)
    until = compute_locked_until(times, tries=5, minutes=60)
    if until is not None:
        assert until - HOUR in times
        within = [time for time in times if until - 2 * HOUR < time <= until - HOUR]
        assert len(within) >= 5


@given(st.lists(st.floats(0, 600), max_size=4))
def test_fewer_than_five_never_lock(minutes: list[float]) -> None:
    assert compute_locked_until(at(*minutes), tries=5, minutes=60) is None
