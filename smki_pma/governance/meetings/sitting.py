"""While a meeting sits: opening and closing it and its items (L1.13, L1.15)."""

from uuid import UUID

from smki_pma.calendar import clock, working_days
from smki_pma.clauses import RuleViolation
from smki_pma.duties.acts import discharge_duties, open_duty, set_due, withdraw_duties
from smki_pma.governance.meetings import rules
from smki_pma.governance.meetings.convening import ATTEND, ISSUE_MINUTES, minutes_due
from smki_pma.governance.meetings.listing import tell_owner
from smki_pma.governance.meetings.models import Adjournment, Attendance, Item, Meeting, Vote
from smki_pma.governance.meetings.room import (
    begin_quorum,
    in_the_room,
    lock_meeting,
    locked_item,
    note_quorum,
    quorum_facts,
    require_quorum,
    require_secretariat_or_presiding,
    snapshot_of,
)
from smki_pma.governance.meetings.states import ITEM, MEETING
from smki_pma.governance.membership.selectors import seats_at
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties.authority import require
from smki_pma.parties.roles import Role


@service
def open_meeting(*, meeting_id: UUID, by: Actor) -> Meeting:
    """Open the meeting, at or after its time and with a quorum (L1.13)."""
    meeting = lock_meeting(meeting_id)
    move = MEETING.move("open", state=meeting.state)
    snapshot = snapshot_of(meeting)
    require_secretariat_or_presiding(by, snapshot)
    rules.check_time_has_come(meeting.starts_at, clock.now())
    quorum = require_quorum(snapshot, "the meeting cannot be opened")
    meeting.state, meeting.opened_at = move.target, clock.now()
    meeting.save()
    begin_quorum(meeting)
    settle_attendance(meeting)
    facts = {"meeting": meeting.reference, "quorum": quorum_facts(quorum)}
    record(move.event, clause=move.clause, by=by, subject=meeting, facts=facts, audience="public")
    return meeting


def settle_attendance(meeting: Meeting) -> None:
    """Who is here, or has the Alternate here, has attended; the others can still come until the meeting closes."""
    members = {seat.seat.key: seat.holding for seat in seats_at()}
    for stay in in_the_room(meeting):
        member = members.get(stay.seat)
        if member is not None and stay.holding_id is not None:
            discharge_duties(kind=ATTEND, subject=meeting, holding_id=member.pk)
            discharge_duties(kind=ATTEND, subject=meeting, holding_id=stay.holding_id)


@service
def adjourn_meeting(*, meeting_id: UUID, until: str, by: Actor) -> Meeting:
    """Break off, with or without quorum; the room is cleared and the open item waits (L1.15)."""
    meeting = lock_meeting(meeting_id)
    move = MEETING.move("adjourn", state=meeting.state)
    _require_who_may_end(meeting, by)
    _refuse_while_voting(meeting, "adjourned")
    note_quorum(meeting)
    for item in Item.objects.filter(meeting=meeting, state="open"):
        item.state = ITEM.move("carry_over", state=item.state).target
        item.save()
    _clear_room(meeting)
    Adjournment(meeting=meeting, adjourned_at=clock.now(), until=until).save()
    meeting.state, meeting.adjourned_to = move.target, until
    meeting.save()
    # `until` is in words, so whoever has not come yet owes it by no date until the meeting goes on.
    set_due(kind=ATTEND, subject=meeting, due_at=None)
    facts = {"meeting": meeting.reference, "until": until}
    record(move.event, clause=move.clause, by=by, subject=meeting, facts=facts, audience="public")
    return meeting


@service
def resume_meeting(*, meeting_id: UUID, by: Actor) -> Meeting:
    """Go on after an adjournment, again with a quorum: L1.13 knows no lesser one."""
    meeting = lock_meeting(meeting_id)
    move = MEETING.move("resume", state=meeting.state)
    snapshot = snapshot_of(meeting)
    require_secretariat_or_presiding(by, snapshot)
    quorum = require_quorum(snapshot, "the meeting cannot be resumed")
    for adjournment in meeting.adjournments.filter(resumed_at__isnull=True):
        adjournment.resumed_at = clock.now()
        adjournment.save()
    meeting.state, meeting.adjourned_to = move.target, ""
    meeting.save()
    begin_quorum(meeting)
    settle_attendance(meeting)
    set_due(kind=ATTEND, subject=meeting, due_at=working_days.end_of_day(clock.today()))
    facts = {"meeting": meeting.reference, "quorum": quorum_facts(quorum)}
    record(move.event, clause=move.clause, by=by, subject=meeting, facts=facts, audience="public")
    return meeting


