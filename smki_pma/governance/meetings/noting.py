"""Notes on items, and the minutes drafted from the record (C5)."""

from uuid import UUID

from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.duties.acts import discharge_duties
from smki_pma.governance.meetings.convening import ISSUE_MINUTES
from smki_pma.governance.meetings.documents import request_minutes
from smki_pma.governance.meetings.minutes_text import draft_minutes
from smki_pma.governance.meetings.models import Item, Meeting, MeetingKind, Minutes, Note
from smki_pma.governance.meetings.room import (
    lock_meeting,
    locked_item,
    require_presiding,
    require_quorum,
    snapshot_of,
)
from smki_pma.governance.meetings.states import MINUTES
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.notices.acts import send_notice
from smki_pma.parties.authority import require
from smki_pma.parties.roles import PMA_READERS, Role
from smki_pma.parties.selectors import people_holding


@service
def write_note(*, item_id: UUID, public_text: str, confidential_text: str, by: Actor) -> Note:
    """The Secretariat notes what was said on an item, until the minutes are issued (C5)."""
    require(by, Role.SECRETARIAT, clause="L1.15")
    item = locked_item(item_id)
    if Minutes.objects.filter(meeting=item.meeting).exclude(state="draft").exists():
        raise RuleViolation("The minutes are issued: notes can no longer change.", clause="L1.15")
    note = Note.objects.filter(item=item).first() or Note(item=item)
    note.public_text, note.confidential_text = public_text, confidential_text
    note.written_at = clock.now()
    note.save()
    facts = {"meeting": item.meeting.reference, "item": item.number}
    record("note.written", clause="L1.15", by=by, subject=note, facts=facts, audience="pma")
    return note


def note_where_listed(subject_model: str, subject_id: UUID, public_text: str) -> list[str]:
    """Lock the meetings on whose agenda a subject stands and add a sentence to the public note of its items.

    Part of the calling act. Returns the items, each as "PMA-2026-07, item 3".
    """
    about = Item.objects.filter(subject_model=subject_model, subject_id=subject_id)
    standing = about.filter(
        state__in=["listed", "open"], meeting__state__in=["draft", "convened", "sitting", "adjourned"]
    )
    for meeting_id in sorted(set(standing.values_list("meeting_id", flat=True))):
        lock_meeting(meeting_id)
    noted = []
    for item in standing.select_related("meeting").order_by("meeting__starts_at", "number"):
        note = Note.objects.filter(item=item).first() or Note(item=item)
        note.public_text = f"{note.public_text}\n\n{public_text}".strip()
        note.written_at = clock.now()
        note.save()
        noted.append(f"{item.meeting.reference}, item {item.number}")
    return noted


@service
def issue_minutes(*, meeting_id: UUID, by: Actor) -> Minutes:
    """Issue the minutes as they follow from the record: one text for everybody, one for the PMA's readers (C5)."""
    require(by, Role.SECRETARIAT, clause="L1.15")
    meeting = lock_meeting(meeting_id)
    if meeting.state != "closed":
        raise RuleViolation("Minutes are issued after the meeting is closed.", clause="L1.15")
    minutes = Minutes.objects.filter(meeting=meeting).first() or Minutes(meeting=meeting)
    move = MINUTES.move("issue", state=minutes.state)
    minutes.public_text = draft_minutes(meeting, confidential=False)
    minutes.full_text = draft_minutes(meeting, confidential=True)
    minutes.state, minutes.issued_at = move.target, clock.now()
    minutes.save()
    request_minutes(minutes)
    discharge_duties(kind=ISSUE_MINUTES, subject=meeting)
    send_notice(
        clause="L1.15",
        subject=f"Minutes of meeting {meeting.reference}",
        body="The minutes are issued. They are confirmed at the next meeting and can be disputed there.",
        people=people_holding(*PMA_READERS),
        url=f"/meetings/{meeting.pk}/minutes/",
    )
    facts = {"meeting": meeting.reference}
    record(
        move.event,
        clause=move.clause,
        by=by,
        subject=minutes,
        facts=facts,
        audience="public",
        checkpoint=True,
    )
    return minutes


def sitting_after(meeting: Meeting) -> Meeting | None:
    """The later meeting that sits now, which can confirm the minutes of this one; none for L2.14 alone (C5)."""
    if meeting.opened_at is None:
        return None  # it was never opened, so there are no minutes to confirm
    sitting = Meeting.objects.filter(state="sitting", opened_at__gt=meeting.opened_at)
    return sitting.exclude(kind=MeetingKind.EMERGENCY).order_by("opened_at").first()


@service
def confirm_minutes(*, meeting_id: UUID, by: Actor, dispute: str = "") -> Minutes:
    """At a later meeting, with a quorum, who presides records that the minutes are confirmed (C5).

    dispute: what a member disputes. It stands beside the minutes; their signed text does not change.
    """
    meeting = lock_meeting(meeting_id)
    minutes = Minutes.objects.select_for_update().filter(meeting=meeting).first()
    move = MINUTES.move("confirm", state="draft" if minutes is None else minutes.state)
    now = sitting_after(meeting)
    if minutes is None or now is None:
        raise RuleViolation(
            "Minutes are confirmed at a later meeting, while it sits. Open that meeting first.",
            clause="L1.15",
        )
    snapshot = snapshot_of(lock_meeting(now.pk))
    require_presiding(by, snapshot)
    require_quorum(snapshot, "the minutes cannot be confirmed")
    minutes.state, minutes.confirmed_at, minutes.dispute = move.target, clock.now(), dispute.strip()
    minutes.confirmed_in, minutes.confirmed_by = now, by.name
    minutes.save()
    facts = {"meeting": meeting.reference, "confirmed_in": now.reference, "disputed": bool(minutes.dispute)}
    record(move.event, clause=move.clause, by=by, subject=minutes, facts=facts, audience="public")
    return minutes
