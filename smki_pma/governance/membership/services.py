"""Appointments, Member Confirmations, ends of terms. Alternates are in `alternates.py`."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from smki_pma.calendar import clock, working_days
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.acts import discharge_duties, open_duty, withdraw_duties
from smki_pma.governance.membership import rules
from smki_pma.governance.membership.alternates import (
    appoint_alternate,
    end_alternates_of,
    withdraw_alternate,
)
from smki_pma.governance.membership.models import Appointment, MemberConfirmation
from smki_pma.governance.membership.seats import Seat, SeatKind
from smki_pma.governance.membership.selectors import seat_holdings_overlapping
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.notices.acts import send_notice
from smki_pma.parties.authority import require
from smki_pma.parties.models import Holding, Office, Person
from smki_pma.parties.roles import PMA_MEMBERS, Role
from smki_pma.rules_in_force.selectors import figure

__all__ = [
    "appoint_alternate",
    "confirm_member",
    "end_term",
    "record_appointment",
    "withdraw_alternate",
]

CONFIRM = "membership.confirm"
RECORDERS = (Role.SECRETARIAT, Role.PANEL_OFFICER, "owner")


def _lock_seats() -> dict[str, Office]:
    """All seven offices, so that two appointments never pass each other."""
    offices = Office.objects.select_for_update().exclude(seat_kind="").order_by("pk")
    return {office.key: office for office in offices}


@service
def record_appointment(
    *,
    seat: str,
    person_id: UUID,
    starts_on: date,
    decided_on: date,
    decision: str,
    by: Actor,
    finding: str = "",
    remuneration: str = "",
    holdover_days: int | None = None,
    notice_on: date | None = None,
) -> Holding:
    """Record who was appointed, elected or nominated to one of the seven offices (L1.5, L1.6, L1.8, L1.10)."""
    require(by, *RECORDERS, clause="L1.3")
    chosen = rules.check_seat(seat)
    _check_grounds(chosen, decision, starts_on, finding, remuneration, holdover_days, notice_on)
    office = _lock_seats()[seat]
    term_end = rules.compute_term_end(chosen, starts_on)
    end = _end_of_holding(chosen, term_end, holdover_days)
    holding = _hold(chosen, office, _natural_person(person_id), starts_on, term_end, end, decision)
    Appointment(
        holding=holding,
        decided_on=decided_on,
        starts_on=starts_on,
        decision=decision,
        finding=finding,
        remuneration=remuneration,
        holdover_days=holdover_days,
        notice_on=notice_on,
        recorded_at=clock.now(),
    ).save()
    _ask_for_confirmation(holding)
    facts = {
        "seat": seat,
        "person": holding.person.name,
        "starts_on": starts_on,
        "term_ends_on": term_end,
        "decision": decision,
        "decided_on": decided_on,
        "independence_found": bool(finding),
    }
    record(
        "member.appointed", clause=chosen.clause.id, by=by, subject=holding, facts=facts, audience="public"
    )
    return holding


def _hold(
    seat: Seat,
    office: Office,
    person: Person,
    starts_on: date,
    term_end: date | None,
    ends_at: datetime | None,
    decision: str,
) -> Holding:
    """The holding of the seat, where there is room for it (L1.3, L1.4)."""
    starts_at = _start_of_term(seat, working_days.start_of_day(starts_on))
    replaced = _replaced_by(seat, person, starts_at)
    _check_terms(seat, person, starts_at, ends_at, beside=replaced)
    holding = Holding(
        office=office,
        person=person,
        starts_at=starts_at,
        term_ends_at=None if term_end is None else working_days.start_of_day(term_end),
        ends_at=ends_at,
        appointed_by=seat.appointed_by,
        ground=decision,
        is_single=replaced is None,
        is_seat=True,
    )
    holding.save()
    return holding


def _check_grounds(
    seat: Seat,
    decision: str,
    starts_on: date,
    finding: str,
    remuneration: str,
    holdover_days: int | None,
    notice_on: date | None,
) -> None:
    """Each kind of seat has its own ground (L1.5, L1.10)."""
    if not decision.strip():
        raise RuleViolation(
            "Say by which decision, election or notice.", clause=seat.clause.id, field="decision"
        )
    if seat.kind is SeatKind.CHAIR:
        rules.check_chair_independence(finding)
        if not remuneration.strip():
            raise RuleViolation(
                "Record that the Chair is remunerated at a reasonable rate, and by which decision.",
                clause="L1.5(c)",
                field="remuneration",
            )
        rules.check_holdover(holdover_days or 0, figure("membership.chair_holdover_days"))
    if seat.kind is SeatKind.REPRESENTATIVE:
        if notice_on is None:
            raise RuleViolation(
                "Give the date of the Sub-Committee's notice.", clause="L1.10", field="notice_on"
            )
        rules.check_prior_notice(notice_on, starts_on)


def _natural_person(person_id: UUID) -> Person:
    """People are individuals: bodies corporate are Organisations and cannot be chosen (L1.4)."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise RuleViolation(
            "Choose a person who is on the register of people. A member is an individual, never an organisation.",
            clause="L1.4",
            field="person",
        )
    return person


