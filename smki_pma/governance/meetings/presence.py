"""Attendance in and out over time, per seat (L1.12, L1.13)."""

from datetime import datetime
from uuid import UUID

from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.governance.meetings.apologies import end_apologies_on_arrival
from smki_pma.governance.meetings.models import Attendance, Meeting
from smki_pma.governance.meetings.quorum import Capacity, Quorum
from smki_pma.governance.meetings.room import lock_meeting, note_quorum, quorum_facts
from smki_pma.governance.meetings.sitting import require_clerk, settle_attendance
from smki_pma.governance.membership.alternates import check_employers
from smki_pma.governance.membership.seats import BY_KEY, CHAIR_SEAT
from smki_pma.governance.membership.selectors import SeatAt, seats_at
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import Role


@service
def record_arrival(
    *, meeting_id: UUID, person_id: UUID, by: Actor, capacity: str = "", seat: str = ""
) -> Attendance:
    """Somebody comes in: as member, as Alternate acting for a seat, or in another capacity (L1.12, L1.14).

    With `seat` alone the capacity follows from the register. A member who comes in takes the seat back from
    the Alternate, who stays in the room without it; apologies end.
    """
    require_clerk(by)
    meeting = _meeting_with_room(meeting_id)
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise RuleViolation("This person is not on the register.", clause="L1.15", field="person")
    now = clock.now()
    holding, ended = None, False
    if seat:
        holding, capacity = _entitlement(seat, person)
        _free_seat(meeting, seat, capacity, now)
        if capacity == Capacity.MEMBER:
            ended = end_apologies_on_arrival(meeting, holding, by=by, at=now)
    elif capacity not in (Capacity.INVITEE, Capacity.OBSERVER, Capacity.SECRETARIAT):
        raise RuleViolation("Say for which seat, or in which capacity.", clause="L1.12", field="capacity")
    _end_other_stay(meeting, person, seat, now)
    stay = _stay(meeting, person, Capacity(capacity), now, seat=seat, holding=holding)
    quorum = _settle_room(meeting, now)
    facts = {
        "meeting": meeting.reference,
        "person": person.name,
        "capacity": capacity,
        "seat": seat,
        "apologies_taken_back": ended,
        "quorum": quorum_facts(quorum),
    }
    record("attendance.arrived", clause="L1.13", by=by, subject=stay, facts=facts, audience="pma")
    return stay


@service
def record_departure(
    *, meeting_id: UUID, person_id: UUID, by: Actor, handed_to: UUID | None = None
) -> Attendance:
    """Somebody goes out. handed_to: the Alternate in the room who takes the seat at the same moment (L1.12)."""
    require_clerk(by)
    meeting = _meeting_with_room(meeting_id)
    stay = Attendance.objects.filter(meeting=meeting, person_id=person_id, left_at__isnull=True).first()
    if stay is None:
        raise RuleViolation("This person is not recorded as in the room.", clause="L1.15")
    now = clock.now()
    _end(stay, now)
    if handed_to is not None:
        _hand_over(meeting, stay.seat, handed_to, now)
    quorum = _settle_room(meeting, now)
    facts = {
        "meeting": meeting.reference,
        "person": stay.name,
        "seat": stay.seat,
        "handed_to": handed_to,
        "quorum": quorum_facts(quorum),
    }
    record("attendance.left", clause="L1.13", by=by, subject=stay, facts=facts, audience="pma")
    return stay


def _meeting_with_room(meeting_id: UUID) -> Meeting:
    meeting = lock_meeting(meeting_id)
    if meeting.state not in ("convened", "sitting", "adjourned"):
        raise RuleViolation("Attendance is kept from the notice of the meeting to its end.", clause="L1.15")
    return meeting


def _settle_room(meeting: Meeting, now: datetime) -> Quorum:
    """What follows for quorum, and for the duty to attend once the meeting sits, from who is in the room now."""
    if meeting.is_sitting:
        settle_attendance(meeting)
    return note_quorum(meeting, now)


def _entitlement(key: str, person: Person) -> tuple[Holding, str]:
    """By which office the person acts for the seat now, and in which capacity (L1.12)."""
    if key not in BY_KEY:
        raise RuleViolation("There are seven seats. Choose one of them.", clause="L1.3", field="seat")
    seat = next(s for s in seats_at() if s.seat.key == key)
    if seat.holding is None:
        raise RuleViolation(_why_unheld(seat), clause="L1.3", field="seat")
    if seat.holding.person_id == person.pk:
        return seat.holding, Capacity.MEMBER
    for alternate in seat.alternates:
        if alternate.person_id == person.pk:
            if alternate.role is not Role.SMKI_SPECIALIST:
                check_employers(seat.holding, person)
            return alternate, Capacity.ALTERNATE
    raise RuleViolation(
        f"{person.name} is neither the {seat.seat.title} nor that member's Alternate.",
        clause="L1.12",
        field="seat",
    )


def _why_unheld(seat: SeatAt) -> str:
    if seat.awaiting is not None:
        return (
            f"{seat.awaiting.person.name} awaits Member Confirmation (C6.9): the term does not count, "
            "and nobody acts for this seat."
        )
    return f"The seat of the {seat.seat.title} is vacant: nobody acts for it."


def _free_seat(meeting: Meeting, seat: str, capacity: str, now: datetime) -> None:
    """The member takes the seat back from the Alternate; an Alternate never takes it from the member (L1.12)."""
    taken = Attendance.objects.filter(meeting=meeting, seat=seat, left_at__isnull=True).first()
    if taken is None:
        return
    if capacity != Capacity.MEMBER or taken.capacity == Capacity.MEMBER:
        raise RuleViolation(
            f"{taken.name} acts for this seat now. An Alternate acts only while the member is away.",
            clause="L1.12",
            field="seat",
        )
    _end(taken, now)
    stays_as = Capacity.INVITEE if seat == CHAIR_SEAT else Capacity.OBSERVER
    _stay(meeting, taken.person, stays_as, now)


def _end_other_stay(meeting: Meeting, person: Person, seat: str, now: datetime) -> None:
    """Somebody in the room without a seat may take one; nobody acts for two (L1.12)."""
    other = Attendance.objects.filter(meeting=meeting, person=person, left_at__isnull=True).first()
    if other is None:
        return
    if other.seat or not seat:
        raise RuleViolation(
            f"{person.name} is recorded as in the room already. Nobody acts for two seats.", clause="L1.12"
        )
    _end(other, now)


def _hand_over(meeting: Meeting, seat: str, person_id: UUID, now: datetime) -> None:
    person = Person.objects.get(pk=person_id)
    holding, capacity = _entitlement(seat, person)
    _end_other_stay(meeting, person, seat, now)
    _stay(meeting, person, Capacity(capacity), now, seat=seat, holding=holding)


def _end(stay: Attendance, now: datetime) -> None:
    stay.left_at = now
    stay.save()


def _stay(
    meeting: Meeting,
    person: Person,
    capacity: Capacity,
    now: datetime,
    *,
    seat: str = "",
    holding: Holding | None = None,
) -> Attendance:
    stay = Attendance(
        meeting=meeting,
        person=person,
        name=person.name,
        capacity=capacity.value,
        seat=seat,
        holding=holding,
        arrived_at=now,
    )
    stay.save()
    return stay
