"""How urgent a duty is, and its due date in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from smki_pma.calendar import clock, working_days
from smki_pma.duties.rules import Urgency, compute_urgency, describe_due, due_on
from smki_pma.website.recurring_duties import say_period

# Thursday 26 November 2026, 10:00 in London; no bank holiday near.
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_extra_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working_days, "_extra_days", frozenset)


def end_of(day: int, month: int = 11) -> datetime:
    return working_days.end_of_day(date(2026, month, day))


@pytest.mark.parametrize(
    ("due_at", "of_meeting", "urgency"),
    [
        (NOW - timedelta(seconds=1), False, Urgency.OVERDUE),
        (NOW, True, Urgency.OVERDUE),
        (NOW + timedelta(seconds=1), False, Urgency.SOON),
        (end_of(26), False, Urgency.SOON),
        (end_of(30), False, Urgency.SOON),  # Friday and Monday are the next two Working Days
        (end_of(30), True, Urgency.SOON),
        (end_of(1, 12), False, Urgency.LATER),
        (end_of(1, 12), True, Urgency.LATER),
        (end_of(26), True, Urgency.MEETING),  # on the day of the meeting
        (None, True, Urgency.MEETING),
        (None, False, Urgency.LATER),
    ],
)
def test_groups_of_for_you(due_at: datetime | None, of_meeting: bool, urgency: Urgency) -> None:
    assert compute_urgency(due_at, of_meeting=of_meeting, at=NOW) is urgency


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        (None, "no date set"),
        (end_of(26), "due today"),
        (end_of(27), "due tomorrow"),
        (end_of(30), "due in 2 Working Days"),
        (end_of(25, 12), "due in 29 days"),
        (end_of(25), "overdue by 1 Working Day"),
        (end_of(20), "overdue by 4 Working Days"),
        (NOW - timedelta(hours=1), "overdue since today"),
        (datetime(2027, 6, 1, 12, tzinfo=UTC), "due in 6 months"),
    ],
)
def test_due_dates_in_words(due_at: datetime | None, words: str) -> None:
    assert describe_due(due_at, at=NOW) == words


def test_a_due_date_in_a_weekend_counts_days() -> None:
    friday = datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert describe_due(end_of(29), at=friday) == "due in 2 days"


@pytest.mark.parametrize(
    "day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)]
)
def test_the_end_of_a_day_belongs_to_that_day_also_when_the_clocks_change(day: date) -> None:
    assert due_on(working_days.end_of_day(day)) == day
    assert due_on(datetime(day.year, day.month, day.day, 15, tzinfo=clock.LONDON)) == day


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2026-11 to 2026-12", "November or December 2026"),
        ("2026-10 to 2026-12", "October to December 2026"),
        ("2026-12 to 2027-01", "December 2026 or January 2027"),
        ("2026-11 to 2026-11", "November 2026"),
    ],
)
def test_months_in_words(period: str, words: str) -> None:
    assert say_period(period) == words
