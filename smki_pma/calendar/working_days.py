"""Working Days of England and Wales, and the moments at which London days begin and end (house rule)."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import holidays

from smki_pma.calendar.clock import LONDON

ONE_DAY = timedelta(days=1)
_no_extra_days: Collection[date] = frozenset()
_read_once: ContextVar[Collection[date] | None] = ContextVar("extra days", default=None)
_extra_days: Callable[[], Collection[date]] = lambda: _no_extra_days  # noqa: E731


def use_extra_days(provider: Callable[[], Collection[date]]) -> None:
    """Take one-off non-Working Days from `provider` (the rules in force), beside the library's data."""
    global _extra_days
    _extra_days = provider


@contextmanager
def extra_days_read_once() -> Iterator[None]:
    """Inside, the one-off days are read once: for a page that reckons many dates."""
    token = _read_once.set(_extra_days())
    try:
        yield
    finally:
        _read_once.reset(token)


def _extra() -> Collection[date]:
    known = _read_once.get()
    return _extra_days() if known is None else known


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Not a Saturday, Sunday, Christmas Day, Good Friday, bank holiday or one-off day."""
    return _is_working(day, _extra())


def _is_working(day: date, extra: Collection[date]) -> bool:
    return day.weekday() < 5 and day not in _bank_holidays(day.year) and day not in extra


def _working_days_from(day: date, step: timedelta) -> Iterator[date]:
    extra = _extra()
    while True:
        day += step
        if _is_working(day, extra):
            yield day


def add_working_days(day: date, count: int) -> date:
    """The Working Day that falls `count` (0 or more) Working Days after `day`, which itself is not counted."""
    return _nth(day, count, ONE_DAY)


def subtract_working_days(day: date, count: int) -> date:
    """The Working Day that falls `count` (0 or more) Working Days before `day`, which itself is not counted."""
    return _nth(day, count, -ONE_DAY)


def _nth(day: date, count: int, step: timedelta) -> date:
    if count < 0:
        raise ValueError("A count of Working Days is 0 or more.")
    steps = _working_days_from(day, step)
    for _ in range(count):
        day = next(steps)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many Working Days fall after `first` up to and with `last`; 0 if `last` is not after `first`."""
    extra = _extra()
    span = (last - first).days
    return sum(_is_working(first + ONE_DAY * offset, extra) for offset in range(1, span + 1))


def nth_working_day_of_month(year: int, month: int, n: int) -> date:
    """The n-th (1 or more) Working Day of a month, counted from its 1st; ValueError if there are fewer."""
    if n < 1:
        raise ValueError("Working Days of a month are counted from 1.")
    found = add_working_days(date(year, month, 1) - ONE_DAY, n)
    if found.month != month:
        raise ValueError(f"{year}-{month:02} has fewer than {n} Working Days.")
    return found


def start_of_day(day: date) -> datetime:
    """The moment at which a London day begins, in UTC."""
    return datetime.combine(day, time.min, tzinfo=LONDON).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The moment at which a London day ends (the next one begins), in UTC: deadlines by a date fall here."""
    return start_of_day(day + ONE_DAY)