def _end_of_holding(seat: Seat, term_end: date | None, holdover_days: int | None) -> datetime | None:
    if term_end is None:
        return None
    if seat.kind is SeatKind.CHAIR:
        term_end = rules.compute_holdover_end(term_end, holdover_days or 0)
    return working_days.start_of_day(term_end)


def _start_of_term(seat: Seat, starts_at: datetime) -> datetime:
    """When the new term can start, beside the one that runs.

    A Chair who stays on leaves only when the successor takes office, which needs the Member Confirmation:
    until then the successor waits (L1.5(e)).
    """
    held = _latest(seat, starts_at)
    if held is None or seat.kind is not SeatKind.CHAIR:
        return starts_at
    stays_on = held.term_ends_at is not None and held.term_ends_at <= starts_at
    return held.ends_at if stays_on and held.ends_at is not None else starts_at


def _replaced_by(seat: Seat, person: Person, starts_at: datetime) -> Holding | None:
    """The representative in office, who stays until the replacement's Member Confirmation is in (L1.10, C6.9).

    An earlier replacement that still waits is withdrawn, as if it had never begun: the Sub-Committee has named
    another.
    """
    if seat.kind is not SeatKind.REPRESENTATIVE:
        return None
    for waiting in _waiting(seat):
        waiting.ends_at = waiting.starts_at
        waiting.ended_reason = rules.GROUNDS_OF_END["replaced"]
        waiting.save()
        withdraw_duties(kind=CONFIRM, subject=waiting)
    held = _latest(seat, starts_at)
    return None if held is None or held.person_id == person.pk else held


def _waiting(seat: Seat) -> QuerySet[Holding]:
    return Holding.objects.filter(office__key=seat.key, is_seat=True, is_single=False, ends_at__isnull=True)


def _latest(seat: Seat, starts_at: datetime) -> Holding | None:
    """The last holding of the seat that began before the moment, if it lasts until then."""
    began = Holding.objects.filter(office__key=seat.key, is_single=True, starts_at__lt=starts_at)
    return _lasting(began, starts_at).order_by("-starts_at").first()


def _lasting(holdings: QuerySet[Holding], moment: datetime) -> QuerySet[Holding]:
    return holdings.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment))


def _check_terms(
    seat: Seat, person: Person, starts_at: datetime, ends_at: datetime | None, *, beside: Holding | None
) -> None:
    """beside: the holding that ends when this one is confirmed."""
    new = _term(seat.key, person.pk, starts_at, ends_at)
    existing = [h for h in seat_holdings_overlapping(starts_at, ends_at) if h != beside]
    rules.check_terms(new, [_term(h.office.key, h.person_id, h.starts_at, h.ends_at) for h in existing])


def _term(seat: str, person_id: UUID, starts_at: datetime, ends_at: datetime | None) -> rules.Term:
    return rules.Term(seat=seat, person_id=person_id, starts_at=starts_at, ends_at=ends_at)


def _ask_for_confirmation(holding: Holding) -> None:
    open_duty(
        kind=CONFIRM,
        clause="C6.9",
        title=f"Record the Member Confirmation of {holding.person.name}, {holding.office.title}",
        role=Role.SECRETARIAT,
        subject=holding,
        due_at=holding.starts_at,
        url=f"/members/holdings/{holding.pk}/confirmation/",
    )
    send_notice(
        clause="C6.9",
        subject=f"Your appointment as {holding.office.title}",
        body="Please give the Secretariat your written Member Confirmation and your employer's letter. "
        "Until they are in, your term does not count: you cannot vote and cannot read confidential papers.",
        people=[holding.person],
        url="/members/",
    )


@service
def confirm_member(*, holding_id: UUID, given_on: date, employer_letter: str, by: Actor) -> Holding:
    """Record the written Member Confirmation, from which on the term counts (C6.9)."""
    require(by, Role.SECRETARIAT, "owner", clause="C6.9")
    _lock_seats()
    holding = (
        Holding.objects.select_for_update(of=("self",)).select_related("office", "person").get(pk=holding_id)
    )
    now = clock.now()
    if holding.confirmed_at is not None:
        raise RuleViolation("This Member Confirmation is recorded already.", clause="C6.9")
    if holding.ends_at is not None and holding.ends_at <= max(now, holding.starts_at):
        raise RuleViolation("This term has ended. Record a new appointment.", clause="C6.9")
    if given_on > clock.today():
        raise RuleViolation(
            "The Member Confirmation cannot be given in future.", clause="C6.9", field="given_on"
        )
    replaced = _take_over(holding, now)
    holding.confirmed_at = now
    holding.save()
    MemberConfirmation(
        holding=holding, given_on=given_on, employer_letter=employer_letter, recorded_at=now
    ).save()
    discharge_duties(kind=CONFIRM, subject=holding)
    facts = {"seat": holding.office.key, "person": holding.person.name, "given_on": given_on}
    facts |= {"in_place_of": replaced}
    record("member.confirmed", clause="C6.9", by=by, subject=holding, facts=facts, audience="public")
    return holding


