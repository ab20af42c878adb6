"""Suspending and reinstating the SMKI Services: entered by DCC on an instruction, or carried out for the PMA."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from certification.requests.models import Suspension
from certification.requests.suspension import await_work_in_hand, release_held
from certification.requests.suspension_rules import (
    CLAUSES,
    EMERGENCY,
    Ground,
    Service,
    check_instruction,
    explain_ground,
    name_services,
)
from certification.subscribers.models import AuthorisedSubscriber
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.notices.acts import send_notice
from smki_pma.parties import authority
from smki_pma.parties.models import Party, Person
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import officers_of, officers_of_any, people_holding, the_dcc

STAFF = (Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR)


@service
def suspend_services(
    *,
    services: Sequence[str],
    party_id: UUID | None,
    ground: Ground,
    provision: str = "",
    instruction: str,
    by: Actor,
    at: datetime | None = None,
) -> Suspension:
    """Suspend services at once, to one Party or (party_id None) to everybody, until reinstated. L2.14, M8.4(f)

    services: values of Service. provision: where the CP or the RAPP asks for it. instruction: who gave it,
    when, its reference; only DCC and the SMKI PMA read it. Raises RuleViolation, NotEntitled.
    """
    await_work_in_hand()
    at = at or clock.now()
    _require_carrier(by, ground=ground, at=at)
    party = Party.objects.select_related("organisation").get(pk=party_id) if party_id else None
    check_instruction(
        services=services,
        ground=ground,
        provision=provision,
        instruction=instruction,
        party=party is not None,
        of_dcc=party is not None and party == the_dcc(),
    )
    suspension = Suspension(
        party=party,
        services=[each.value for each in Service if each in services],
        ground=ground,
        provision=provision.strip(),
        instruction=instruction.strip(),
        starts_at=at,
        suspended_by=by.name,
    )
    suspension.save()
    _tell(
        suspension,
        subject="SMKI Services are suspended",
        body=f"{explain_ground(ground, suspension.provision)} Suspended: {name_services(suspension.services)}. "
        "New requests are refused. Those in hand are kept and go on when the services are reinstated.",
    )
    _record("services.suspended", suspension, words=suspension.instruction, by=by)
    return suspension


@service
def reinstate_services(
    *, suspension_id: UUID, instruction: str, by: Actor, at: datetime | None = None
) -> Suspension:
    """Reinstate what an instruction suspended; held work goes on. L2.14

    A suspension under L2.14 lasts until the SMKI PMA instructs DCC to reinstate. instruction: who gave it,
    when, its reference. A repeat changes nothing. What looks whether it is held while this act runs waits for
    its end, and what has found itself held before is seen and queued again.
    """
    await_work_in_hand()
    at = at or clock.now()
    suspension = Suspension.objects.select_for_update(of=("self",)).get(pk=suspension_id)
    _require_carrier(by, ground=Ground(suspension.ground), at=at)
    if suspension.ended_at is not None:
        return unchanged(suspension)
    check_instruction(
        services=suspension.services,
        ground=Ground(suspension.ground),
        provision=suspension.provision,
        instruction=instruction,
        party=suspension.party_id is not None,
        of_dcc=False,
    )
    suspension.ended_at = at
    suspension.reinstatement = instruction.strip()
    suspension.reinstated_by = by.name
    suspension.save()
    released = release_held(suspension, at=at)
    _tell(
        suspension,
        subject="SMKI Services are reinstated",
        body=f"Reinstated: {name_services(suspension.services)}. Requests that were held are being issued. "
        "What was refused meanwhile you can hand in again.",
    )
    _record(
        "services.reinstated", suspension, words=suspension.reinstatement, by=by, facts={"released": released}
    )
    return suspension


def _require_carrier(by: Actor, *, ground: Ground, at: datetime) -> None:
    """DCC's officers carry instructions out; the PMA as a body, by its resolution, gives only its own."""
    if by.role != "pma":
        authority.require(by, *STAFF, clause=CLAUSES[ground], at=at)
        return
    authority.require_resolution(by, clause=EMERGENCY)
    if ground is not Ground.PMA_INSTRUCTION:
        raise NotEntitled("The SMKI PMA suspends and reinstates under L2.14 alone.", clause=EMERGENCY)


def _tell(suspension: Suspension, *, subject: str, body: str) -> None:
    """Those whom it touches, and nobody else whose it is (L2.15(c)); DCC's officers, who carry it out."""
    clause = CLAUSES[Ground(suspension.ground)]
    url = reverse("requests:list_requests")
    send_notice(clause=clause, subject=subject, body=body, people=_touched(suspension), url=url)
    send_notice(
        clause=clause,
        subject=f"{subject}: {suspension.scope}",
        body=f"{name_services(suspension.services)}. The instruction stands on the page of suspensions.",
        people=people_holding(*STAFF),
        url=reverse("requests:list_suspensions"),
    )


def _touched(suspension: Suspension) -> list[Person]:
    if suspension.party_id is not None:
        return officers_of(suspension.party_id)
    running = AuthorisedSubscriber.objects.filter(withdrawn_at__isnull=True)
    return officers_of_any(Party.objects.filter(pk__in=running.values("party_id")))


def _record(
    event: str, suspension: Suspension, *, words: str, by: Actor, facts: dict[str, object] | None = None
) -> None:
    """In the ledger for the SMKI PMA and DCC; the Panel may decide that others are told too. L2.15(c)"""
    said: dict[str, object] = {
        "services": suspension.services,
        "party": suspension.party_id,
        "ground": suspension.ground,
        "provision": suspension.provision,
        "instruction_sha256": hashlib.sha256(words.encode()).hexdigest(),
    }
    record(
        event,
        clause=CLAUSES[Ground(suspension.ground)],
        by=by,
        subject=suspension,
        facts=said | (facts or {}),
        audience="cps",
        checkpoint=True,
    )
