"""How urgent a duty is, and its due date in words: pure functions over plain data."""

from datetime import date, datetime
from enum import StrEnum

from smki_pma.calendar import working_days
from smki_pma.calendar.clock import LONDON, london_date

# What is done in the room: it belongs to the meeting, not to a date.
IN_A_MEETING = frozenset({"meetings.attend", "meetings.cast_ballot"})


class Urgency(StrEnum):
    """The groups of the page For you, most urgent first."""

    OVERDUE = "Overdue"
    SOON = "Due within two Working Days"
    MEETING = "This meeting"
    LATER = "Later"


def compute_urgency(due_at: datetime | None, *, of_meeting: bool, at: datetime) -> Urgency:
    """Overdue from the due moment on; soon until the end of the second Working Day after today (house rule).

    of_meeting: done in a meeting; on its day, or where it has no date, it stands in the group of that meeting.
    """
    if due_at is not None and due_at <= at:
        return Urgency.OVERDUE
    today = london_date(at)
    if of_meeting and (due_at is None or due_on(due_at) == today):
        return Urgency.MEETING
    if due_at is not None and due_at <= end_of_soon(today):
        return Urgency.SOON
    return Urgency.LATER


def end_of_soon(today: date) -> datetime:
    """The moment before which a due date counts as soon."""
    return working_days.end_of_day(working_days.add_working_days(today, 2))


def describe_due(due_at: datetime | None, *, at: datetime) -> str:
    """The due date in words: "due today", "due in 3 Working Days", "overdue by 2 Working Days"."""
    if due_at is None:
        return "no date set"
    today, due = london_date(at), due_on(due_at)
    if due_at <= at:
        return f"overdue {describe_lateness(due_at, at=at)}".strip()
    if due == today:
        return "due today"
    days = (due - today).days
    if days == 1:
        return "due tomorrow"
    if days <= 14:
        counted = working_days.working_days_between(today, due)
        if counted == 0:
            return f"due in {days} days"  # all of them in a weekend or holidays
        return f"due in {counted} Working Day{'' if counted == 1 else 's'}"
    return f"due in {days} days" if days < 60 else f"due in {round(days / 30)} months"


def due_on(due_at: datetime) -> date:
    """The last day on which the duty can be done in time; the end of a day is stored as the next midnight."""
    local = due_at.astimezone(LONDON)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return date.fromordinal(local.toordinal() - 1)
    return local.date()


def describe_lateness(due_at: datetime, *, at: datetime) -> str:
    """By how much something is overdue: "since today", "by 2 Working Days"; "" within a weekend."""
    due, today = due_on(due_at), london_date(at)
    if due == today:
        return "since today"
    counted = working_days.working_days_between(due, today)
    return f"by {counted} Working Day{'' if counted == 1 else 's'}" if counted > 0 else ""