@service
def close_meeting(*, meeting_id: UUID, by: Actor) -> Meeting:
    """End the meeting; what was not reached stays listed, and the minutes are owed (L1.15)."""
    meeting = lock_meeting(meeting_id)
    move = MEETING.move("close", state=meeting.state)
    _require_who_may_end(meeting, by)
    _refuse_while_voting(meeting, "closed")
    if Item.objects.filter(meeting=meeting, state="open").exists():
        raise RuleViolation("Close the open item first, or adjourn.", clause="L1.15")
    note_quorum(meeting)
    _clear_room(meeting)
    meeting.state, meeting.closed_at = move.target, clock.now()
    meeting.save()
    withdraw_duties(kind=ATTEND, subject=meeting)
    for item in meeting.items.all():
        tell_owner(item)
    open_duty(
        kind=ISSUE_MINUTES,
        clause="L1.15",
        title=f"Issue the minutes of meeting {meeting.reference}",
        role=Role.SECRETARIAT,
        subject=meeting,
        due_at=minutes_due(meeting),
        url=f"/meetings/{meeting.pk}/minutes/",
    )
    facts = {"meeting": meeting.reference}
    record(move.event, clause=move.clause, by=by, subject=meeting, facts=facts, audience="public")
    return meeting


def _require_who_may_end(meeting: Meeting, by: Actor) -> None:
    require_secretariat_or_presiding(by, snapshot_of(meeting))


def _refuse_while_voting(meeting: Meeting, what: str) -> None:
    vote = Vote.objects.filter(item__meeting=meeting, state="open").first()
    if vote is not None:
        raise RuleViolation(
            f"The vote {vote.reference} is open. Close or abandon it before the meeting is {what}.",
            clause="L1.13",
        )


def _clear_room(meeting: Meeting) -> None:
    for stay in Attendance.objects.filter(meeting=meeting, left_at__isnull=True):
        stay.left_at = clock.now()
        stay.save()


@service
def open_item(*, item_id: UUID, by: Actor) -> Item:
    """Take an item up, with a quorum for it (L1.13)."""
    item = locked_item(item_id)
    move = ITEM.move("open", state=item.state)
    _require_sitting(item.meeting)
    if not item.is_admitted:
        raise RuleViolation(
            "The item was added after the notice and waits for the Chair's leave. Ask the Chair for it.",
            clause="L1.15",
        )
    if Item.objects.filter(meeting=item.meeting, state="open").exists():
        raise RuleViolation("Another item is open. Close it first.", clause="L1.15")
    snapshot = snapshot_of(item.meeting, item)
    require_secretariat_or_presiding(by, snapshot)
    quorum = require_quorum(snapshot, "the item cannot be opened")
    note_quorum(item.meeting)
    item.state = move.target
    item.opened_at = item.opened_at or clock.now()
    item.save()
    begin_quorum(item.meeting, item)
    _record_item(item, move.event, by, {"quorum": quorum_facts(quorum)})
    return item


@service
def close_item(*, item_id: UUID, by: Actor) -> Item:
    """Finish an item, with a quorum for it: without one everything waits (L1.13)."""
    item = locked_item(item_id)
    move = ITEM.move("close", state=item.state)
    _require_sitting(item.meeting)
    _refuse_while_voting(item.meeting, "moved on")
    snapshot = snapshot_of(item.meeting, item)
    require_secretariat_or_presiding(by, snapshot)
    quorum = require_quorum(snapshot, "the item cannot be closed")
    note_quorum(item.meeting)
    item.state, item.closed_at = move.target, clock.now()
    item.save()
    _record_item(item, move.event, by, {"quorum": quorum_facts(quorum)})
    return item


def _require_sitting(meeting: Meeting) -> None:
    if not meeting.is_sitting:
        raise RuleViolation("The meeting is not sitting. Open or resume it first.", clause="L1.13")


def _record_item(item: Item, event: str, by: Actor, more: dict[str, object]) -> None:
    facts = {"meeting": item.meeting.reference, "number": item.number, "title": item.public_title, **more}
    record(event, clause="L1.13", by=by, subject=item, facts=facts, audience="pma")


def require_clerk(by: Actor) -> None:
    """The Secretariat, or the Chair, keeps the attendance (L1.15)."""
    require(by, Role.SECRETARIAT, Role.PMA_CHAIR, "owner", clause="L1.15")
