"""The one clock. Times are aware and in UTC; dates are London's.

Where settings name a clock file (tests do), its text is an offset in seconds that every process adds
to the machine's time, so that a test moves the web, the worker and itself together.
"""

import calendar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _offset()


def today() -> date:
    """The present date in London."""
    return london_date(now())


def london_date(at: datetime) -> date:
    """The date in London at a moment."""
    return at.astimezone(LONDON).date()


def _offset() -> timedelta:
    file: Path | None = settings.SMKI_CLOCK_FILE
    if file is None:
        return timedelta()
    try:
        return timedelta(seconds=float(file.read_text()))
    except FileNotFoundError:
        return timedelta()


def months_later(moment: datetime, months: int) -> datetime:
    """The same time of the same day so many months on, or of the last day of a shorter month."""
    index = moment.year * 12 + moment.month - 1 + months
    year, month = index // 12, index % 12 + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day)
