"""Reminders of duties, before and after they fall due: each stage once."""

from datetime import datetime
from uuid import UUID

from smki_pma.calendar import clock, working_days
from smki_pma.duties.models import Duty
from smki_pma.duties.rules import describe_due, due_on
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.notices.acts import send_notice
from smki_pma.notices.models import NoticeKind, Reminder
from smki_pma.notices.rules import Stage, compute_stage
from smki_pma.parties.authority import require
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import people_holding


def remind_of_what_falls_due(*, at: datetime | None = None) -> int:
    """Send every reminder whose stage has come. Returns how many duties holders were reminded of."""
    moment = at or clock.now()
    horizon = working_days.end_of_day(working_days.add_working_days(clock.london_date(moment), 2))
    reminded = 0
    for duty in Duty.objects.open().filter(due_at__isnull=False, due_at__lte=horizon).order_by("due_at"):
        stage = _stage(duty, moment)
        if stage and not Reminder.objects.filter(duty=duty, stage=stage).exists():
            remind(duty_id=duty.pk, stage=stage, by=Actor.clock())
            reminded += 1
    return reminded


def _stage(duty: Duty, at: datetime) -> str:
    assert duty.due_at is not None  # noqa: S101  (the query leaves none without a date)
    due, today = due_on(duty.due_at), clock.london_date(at)
    overdue = working_days.working_days_between(due, today) if duty.due_at <= at else 0
    left = working_days.working_days_between(today, due)
    return compute_stage(is_overdue=duty.due_at <= at, working_days_left=left, working_days_over=overdue)


@service
def remind(*, duty_id: UUID, stage: str, by: Actor) -> Duty:
    """Remind a duty's holders once at a stage (the duty's own clause)."""
    duty = Duty.objects.select_for_update(of=("self",)).get(pk=duty_id)
    require(by, "clock", "owner", clause=duty.clause)
    if not duty.is_open or Reminder.objects.filter(duty=duty, stage=stage).exists():
        return unchanged(duty)
    people = holders_of(duty)
    words = describe_due(duty.due_at, at=clock.now())
    notice = send_notice(
        kind=NoticeKind.REMINDER,
        clause=duty.clause,
        subject=f"{'Overdue' if stage.startswith(Stage.OVERDUE) else 'Reminder'}: {duty.title}"[:200],
        body=f"{duty.title}: {words}.",
        people=people,
        url=duty.url,
    )
    Reminder(duty=duty, stage=stage, notice=notice).save()
    facts = {"duty": duty.kind, "stage": stage, "recipients": len(people)}
    record("duty.reminded", clause=duty.clause, by=by, subject=duty, facts=facts, audience="pma")
    return duty


def holders_of(duty: Duty) -> list[Person]:
    """Who can do the duty now."""
    if duty.holding_id is not None:
        now = Holding.objects.in_effect(clock.now()).filter(pk=duty.holding_id)
        return [holding.person for holding in now.select_related("person")]
    return people_holding(Role(duty.role), party_id=duty.party_id)
