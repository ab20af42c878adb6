"""Times and dates in words, always London's."""

from datetime import UTC, date, datetime

from smki_pma.calendar import clock


def moment(at: datetime) -> str:
    """An aware moment in London: "22 November 2026 at 2:15pm"."""
    local = at.astimezone(clock.LONDON)
    return f"{day(local.date())} at {time_of_day(local)}"


def time_of_day(local: datetime) -> str:
    """The time on a London clock: "2:15pm", "2pm", "midday", "12:00am"."""
    if (local.hour, local.minute) == (12, 0):
        return "midday"
    half = "am" if local.hour < 12 else "pm"
    hour = local.hour % 12 or 12
    short = local.minute == 0 and local.hour != 0
    return f"{hour}{half}" if short else f"{hour}:{local.minute:02d}{half}"


def day(on: date) -> str:
    """A date: "22 November 2026"."""
    return f"{on.day} {on:%B %Y}"


def london_day(on: date | datetime) -> date:
    """The date itself, or the date in London at a moment."""
    return clock.london_date(on) if isinstance(on, datetime) else on


def machine(at: datetime) -> str:
    """The moment for the `datetime` attribute: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
