"""Before a meeting: calling it, its agenda, notice and invitations (L1.14, L1.15)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from smki_pma.calendar import clock, working_days
from smki_pma.clauses import RuleViolation
from smki_pma.duties.acts import open_duty, set_due, withdraw_duties
from smki_pma.governance.meetings import rules
from smki_pma.governance.meetings.listing import tell_owner
from smki_pma.governance.meetings.models import (
    Invitation,
    InvitationKind,
    Item,
    Meeting,
    MeetingKind,
    Purpose,
)
from smki_pma.governance.meetings.room import PRESIDERS, lock_meeting, locked_item, require_chair_or_alternate
from smki_pma.governance.meetings.states import ITEM, MEETING
from smki_pma.governance.membership.selectors import SeatAt, seats_at
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.notices.acts import send_notice
from smki_pma.parties.authority import require
from smki_pma.parties.models import Office, Person
from smki_pma.parties.roles import DCC_STAFF, Role
from smki_pma.parties.selectors import people_holding
from smki_pma.rules_in_force.selectors import figure

ATTEND = "meetings.attend"
ISSUE_MINUTES = "meetings.issue_minutes"
ONLY_THE_CHAIR_CALLS = "Only the Chair or the Chair's Alternate calls a meeting for L2.14."


@service
def call_meeting(*, starts_at: datetime, place: str, by: Actor, kind: str = MeetingKind.ORDINARY) -> Meeting:
    """Make a meeting in draft, to be given an agenda and then convened (L1.15)."""
    if kind == MeetingKind.EMERGENCY:
        require_chair_or_alternate(by, ONLY_THE_CHAIR_CALLS, clause="L2.14")
    else:
        require(by, Role.SECRETARIAT, Role.PMA_CHAIR, "owner", clause="L1.15")
    if not place.strip():
        raise RuleViolation("Say where the meeting is held.", clause="L1.15", field="place")
    # The office that convenes, so that two meetings never take one number.
    Office.objects.select_for_update(no_key=True).get(key="secretariat")
    year = clock.london_date(starts_at).year
    last = Meeting.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0
    meeting = Meeting(year=year, number=last + 1, kind=kind, starts_at=starts_at, place=place)
    meeting.save()
    facts = {"meeting": meeting.reference, "kind": kind, "starts_at": starts_at, "place": place}
    record("meeting.called", clause="L1.15", by=by, subject=meeting, facts=facts, audience="pma")
    return meeting


@service
def add_item(
    *,
    meeting_id: UUID,
    public_title: str,
    purpose: str,
    by: Actor,
    title: str = "",
    confidential: bool = False,
    subject_model: str = "",
    subject_id: UUID | None = None,
) -> Item:
    """Put an item on the agenda; after the notice it is late and needs the Chair's leave (house rule on C5)."""
    meeting = lock_meeting(meeting_id)
    if meeting.is_emergency and by.role in PRESIDERS:
        require_chair_or_alternate(by, ONLY_THE_CHAIR_CALLS, clause="L2.14")
    else:
        require(by, Role.SECRETARIAT, Role.PMA_CHAIR, "owner", clause="L1.15")
    if meeting.is_over:
        raise RuleViolation(
            "The meeting is over. Put the item on the agenda of the next one.", clause="L1.15"
        )
    rules.check_item_titles(public_title, title, confidential=confidential)
    if purpose not in Purpose.values:
        raise RuleViolation("Choose the purpose of the item.", clause="L1.15", field="purpose")
    number = (Item.objects.filter(meeting=meeting).aggregate(last=Max("number"))["last"] or 0) + 1
    item = Item(
        meeting=meeting,
        number=number,
        public_title=public_title,
        title=title,
        purpose=purpose,
        confidential=confidential,
        subject_model=subject_model,
        subject_id=subject_id,
        late=meeting.state != "draft",
    )
    if item.late and by.role == Role.PMA_CHAIR:
        item.leave_at, item.leave_ground, item.leave_by = clock.now(), "The Chair added it.", by.name
    item.save()
    tell_owner(item)
    facts = {"meeting": meeting.reference, "number": number, "title": public_title, "purpose": purpose}
    facts |= {"late": item.late, "leave_by": item.leave_by}
    record("item.added", clause="L1.15", by=by, subject=item, facts=facts, audience="pma")
    return item