def _take_over(holding: Holding, now: datetime) -> list[str]:
    """End the term of who stays until now: a Chair in holdover, or a representative (L1.5(e), L1.10). Their names."""
    appointment = Appointment.objects.filter(holding=holding).first()
    if appointment is None:
        return []
    planned = max(working_days.start_of_day(appointment.starts_on), now)
    is_chairs_successor = holding.office.role == Role.PMA_CHAIR and planned < holding.starts_at
    if holding.is_single and not is_chairs_successor:
        return []
    ground = "The successor took office" if is_chairs_successor else rules.GROUNDS_OF_END["replaced"]
    earlier = Holding.objects.filter(office=holding.office, is_single=True, starts_at__lt=planned)
    staying = list(_lasting(earlier, planned).exclude(pk=holding.pk).select_related("person"))
    for each in staying:
        each.ends_at, each.ended_reason = planned, ground
        each.save()
        end_alternates_of(each)
        withdraw_duties(kind=CONFIRM, subject=each)
    holding.starts_at, holding.is_single = planned, True
    return [each.person.name for each in staying]


@service
def end_term(
    *, holding_id: UUID, ground: str, evidence: str, by: Actor, last_day: date | None = None
) -> Holding:
    """End a term: with a last day by resignation or replacement on notice, else at once with evidence.

    last_day: asked for by the grounds "resigned" and "replaced", refused for every other (L1.6(c), L1.10, C4.6).
    """
    holding = _seat_holding(holding_id)
    _check_may_end(holding, ground, by)
    now = clock.now()
    if holding.ends_at is not None and holding.ends_at <= now:
        raise RuleViolation("This term has ended already.", clause="L1.6(c)")
    seat = rules.check_seat(holding.office.key)
    rules.check_ground_of_end(seat, ground, confirmed=holding.confirmed_at is not None)
    if not evidence.strip():
        raise RuleViolation("Name the letter or other evidence.", clause="L1.6(c)", field="evidence")
    ends_at = max(_end_for(ground, last_day, now), holding.starts_at)
    if holding.ends_at is not None and ends_at > holding.ends_at:
        raise RuleViolation("The term ends earlier than that by itself.", clause="L1.6(b)", field="last_day")
    holding.ends_at = ends_at
    holding.ended_reason = f"{rules.GROUNDS_OF_END[ground]}: {evidence}"
    holding.save()
    end_alternates_of(holding)
    withdraw_duties(kind=CONFIRM, subject=holding)
    facts = {"seat": holding.office.key, "person": holding.person.name, "ground": ground, "ends_at": ends_at}
    record("member.left", clause=seat.clause.id, by=by, subject=holding, facts=facts, audience="public")
    return holding


def _seat_holding(holding_id: UUID) -> Holding:
    """The holding of a seat, locked, after the seats themselves."""
    _lock_seats()
    found = Holding.objects.select_for_update(of=("self",)).select_related("office", "person")
    holding = found.filter(pk=holding_id, is_seat=True).first()
    if holding is None:
        raise RuleViolation("This is not an office as an SMKI PMA Member.", clause="L1.3")
    return holding


def _check_may_end(holding: Holding, ground: str, by: Actor) -> None:
    """Members resign themselves; everything else is recorded by the Secretariat."""
    held = require(by, *RECORDERS, *PMA_MEMBERS, clause="L1.6(c)")
    if by.role in PMA_MEMBERS and (ground != "resigned" or held is None or held.pk != holding.pk):
        raise NotEntitled(
            "A member can only give notice of his or her own resignation. The Secretariat records other ends.",
            clause="L1.6(c)",
        )


def _end_for(ground: str, last_day: date | None, now: datetime) -> datetime:
    clause = "L1.10" if ground == "replaced" else "L1.6(c)"
    if ground not in rules.GROUNDS_ON_NOTICE:
        if last_day is not None:
            raise RuleViolation(
                "This ground ends the term at once. Leave the last day empty.",
                clause=clause,
                field="last_day",
            )
        return now
    if last_day is None:
        raise RuleViolation("Give the last day in office.", clause=clause, field="last_day")
    today = clock.london_date(now)
    if ground == "replaced":
        rules.check_replacement(today, last_day)
    else:
        notice = figure("membership.resignation_notice_working_days")
        rules.check_resignation(today, last_day, working_days.add_working_days(today, notice))
    return working_days.end_of_day(last_day)
