"""Target Response Times, across both clock changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.requests.rules import (
    check_batch_size,
    compute_batch_deadline,
    compute_single_deadline,
    is_within_target,
)
from smki_pma.clauses import RuleViolation

LONDON = ZoneInfo("Europe/London")
MOMENTS = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2060, 1, 1), timezones=st.just(UTC))
# The nights on which the clocks of 2026 change, where an hour is missing or comes twice.
CHANGES = st.one_of(
    st.datetimes(datetime(2026, 3, 28), datetime(2026, 3, 30), timezones=st.just(UTC)),
    st.datetimes(datetime(2026, 10, 24), datetime(2026, 10, 26), timezones=st.just(UTC)),
)
MOMENT = st.one_of(MOMENTS, CHANGES)


def london(year, month, day, hour, minute=0, second=0):
    return datetime(year, month, day, hour, minute, second, tzinfo=LONDON)


@pytest.mark.clause("L8.1")
@given(MOMENT)
def test_a_single_request_has_the_seconds_in_force(received):
    assert compute_single_deadline(received, seconds=30) - received == timedelta(seconds=30)


@pytest.mark.clause("L8.1")
@given(MOMENT)
def test_a_batch_of_the_day_is_due_at_eight_next_day_and_any_other_in_24_hours(received):
    deadline = compute_batch_deadline(received)
    local = received.astimezone(LONDON)

    if time(8) <= local.time() < time(20):
        due = deadline.astimezone(LONDON)
        assert due.time() == time(8)
        assert due.date() == local.date() + timedelta(days=1)
    else:
        assert deadline - received == timedelta(hours=24)
    assert deadline.tzinfo is UTC


@pytest.mark.clause("L8.1")
@given(MOMENT)
def test_a_batch_is_never_due_before_eleven_hours_or_after_a_day_and_an_hour(received):
    left = compute_batch_deadline(received) - received

    assert timedelta(hours=11) < left <= timedelta(hours=25)


@pytest.mark.clause("L8.1")
@pytest.mark.parametrize(
    ("received", "deadline"),
    [
        (london(2026, 6, 1, 8), london(2026, 6, 2, 8)),
        (london(2026, 6, 1, 7, 59, 59), london(2026, 6, 2, 7, 59, 59)),
        (london(2026, 6, 1, 19, 59, 59), london(2026, 6, 2, 8)),
        (london(2026, 6, 1, 20), london(2026, 6, 2, 20)),
        # A Sunday and Christmas Day are days like any other.
        (london(2026, 12, 25, 12), london(2026, 12, 26, 8)),
        # Spring: the day before the clocks go forward at 1am.
        (london(2026, 3, 28, 19), london(2026, 3, 29, 8)),
        (london(2026, 3, 28, 23), datetime(2026, 3, 29, 23, tzinfo=UTC)),
        # Autumn: they go back at 2am.
        (london(2026, 10, 24, 9), datetime(2026, 10, 25, 8, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 22, tzinfo=UTC)),
    ],
)
def test_batch_deadlines_at_the_edges(received, deadline):
    assert compute_batch_deadline(received) == deadline


@pytest.mark.clause("L8.1")
def test_sent_at_the_deadline_is_in_time():
    at = datetime(2026, 6, 1, tzinfo=UTC)

    assert is_within_target(deadline_at=at, sent_at=at)
    assert not is_within_target(deadline_at=at, sent_at=at + timedelta(microseconds=1))


@pytest.mark.clause("L8.2")
@pytest.mark.parametrize(
    ("count", "right"), [(0, False), (1, False), (2, True), (50_000, True), (50_001, False)]
)
def test_a_batch_holds_two_to_fifty_thousand(count, right):
    if right:
        check_batch_size(count)
    else:
        with pytest.raises(RuleViolation):
            check_batch_size(count)
