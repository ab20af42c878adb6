"""Working Days of England and Wales, and deadlines right across both clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given
from hypothesis import strategies as st

from smki_pma.calendar import working_days as wd

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))
counts = st.integers(min_value=0, max_value=60)


@pytest.fixture(autouse=True)
def no_extra_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wd, "_extra_days", frozenset)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 12, 28), False),
        (date(2026, 4, 3), False),
        (date(2026, 4, 6), False),
        (date(2026, 3, 17), True),
        (date(2027, 12, 27), False),
        (date(2027, 12, 28), False),
    ],
)
def test_is_working_day(day: date, expected: bool) -> None:
    assert wd.is_working_day(day) is expected


def test_agrees_with_the_government_list() -> None:
    official = BankHolidays(use_cached_holidays=True)
    listed = {row["date"] for row in official.get_holidays(division=BankHolidays.ENGLAND_AND_WALES)}
    start, end = date(2024, 1, 1), date(2027, 12, 31)
    every = [start + timedelta(days=n) for n in range((end - start).days + 1)]

    wrong = [day for day in every if wd.is_working_day(day) != (day.weekday() < 5 and day not in listed)]

    assert wrong == []


def test_one_off_days_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wd, "_extra_days", lambda: {date(2026, 11, 23)})

    assert wd.add_working_days(date(2026, 11, 20), 1) == date(2026, 11, 24)


@pytest.mark.clause("L8.7")
def test_fifteenth_working_day_of_december() -> None:
    assert wd.nth_working_day_of_month(2026, 12, 15) == date(2026, 12, 21)
    assert wd.nth_working_day_of_month(2026, 3, 15) == date(2026, 3, 20)


def test_a_month_has_no_thirtieth_working_day() -> None:
    with pytest.raises(ValueError, match="fewer than 30"):
        wd.nth_working_day_of_month(2026, 2, 30)


@given(day=days, count=counts)
def test_adding_ends_on_a_working_day_and_counts_right(day: date, count: int) -> None:
    end = wd.add_working_days(day, count)

    assert wd.working_days_between(day, end) == count
    assert count == 0 or wd.is_working_day(end)


@given(day=days, count=counts)
def test_subtracting_undoes_adding_from_a_working_day(day: date, count: int) -> None:
    day = wd.add_working_days(day, 1)

    assert wd.subtract_working_days(wd.add_working_days(day, count), count) == day


@given(day=days)
def test_a_day_ends_where_the_next_begins(day: date) -> None:
    length = wd.end_of_day(day) - wd.start_of_day(day)

    assert wd.end_of_day(day) == wd.start_of_day(day + timedelta(days=1))
    assert length in (timedelta(hours=23), timedelta(hours=24), timedelta(hours=25))


@pytest.mark.parametrize(
    ("day", "hours", "start"),
    [
        (date(2026, 3, 29), 23, datetime(2026, 3, 29, 0, tzinfo=UTC)),
        (date(2026, 10, 25), 25, datetime(2026, 10, 24, 23, tzinfo=UTC)),
        (date(2026, 7, 1), 24, datetime(2026, 6, 30, 23, tzinfo=UTC)),
    ],
)
def test_the_days_of_the_clock_changes(day: date, hours: int, start: datetime) -> None:
    assert wd.start_of_day(day) == start
    assert wd.end_of_day(day) - wd.start_of_day(day) == timedelta(hours=hours)