@service
def admit_item(*, item_id: UUID, ground: str, by: Actor) -> Item:
    """The Chair, or the Chair's Alternate, lets a late item onto the agenda, on record (house rule on C5)."""
    require_chair_or_alternate(by, "Only the Chair or the Chair's Alternate gives leave.", clause="L1.15")
    item = locked_item(item_id)
    if item.is_admitted:
        raise RuleViolation("This item needs no leave, or has it already.", clause="L1.15")
    if item.state != "listed" or item.meeting.is_over:
        raise RuleViolation("The item is over: leave comes too late.", clause="L1.15")
    if not ground.strip():
        raise RuleViolation("Say why the late item is let in.", clause="L1.15", field="reason")
    item.leave_at, item.leave_ground, item.leave_by = clock.now(), ground, by.name
    item.save()
    facts = {"meeting": item.meeting.reference, "number": item.number, "title": item.public_title}
    record("item.admitted", clause="L1.15", by=by, subject=item, facts=facts, audience="pma")
    return item


@service
def withdraw_item(*, item_id: UUID, by: Actor) -> Item:
    """Take an item off the agenda before it is opened (L1.15)."""
    require(by, Role.SECRETARIAT, Role.PMA_CHAIR, clause="L1.15")
    item = locked_item(item_id)
    move = ITEM.move("withdraw", state=item.state)
    if item.votes.filter(state="proposed").exists():
        raise RuleViolation("Withdraw the proposed question first.", clause="L1.15")
    item.state = move.target
    item.save()
    tell_owner(item)
    facts = {"meeting": item.meeting.reference, "number": item.number}
    record(move.event, clause=move.clause, by=by, subject=item, facts=facts, audience="pma")
    return item


@service
def convene(
    *,
    meeting_id: UUID,
    by: Actor,
    dcc_representative_id: UUID | None,
    others: Collection[tuple[str, str, str]] = (),
    short_notice_ground: str = "",
    agreed: Collection[str] = (),
) -> Meeting:
    """Give notice with agenda and papers, and invite everybody whom the Code names (L1.14, L1.15).

    others: (name, capacity, e-mail address or "") of further people invited, for instance the representatives
    of the Secretary of State and the Authority. agreed: seats whose members agree to shorter notice.
    """
    meeting = lock_meeting(meeting_id)
    if meeting.is_emergency:
        require_chair_or_alternate(by, ONLY_THE_CHAIR_CALLS, clause="L2.14")
    else:
        require(by, Role.SECRETARIAT, "owner", clause="L1.15")
    move = MEETING.move("convene", state=meeting.state)
    agenda = [str(item) for item in Item.objects.filter(meeting=meeting, state="listed")]
    rules.check_agenda(len(agenda))
    seats = seats_at()
    _give_notice(meeting, seats, short_notice_ground, agreed)
    meeting.state = move.target
    meeting.save()
    _invite(meeting, seats, dcc_representative_id, others)
    _tell(meeting, agenda)
    _ask_to_attend(meeting, seats)
    _set_minutes_due()
    facts = {
        "meeting": meeting.reference,
        "starts_at": meeting.starts_at,
        "place": meeting.place,
        "notice_working_days": meeting.notice_days,
        "short_notice": bool(meeting.short_notice_agreed),
        "agreed": meeting.short_notice_agreed,
        "agenda": agenda,
    }
    record(move.event, clause=move.clause, by=by, subject=meeting, facts=facts, audience="public")
    return meeting


def _give_notice(meeting: Meeting, seats: tuple[SeatAt, ...], ground: str, agreed: Collection[str]) -> None:
    """The notice that is given now, and whether it is short (house rule on C5)."""
    days = figure("meetings.notice_working_days")
    in_office = frozenset(s.seat.key for s in seats if s.holding is not None)
    notice = rules.Notice(
        given_on=clock.today(),
        meets_on=clock.london_date(meeting.starts_at),
        days=days,
        ground=ground,
        agreed=frozenset(agreed) & in_office,
        in_office=in_office,
        is_emergency=meeting.is_emergency,
    )
    meeting.convened_at, meeting.notice_days = clock.now(), days
    if rules.check_notice(notice, working_days.add_working_days):
        meeting.short_notice_ground = ground
        meeting.short_notice_agreed = sorted(notice.agreed)


