"""Duties that come back with the calendar: opened ahead of time, once for each period."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from smki_pma.calendar import clock, working_days
from smki_pma.clauses import clause
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.duties.models import Duty, Period
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties.authority import require
from smki_pma.parties.roles import Role


@dataclass(frozen=True, slots=True)
class Occasion:
    """One period of a recurring duty, with the last day on which it is done in time."""

    period: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """A duty that recurs.

    title: with {period} where the period stands, in the words that say_period makes of it. occasions: those
    that fall due from a day on, in order, as far as one cares to look. opens_before: how long before its due
    day the duty is opened. parties: whose duty it is, where each of several Parties owes its own. is_done:
    whether a period's duty is met, where no service discharges it by itself.
    """

    kind: str
    clause: str
    title: str
    role: Role
    occasions: Callable[[date], Iterable[Occasion]]
    opens_before: timedelta = timedelta(days=30)
    parties: Callable[[], Iterable[UUID]] | None = None
    is_done: Callable[[str], bool] | None = None
    say_period: Callable[[str], str] = str
    url: str = ""


_recurring: dict[str, Recurring] = {}


def register_recurring(recurring: Recurring) -> Recurring:
    """Add a recurring duty. Call it in AppConfig.ready()."""
    clause(recurring.clause)
    _recurring[recurring.kind] = recurring
    return recurring


def open_what_falls_due(*, on: date | None = None) -> int:
    """Open every recurring duty whose time has come; a repeat opens nothing. Returns how many periods opened."""
    today = on or clock.today()
    opened = 0
    for recurring in _recurring.values():
        for occasion in recurring.occasions(today):
            if occasion.due_on - recurring.opens_before > today:
                break
            if not Period.objects.filter(kind=recurring.kind, period=occasion.period).exists():
                open_period(
                    kind=recurring.kind, period=occasion.period, due_on=occasion.due_on, by=Actor.clock()
                )
                opened += 1
    return opened


def close_what_is_done() -> int:
    """Discharge recurring duties that are met. Returns how many periods closed."""
    closed = 0
    for recurring in _recurring.values():
        if recurring.is_done is None:
            continue
        owed = Duty.objects.open().filter(kind=recurring.kind).values_list("subject_id", flat=True)
        for row in Period.objects.filter(pk__in=list(owed)):
            if recurring.is_done(row.period):
                close_period(period_id=row.pk, by=Actor.clock())
                closed += 1
    return closed


@service
def close_period(*, period_id: UUID, by: Actor) -> Period:
    """Discharge a recurring duty for one period (its own clause)."""
    row = Period.objects.select_for_update().get(pk=period_id)
    recurring = _recurring[row.kind]
    require(by, "clock", "owner", clause=recurring.clause)
    if not discharge_duties(kind=row.kind, subject=row):
        return unchanged(row)
    facts = {"kind": row.kind, "period": row.period}
    record("duty.met", clause=recurring.clause, by=by, subject=row, facts=facts, audience="pma")
    return row


@service
def open_period(*, kind: str, period: str, due_on: date, by: Actor, at: datetime | None = None) -> Period:
    """Open a recurring duty for one period, for each Party that owes it (its own clause)."""
    recurring = _recurring[kind]
    require(by, "clock", "owner", clause=recurring.clause)
    row, is_new = Period.objects.get_or_create(kind=kind, period=period)
    if not is_new:
        return unchanged(row)
    owing: Iterable[UUID | None] = recurring.parties() if recurring.parties else [None]
    count = 0
    for party_id in owing:
        open_duty(
            kind=kind,
            clause=recurring.clause,
            title=recurring.title.format(period=recurring.say_period(period)),
            role=recurring.role,
            party_id=party_id,
            subject=row,
            due_at=working_days.end_of_day(due_on),
            url=recurring.url,
        )
        count += 1
    facts = {"kind": kind, "period": period, "due_on": due_on, "duties": count}
    record("duty.recurred", clause=recurring.clause, by=by, subject=row, facts=facts, audience="pma")
    return row


def quarterly(months: tuple[int, ...], working_day: int) -> Callable[[date], Iterable[Occasion]]:
    """Occasions on the n-th Working Day of certain months of the year (L8.7, say)."""

    def occasions(today: date) -> Iterable[Occasion]:
        for year in (today.year, today.year + 1):
            for month in months:
                due = working_days.nth_working_day_of_month(year, month, working_day)
                if due >= today:
                    yield Occasion(f"{due:%B} {year}", due)

    return occasions


def monthly(working_day: int) -> Callable[[date], Iterable[Occasion]]:
    """Occasions on the n-th Working Day after the end of each month (L8.9, say); the period is the month ended."""

    def occasions(today: date) -> Iterable[Occasion]:
        first = today.replace(day=1)
        for _ in range(3):
            ended = first - timedelta(days=1)
            due = working_days.add_working_days(ended, working_day)
            if due >= today:
                yield Occasion(f"{ended:%B} {ended.year}", due)
            first = (first + timedelta(days=32)).replace(day=1)

    return occasions
