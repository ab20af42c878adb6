"""Apologies: a member says before or during a meeting that he or she cannot attend, so the Alternate acts (L1.12)."""

from datetime import datetime
from uuid import UUID

from smki_pma.calendar import clock, working_days
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.acts import open_duty, withdraw_duties
from smki_pma.governance.meetings.convening import ATTEND
from smki_pma.governance.meetings.models import Apology, Attendance, Meeting
from smki_pma.governance.meetings.room import lock_meeting
from smki_pma.governance.meetings.selectors import alternates_in_absence
from smki_pma.governance.membership.seats import BY_KEY
from smki_pma.governance.membership.selectors import SeatAt, seats_at
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.notices.acts import send_notice
from smki_pma.parties.authority import require
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import PMA_MEMBERS, Role

OPEN_TO_APOLOGIES = ("convened", "sitting", "adjourned")


@service
def send_apologies(*, meeting_id: UUID, seat: str, by: Actor) -> Apology:
    """A member, or the Secretariat for one, says that the member cannot attend: the Alternate acts (L1.12).

    Without an Alternate the seat is simply absent.
    """
    meeting = _lock_open_meeting(meeting_id)
    absent, member = _seat_for(seat, by)
    standing = _standing(meeting, member)
    if standing is not None:
        return unchanged(standing)
    present = Attendance.objects.filter(meeting=meeting, person_id=member.person_id, left_at__isnull=True)
    if present.exists():
        raise RuleViolation(
            f"{member.person.name} is recorded as present. Record the departure first.", clause="L1.12"
        )
    apology = Apology(
        meeting=meeting,
        holding=member,
        seat=seat,
        name=member.person.name,
        sent_at=clock.now(),
        sent_by=by.name,
    )
    apology.save()
    alternates = alternates_in_absence(absent)
    _hand_duty(meeting, absent, alternates)
    _tell_of_sending(meeting, absent, alternates, by)
    facts = _facts(apology) | {"alternates": [h.person.name for h in alternates]}
    record("apologies.sent", clause="L1.12", by=by, subject=apology, facts=facts, audience="pma")
    return apology


@service
def take_back_apologies(*, meeting_id: UUID, seat: str, by: Actor) -> Apology:
    """The member attends after all, so the Alternate no longer acts by these apologies (L1.12)."""
    meeting = _lock_open_meeting(meeting_id)
    absent, member = _seat_for(seat, by)
    apology = _standing(meeting, member)
    if apology is None:
        raise RuleViolation("There are no apologies to take back for this seat.", clause="L1.12")
    _take_back(apology, absent, by, clock.now())
    if meeting.state == "convened":
        _owe_attendance(meeting, member, f"Attend meeting {meeting.reference}, or send your Alternate")
    record(
        "apologies.taken_back",
        clause="L1.12",
        by=by,
        subject=apology,
        facts=_facts(apology),
        audience="pma",
    )
    return apology


def end_apologies_on_arrival(meeting: Meeting, member: Holding, *, by: Actor, at: datetime) -> bool:
    """A member who comes in takes the apologies back, as part of the arrival; whether there were any (L1.12)."""
    apology = _standing(meeting, member)
    if apology is None:
        return False
    absent = next(s for s in seats_at(at) if s.seat.key == apology.seat)
    _take_back(apology, absent, by, at)
    return True


def _take_back(apology: Apology, absent: SeatAt, by: Actor, at: datetime) -> None:
    apology.taken_back_at, apology.taken_back_by = at, by.name
    apology.save()
    for alternate in absent.alternates:
        withdraw_duties(kind=ATTEND, subject=apology.meeting, holding_id=alternate.pk)
    title, reference = absent.seat.title, apology.meeting.reference
    _notify(
        apology.meeting,
        f"You no longer act for the {title} at meeting {reference}",
        f"The apologies of {apology.name} are taken back.",
        [h.person for h in alternates_in_absence(absent)],
    )


def _lock_open_meeting(meeting_id: UUID) -> Meeting:
    meeting = lock_meeting(meeting_id)
    if meeting.state not in OPEN_TO_APOLOGIES:
        raise RuleViolation(
            "Apologies are sent and taken back from the notice of the meeting to its end.", clause="L1.12"
        )
    return meeting


def _seat_for(key: str, by: Actor) -> tuple[SeatAt, Holding]:
    """The seat with the office of its member, for that member or the Secretariat alone (L1.12)."""
    own = require(by, *PMA_MEMBERS, Role.SECRETARIAT, clause="L1.12")
    if key not in BY_KEY:
        raise RuleViolation("There are seven seats. Choose one of them.", clause="L1.3", field="seat")
    seat = next(s for s in seats_at() if s.seat.key == key)
    if by.role != Role.SECRETARIAT and (own is None or seat.holding is None or seat.holding.pk != own.pk):
        raise NotEntitled(
            "Apologies are sent by the member, or by the Secretariat for the member.", clause="L1.12"
        )
    if seat.holding is None:
        raise RuleViolation("Nobody holds this seat, so nobody sends apologies for it.", clause="L1.12")
    return seat, seat.holding


def _standing(meeting: Meeting, member: Holding) -> Apology | None:
    return Apology.objects.filter(meeting=meeting, holding=member, taken_back_at__isnull=True).first()


def _facts(apology: Apology) -> dict[str, object]:
    return {"meeting": apology.meeting.reference, "seat": apology.seat, "member": apology.name}


def _hand_duty(meeting: Meeting, absent: SeatAt, alternates: tuple[Holding, ...]) -> None:
    """Attending is the Alternate's duty now; once the meeting has been opened, nobody is asked anew."""
    if absent.holding is not None:
        withdraw_duties(kind=ATTEND, subject=meeting, holding_id=absent.holding.pk)
    if meeting.state == "convened":
        for alternate in alternates:
            _owe_attendance(
                meeting, alternate, f"Attend meeting {meeting.reference} for the {absent.seat.title}"
            )


def _owe_attendance(meeting: Meeting, holding: Holding, title: str) -> None:
    open_duty(
        kind=ATTEND,
        clause="L1.15",
        title=title,
        holding_id=holding.pk,
        subject=meeting,
        due_at=working_days.end_of_day(clock.london_date(meeting.starts_at)),
        url=_address(meeting),
    )


def _tell_of_sending(meeting: Meeting, absent: SeatAt, alternates: tuple[Holding, ...], by: Actor) -> None:
    """The Alternate learns that he or she acts; the member, that the Secretariat has recorded it."""
    if absent.holding is None:
        return
    member = absent.holding.person
    _notify(
        meeting,
        f"You act for the {absent.seat.title} at meeting {meeting.reference}",
        f"{member.name} has sent apologies. Until the meeting is over, or the apologies are taken back, you read "
        "what the member reads. You vote only while you are recorded as present in the seat.",
        [h.person for h in alternates],
    )
    if by.person_id != member.pk:
        _notify(
            meeting,
            f"Your apologies for meeting {meeting.reference} are recorded",
            f"{by.name} has recorded that you cannot attend. Take the apologies back if that is wrong.",
            [member],
        )


def _notify(meeting: Meeting, subject: str, body: str, people: list[Person]) -> None:
    if people:
        send_notice(clause="L1.12", subject=subject, body=body, people=people, url=_address(meeting))


def _address(meeting: Meeting) -> str:
    return f"/meetings/{meeting.pk}/"