def _invite(
    meeting: Meeting,
    seats: tuple[SeatAt, ...],
    dcc_representative_id: UUID | None,
    others: Collection[tuple[str, str, str]],
) -> None:
    """Rows for members, Alternates, the Specialist, DCC's representative and whoever else is invited (L1.14)."""
    specialists = people_holding(Role.SMKI_SPECIALIST)
    dcc = [p for p in people_holding(*DCC_STAFF) if p.pk == dcc_representative_id]
    rules.check_standing_invitees(
        specialist_in_office=bool(specialists), specialist=bool(specialists), dcc=bool(dcc)
    )
    invited: list[tuple[str, Person, str]] = []
    for seat in seats:
        if seat.holding is not None:
            invited.append((InvitationKind.MEMBER, seat.holding.person, seat.seat.title))
        named = [h for h in seat.alternates if h.role is Role.ALTERNATE]
        invited += [(InvitationKind.ALTERNATE, h.person, f"for the {seat.seat.title}") for h in named]
    invited += [(InvitationKind.SPECIALIST, person, "") for person in specialists]
    invited += [(InvitationKind.DCC, person, "") for person in dcc]
    at = clock.now()
    for kind, person, capacity in invited:
        Invitation(
            meeting=meeting, kind=kind, person=person, name=person.name, capacity=capacity, invited_at=at
        ).save()
    for name, capacity, address in others:
        Invitation(
            meeting=meeting,
            kind=InvitationKind.OTHER,
            name=name,
            capacity=capacity,
            address=address,
            invited_at=at,
        ).save()


def _told(meeting: Meeting) -> list[Person]:
    """Those invited and the officers of the Parties: who hears of the meeting hears that it is cancelled."""
    invited = Person.objects.filter(invitations__meeting=meeting).distinct()
    return [*invited, *people_holding(Role.PARTY_OFFICER)]


def _addresses(meeting: Meeting) -> list[str]:
    """Where those invited who have no account are told, if they gave an address."""
    invited = Invitation.objects.filter(meeting=meeting).exclude(address="")
    return list(invited.values_list("address", flat=True))


def _tell(meeting: Meeting, agenda: list[str]) -> None:
    """Notice to those invited and to the Parties, with public titles alone (L1.15, L9.12)."""
    items = "\n".join(agenda)
    when = meeting.starts_at.astimezone(clock.LONDON)
    send_notice(
        clause="L1.15",
        subject=f"Notice of meeting {meeting.reference}",
        body=f"The SMKI PMA meets on {when:%-d %B %Y} at {when:%-H:%M}, {meeting.place}.\n\nAgenda\n{items}",
        people=_told(meeting),
        addresses=_addresses(meeting),
        url=f"/meetings/{meeting.pk}/",
    )


def _ask_to_attend(meeting: Meeting, seats: tuple[SeatAt, ...]) -> None:
    for seat in seats:
        if seat.holding is not None:
            open_duty(
                kind=ATTEND,
                clause="L1.15",
                title=f"Attend meeting {meeting.reference}, or send your Alternate",
                holding_id=seat.holding.pk,
                subject=meeting,
                due_at=working_days.end_of_day(clock.london_date(meeting.starts_at)),
                url=f"/meetings/{meeting.pk}/",
            )


def minutes_due(meeting: Meeting) -> datetime:
    """At or before the next meeting; while none is convened, on the last day for one (house rule on C5)."""
    later = Meeting.objects.filter(kind=MeetingKind.ORDINARY, starts_at__gt=meeting.starts_at)
    following = later.exclude(state__in=["draft", "cancelled"]).order_by("starts_at").first()
    if following is not None:
        return following.starts_at
    last = clock.months_later(meeting.starts_at, figure("meetings.most_months_between"))
    return working_days.end_of_day(clock.london_date(last))


def _set_minutes_due() -> None:
    """The next meeting is another: minutes that are not issued yet are due before it."""
    for meeting in Meeting.objects.filter(state="closed").exclude(minutes__state__in=["issued", "confirmed"]):
        set_due(kind=ISSUE_MINUTES, subject=meeting, due_at=minutes_due(meeting))


@service
def cancel_meeting(*, meeting_id: UUID, reason: str, by: Actor) -> Meeting:
    """Call a meeting off before it sits (L1.15)."""
    require(by, Role.SECRETARIAT, Role.PMA_CHAIR, clause="L1.15")
    meeting = lock_meeting(meeting_id)
    move = MEETING.move("cancel", state=meeting.state)
    if not reason.strip():
        raise RuleViolation("Say why the meeting is cancelled.", clause="L1.15", field="reason")
    was_convened = meeting.state == "convened"
    meeting.state, meeting.cancelled_reason = move.target, reason
    meeting.save()
    for item in meeting.items.all():
        tell_owner(item)
    withdraw_duties(kind=ATTEND, subject=meeting)
    _set_minutes_due()
    if was_convened:
        send_notice(
            clause="L1.15",
            subject=f"Meeting {meeting.reference} is cancelled",
            body=reason,
            people=_told(meeting),
            addresses=_addresses(meeting),
            url=f"/meetings/{meeting.pk}/",
        )
    facts = {"meeting": meeting.reference, "reason": reason}
    record(move.event, clause=move.clause, by=by, subject=meeting, facts=facts, audience="public")
    return meeting
