"""The recurring duties of the PMA's own calendar."""

from collections.abc import Iterable
from datetime import date, timedelta

from smki_pma.calendar import working_days
from smki_pma.duties.recurring import Occasion, Recurring, register_recurring
from smki_pma.governance.meetings.models import Meeting
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure


def periods_of_meetings(today: date) -> Iterable[Occasion]:
    """Stretches of as many months as may lie between meetings, each due on its last Working Day."""
    length = figure("meetings.most_months_between")
    index = (today.year * 12 + today.month - 1) // length * length
    for start in (index, index + length):
        following = _first_of(start + length)
        last = working_days.subtract_working_days(following, 1)
        if last >= today:
            yield Occasion(f"{_first_of(start):%Y-%m} to {following - timedelta(days=1):%Y-%m}", last)


def has_met(period: str) -> bool:
    """Whether a meeting was opened in the stretch of months."""
    first, last = (date.fromisoformat(f"{month}-01") for month in period.split(" to "))
    start = working_days.start_of_day(first)
    end = working_days.start_of_day(_first_of(last.year * 12 + last.month))
    return Meeting.objects.filter(opened_at__gte=start, opened_at__lt=end).exists()


def say_period(period: str) -> str:
    """Months in words: "November or December 2026"."""
    first, last = (date.fromisoformat(f"{month}-01") for month in period.split(" to "))
    if first == last:
        return f"{first:%B %Y}"
    year = "" if first.year == last.year else f" {first.year}"
    between = "or" if (last.year - first.year) * 12 + last.month - first.month == 1 else "to"
    return f"{first:%B}{year} {between} {last:%B %Y}"


def _first_of(index: int) -> date:
    """The first day of a month counted from year 0."""
    return date(index // 12, index % 12 + 1, 1)


def register() -> None:
    register_recurring(
        Recurring(
            kind="meetings.often-enough",
            clause="L1.15",
            title="Hold a meeting of the SMKI PMA in {period}",
            role=Role.SECRETARIAT,
            occasions=periods_of_meetings,
            opens_before=timedelta(days=45),
            is_done=has_met,
            say_period=say_period,
            url="/meetings/",
        )
    )
