"""Requests for revocation: asked, checked by a Registration Authority officer, carried out or refused."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from certification.requests.suspension import Service, check_not_suspended, hold_off_suspensions
from certification.revocations import rules
from certification.revocations.models import RevocationRequest
from certification.revocations.revoking import CHECK, due_by, locked_certificate, overtake, revoke
from certification.revocations.rules import Origin, Reason
from certification.revocations.selectors import (
    STAFF,
    checks_of,
    officers_to_tell,
    open_request,
    subscriber_of,
)
from certification.revocations.states import NEW, REVOCATION_REQUEST
from certification.subscribers.permissions import require_ra_officer, require_responsible_officer
from repository.certificates.identifiers import parse_serial
from repository.certificates.kinds import Status
from repository.certificates.models import Certificate
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation, clause
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.notices.acts import send_notice
from smki_pma.parties import authority
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role

SERVING = clause("L3.4").id


@service
def request_revocation(
    *, certificate_id: int, reason: Reason, explanation: str, by: Actor, at: datetime | None = None
) -> RevocationRequest:
    """The subscriber's responsible officer, or a DCC officer, asks for the revocation of a Certificate. L3.4

    DCC's officers may ask on Compromise, loss of eligibility or wrong content. Raises NotEntitled for
    anybody else, RuleViolation where it cannot be revoked or somebody has asked already.
    """
    hold_off_suspensions()
    at = at or clock.now()
    certificate = locked_certificate(certificate_id)
    party = subscriber_of(certificate)
    origin = _require_asker(by, party, at=at)
    check_not_suspended(party_id=party.pk if party is not None else None, at=at, service=Service.REVOKE)
    _check_open(certificate)
    rules.check_reason(reason, origin)
    explanation = rules.check_explained(
        explanation, field="explanation", asks="Say what has happened, so that DCC can check it."
    )
    return _ask(certificate, party, origin, reason, explanation, by=by, at=at)


def _require_asker(by: Actor, party: Party | None, *, at: datetime) -> Origin:
    if by.role in STAFF:
        authority.require(by, *STAFF, clause=SERVING, at=at)
        return Origin.DCC
    if party is None:
        raise NotEntitled("Only DCC asks for the revocation of an Authority's Certificate.", clause=SERVING)
    require_responsible_officer(by, party_id=party.pk, clause=SERVING, at=at)
    return Origin.SUBSCRIBER


def _check_open(certificate: Certificate) -> None:
    rules.check_kind(certificate.kind)
    if certificate.status == Status.REVOKED:
        raise RuleViolation("This Certificate is revoked already.", clause=SERVING)
    if open_request(certificate) is not None:
        raise RuleViolation(
            "Somebody has asked for this revocation already. DCC is checking the request.", clause=SERVING
        )


def _ask(
    certificate: Certificate,
    party: Party | None,
    origin: Origin,
    reason: Reason,
    explanation: str,
    *,
    by: Actor,
    at: datetime,
) -> RevocationRequest:
    move = REVOCATION_REQUEST.move("ask", state=NEW)
    request = RevocationRequest(
        certificate=certificate,
        party=party,
        origin=origin,
        reason=reason,
        explanation=explanation,
        asked_by_id=None if origin is Origin.PMA else by.person_id,
        asked_in=_in_words(by),
        asked_at=at,
        due_at=due_by(at),
        state=move.target,
    )
    request.save()
    open_duty(
        kind=CHECK,
        clause=move.clause,
        title=f"Check request {request.reference} to revoke Certificate {certificate.serial}",
        role=Role.DCC_RA_OFFICER,
        subject=request,
        due_at=request.due_at,
        url=reverse("revocations:request_detail", args=[request.pk]),
    )
    _record(request, move.event, by=by, facts={"origin": origin.value, "due_at": request.due_at})
    return request


def _in_words(by: Actor) -> str:
    if by.role == "pma":
        return f"The SMKI PMA, by resolution {by.resolution_ref}"
    return f"{by.name}, for {by.for_name}" if by.for_name else by.name


@service
def direct_revocation(
    *, subject_id: UUID | None, parameters: dict[str, Any], by: Actor, at: datetime | None = None
) -> RevocationRequest:
    """The SMKI PMA has resolved that DCC revoke a Certificate; DCC's officer carries it out. L3.4

    parameters: serial, reason (in words). A request that waits for a check is overtaken. Where an instruction
    suspends revocation the request waits until it is reinstated.
    """
    at = at or clock.now()
    authority.require_resolution(by, clause=SERVING)
    found = certificate_with_serial(str(parameters.get("serial", "")))
    certificate = locked_certificate(found.pk)
    overtake(certificate, at=at)
    _check_open(certificate)
    explanation = rules.check_explained(
        str(parameters.get("reason", "")), field="reason", asks="Say why it is to be revoked."
    )
    party = subscriber_of(certificate)
    return _ask(certificate, party, Origin.PMA, Reason.PMA_DIRECTION, explanation, by=by, at=at)


def certificate_with_serial(serial: str) -> Certificate:
    """The one Certificate with a serial number that can be revoked; RuleViolation where there is none. L3.4"""
    try:
        found = Certificate.objects.filter(serial=parse_serial(serial), kind__in=rules.REVOCABLE_KINDS)
    except ValueError as error:
        raise RuleViolation(str(error), clause=SERVING, field="serial") from error
    certificate = found.first()
    if certificate is None:
        raise RuleViolation(
            "No Certificate that can be revoked has this serial number. Copy it from the Repository.",
            clause=SERVING,
            field="serial",
        )
    return certificate


@service
def grant_revocation(
    *, request_id: UUID, evidence: str, by: Actor, at: datetime | None = None
) -> RevocationRequest:
    """A Registration Authority officer has verified a request, and the Certificate is revoked at once. L3.4

    evidence: how it was verified that the request comes from whom it names. Never by the one who asked. While an
    instruction suspends revocation the request waits (L2.14).
    """
    hold_off_suspensions()
    at = at or clock.now()
    request, move = _to_decide(request_id, "revoke", by=by, at=at)
    checks = checks_of(request, at=at)
    if failed := [check.why for check in checks if not check.passed]:
        raise RuleViolation(f"This request does not pass its checks. {' '.join(failed)}", clause=SERVING)
    request.evidence = rules.check_explained(
        evidence, field="evidence", asks="Say how you verified that the request is genuine."
    )
    revocation = revoke(request.certificate, Reason(request.reason), by=by, at=at)
    request.checks = [asdict(check) for check in checks]
    _decide(request, move.target, by=by, at=at)
    facts = {"revoked_at": at, "number": revocation.position, "issuer": str(revocation.issuer)}
    _record(request, move.event, by=by, facts=facts)
    return request


@service
def refuse_revocation(
    *,
    request_id: UUID,
    provision: str = "",
    explanation: str = "",
    by: Actor,
    at: datetime | None = None,
) -> RevocationRequest:
    """A request that does not accord with the SMKI SEC Documents is refused, with the reason. L3.4"""
    at = at or clock.now()
    request, move = _to_decide(request_id, "refuse", by=by, at=at)
    checks = checks_of(request, at=at)
    rules.check_refusable(Origin(request.origin), checks)
    request.refusal = rules.compute_refusal_reason(checks, provision=provision, explanation=explanation)
    request.checks = [asdict(check) for check in checks]
    _decide(request, move.target, by=by, at=at)
    asker = [request.asked_by] if request.asked_by is not None else []
    send_notice(
        clause=move.clause,
        subject=f"The request to revoke Certificate {request.certificate.serial} was refused",
        body=f"DCC has refused request {request.reference}. {request.refusal}",
        people=[*asker, *officers_to_tell(request.party)],
        url=reverse("revocations:request_detail", args=[request.pk]),
    )
    failed = [check.key for check in checks if not check.passed]
    _record(request, move.event, by=by, facts={"failed": failed, "provision": provision})
    return request


def _to_decide(request_id: UUID, action: str, *, by: Actor, at: datetime) -> tuple[RevocationRequest, Any]:
    # The Certificate before the request, as everywhere: a rejection at the same moment waits its turn.
    locked_certificate(RevocationRequest.objects.values_list("certificate_id", flat=True).get(pk=request_id))
    request = (
        RevocationRequest.objects.select_for_update(of=("self",))
        .select_related("certificate", "party__organisation", "asked_by")
        .get(pk=request_id)
    )
    move = REVOCATION_REQUEST.move(action, state=request.state)
    person_id = require_ra_officer(by, clause=SERVING, at=at)
    rules.check_other_person(request.asked_by_id, person_id)
    return request, move


def _decide(request: RevocationRequest, state: str, *, by: Actor, at: datetime) -> None:
    request.state, request.decided_by_id, request.decided_at = state, by.person_id, at
    request.save()
    discharge_duties(kind=CHECK, subject=request)


def _record(request: RevocationRequest, event: str, *, by: Actor, facts: dict[str, object]) -> None:
    said = {"serial": request.certificate.serial, "reason": request.reason, "request": request.reference}
    record(
        event,
        clause=SERVING,
        by=by,
        subject=request,
        facts=said | facts,
        audience="dcc" if request.party_id is None else "party",
        party_id=request.party_id,
    )
