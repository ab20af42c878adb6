"""The acts that give offices around the PMA and end them. Seats of the PMA are governance's."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties.authority import require, require_resolution
from smki_pma.parties.models import Holding, Office, Party, Person
from smki_pma.parties.roles import Role
from smki_pma.parties.rules import APPOINTMENTS, Appointment, check_may_record, check_party_of_office
from smki_pma.parties.sessions import end_sessions

BY_PMA = "the SMKI PMA"


@service
def appoint(
    *,
    office_key: str,
    person_id: UUID,
    by: Actor,
    party_id: UUID | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    ground: str = "",
) -> Holding:
    """Give a person an office other than a PMA seat, as its appointer decided (L1.1, L3.2)."""
    office = Office.objects.select_for_update().get(key=office_key)
    role = Role(office.role)
    appointment = _check_entitled(role, by)
    _check_own_party(by, role, party_id)
    party = Party.objects.select_related("organisation").get(pk=party_id) if party_id else None
    check_party_of_office(role, has_party=party is not None, is_dcc=party is not None and party.is_dcc)
    if by.person_id == person_id:
        raise NotEntitled("Nobody gives an office to himself or herself.", clause=appointment.clause)
    start = starts_at or clock.now()
    _check_free(office, person_id, party_id, start)
    holding = Holding(
        office=office,
        person=Person.objects.get(pk=person_id),
        party=party,
        starts_at=start,
        ends_at=ends_at,
        appointed_by=_appointer(appointment, by, party),
        ground=ground,
        is_single=office.single,
        is_seat=False,
    )
    holding.save()
    _record("office.given", holding, appointment.clause, by, {"starts_at": start, "ends_at": ends_at})
    return holding


@service
def end_holding(*, holding_id: UUID, reason: str, by: Actor, at: datetime | None = None) -> Holding:
    """End an office other than a PMA seat; the holder's sessions end with the last one (L1.1, L3.2)."""
    holding = (
        Holding.objects.select_for_update(of=("self",))
        .select_related("office", "person", "party")
        .get(pk=holding_id)
    )
    appointment = _check_entitled(holding.role, by)
    _check_own_party(by, holding.role, holding.party_id)
    if by.role != "owner" and (by.role == "pma") != (holding.appointed_by == BY_PMA):
        raise NotEntitled(
            f"{holding.person} was appointed by {holding.appointed_by}, who alone ends the office.",
            clause=appointment.clause,
        )
    end = at or clock.now()
    if holding.ends_at is not None and holding.ends_at <= end:
        return unchanged(holding)
    if end < holding.starts_at:
        raise RuleViolation(
            "The end lies before the start of the office.", clause=appointment.clause, field="at"
        )
    holding.ends_at = end
    holding.ended_reason = reason
    holding.save(update_fields=["ends_at", "ended_reason"])
    transaction.on_commit(lambda: end_sessions(holding.person))
    _record("office.ended", holding, appointment.clause, by, {"ended_at": end, "reason": reason})
    return holding


def _check_entitled(role: Role, by: Actor) -> Appointment:
    """Whoever records it for the appointer, or the SMKI PMA itself by a carried resolution."""
    appointment = check_may_record(role, by_role=by.role)
    if by.role == "pma":
        require_resolution(by, clause=appointment.clause)
    else:
        require(by, *appointment.recorded_by, "owner", clause=appointment.clause)
    return appointment


def _appointer(appointment: Appointment, by: Actor, party: Party | None) -> str:
    if by.role == "pma":
        return BY_PMA
    return str(party) if appointment.own_party else appointment.appointed_by


def _check_own_party(by: Actor, role: Role, party_id: UUID | None) -> None:
    """A Party's officer acts for that Party's officers alone (L3.2)."""
    if by.role == Role.PARTY_OFFICER and by.for_party_id != party_id:
        raise NotEntitled("You nominate officers for your own Party only.", clause=APPOINTMENTS[role].clause)


def _check_free(office: Office, person_id: UUID, party_id: UUID | None, start: datetime) -> None:
    held = Holding.objects.at(start).filter(office=office)
    clause = APPOINTMENTS[Role(office.role)].clause
    same = held.filter(person_id=person_id)
    if (same.filter(party_id=party_id) if party_id else same.filter(party__isnull=True)).exists():
        raise RuleViolation("The person holds this office already.", clause=clause, field="person")
    if office.single and held.exists():
        raise RuleViolation(f"End the present holding of {office} first.", clause=clause)


def _record(event: str, holding: Holding, clause: str, by: Actor, facts: dict[str, object]) -> None:
    told = {
        "office": holding.office.key,
        "role": holding.office.role,
        "person": holding.person.name,
        "person_id": holding.person_id,
        "party": str(holding.party) if holding.party else None,
        "appointed_by": holding.appointed_by,
    }
    record(event, clause=clause, by=by, subject=holding, facts=told | facts, audience="parties")
