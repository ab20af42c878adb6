"""Requests for Certificates: handed in, checked, refused or issued."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.urls import reverse

from certification.authorities import issuing
from certification.authorities.csr import CheckedCsr, check_csr
from certification.authorities.environments import environment
from certification.authorities.faults import Fault
from certification.authorities.selectors import portal_environment
from certification.requests import rules
from certification.requests.entitlement import hold_grounds, require_entitled
from certification.requests.models import CertificateRequest, Outcome, Source
from certification.requests.reservations import (
    count_of_device,
    release_keys,
    reserve_device,
    reserve_key,
)
from certification.requests.selectors import KINDS, checked_csr, is_same, organisation_checks
from certification.requests.standing import standing_of
from certification.requests.states import LIFE_CYCLE, NEW
from certification.requests.suspension import check_not_suspended, hold_off_suspensions
from certification.subscribers.permissions import require_ra_officer
from certification.subscribers.rules import Policy
from certification.weak_keys.selectors import is_weak
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation, clause
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.notices.acts import send_notice
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure
from smki_pma.statements import insert_row

SERVING = clause("L3.4").id
CHECK = "request.check"
ISSUE = "certificates.issue"


def hand_in(**request: Any) -> CertificateRequest:
    """`submit_request`, called once more where the same request was being handed in at this very moment.

    The database lets one of the two in; the other finds it then.
    """
    try:
        return submit_request(**request)
    except IntegrityError:
        return submit_request(**request)


@service
def submit_request(
    *,
    party_id: UUID,
    policy: Policy,
    csr: bytes,
    submission_key: UUID,
    by: Actor,
    at: datetime | None = None,
    environment: str | None = None,
    source: str = Source.PORTAL,
) -> CertificateRequest:
    """A subscriber's responsible officer hands in one Certificate Signing Request. L3.4, L8.1(a)

    csr: PEM, Base64 or DER. The same submission_key again gives the first request, SentBefore with another one.
    A request with a fault is kept as refused, with the faults (it counts as sent, L8.8). environment: the
    portal's if not said. Raises NotEntitled for anybody else. Pages and the interface call it through `hand_in`.
    """
    hold_off_suspensions()
    at = at or clock.now()
    environment = environment or portal_environment()
    standing = standing_of(by, party_id=party_id, policy=policy, submission_key=submission_key, at=at)
    person_id = standing.person_id or require_entitled(
        by, party_id=party_id, policy=policy, environment=environment, at=at
    )
    if standing.sent_before and (before := _sent_before(party_id, submission_key)):
        rules.check_same_request(same=before.policy == policy and is_same(before, csr))
        return unchanged(before)
    if standing.suspended:
        check_not_suspended(party_id=party_id, policy=policy, at=at)
    request = CertificateRequest(
        party_id=party_id,
        policy=policy,
        environment=environment,
        source=source,
        state=NEW,
        submission_key=submission_key,
        submitted_at=at,
        submitted_by_id=person_id,
    )
    checked, faults = _validate(request, csr)
    if checked is None:
        return _turn_away(request, faults, by=by)
    if policy is Policy.DEVICE:
        return _receive(request, checked, action="submit_device", by=by, at=at)
    return _queue(request, by=by)


def _sent_before(party_id: UUID, submission_key: UUID) -> CertificateRequest | None:
    return CertificateRequest.objects.filter(party_id=party_id, submission_key=submission_key).first()


def _validate(request: CertificateRequest, csr: bytes) -> tuple[CheckedCsr | None, tuple[Fault, ...]]:
    """Check the bytes and fill what they say into the request."""
    policy = Policy(request.policy)
    taken = csr[: rules.LARGEST_REQUEST + 1]
    outcome = check_csr(taken, KINDS[policy], environment(request.environment), is_weak)
    checked = outcome.csr
    kept = taken if outcome.may_be_kept else b""
    request.csr = kept if checked is None else checked.der
    request.csr_sha256 = rules.compute_digest(request.csr)
    if checked is None:
        return None, outcome.faults
    request.public_key_sha256 = checked.spki_sha256
    request.eui64 = checked.eui64.hex().upper()
    request.role_code = checked.role_code
    request.usage = checked.usage.value
    request.common_name = checked.common_name
    try:
        _reserve(request, checked)
    except RuleViolation as refusal:
        return None, (rules.fault_of(refusal),)
    return checked, ()


def _reserve(request: CertificateRequest, checked: CheckedCsr) -> None:
    """Take the public key, and the place at its device, for this request. RuleViolation leaves both free."""
    digest = bytes.fromhex(checked.spki_sha256)
    rules.check_new_public_key(used=not reserve_key(digest))
    if request.policy != Policy.DEVICE:
        return
    limit = figure("requests.most_certificates_per_device", at=request.submitted_at)
    if not reserve_device(checked.eui64, environment=request.environment, limit=limit):
        release_keys([digest])
        held = count_of_device(checked.eui64, environment=request.environment)
        rules.check_device_limit(held=max(held, limit), limit=limit)


def _turn_away(request: CertificateRequest, faults: tuple[Fault, ...], *, by: Actor) -> CertificateRequest:
    move = LIFE_CYCLE.move("turn_away", state=request.state)
    request.state = move.target
    request.faults = [asdict(fault) for fault in faults]
    request.reason = " ".join(fault.message for fault in faults)
    request.sent_at = request.submitted_at
    request.outcome = Outcome.ERROR
    request.save()
    _record(
        move.event, move.clause, by=by, request=request, facts={"faults": [fault.code for fault in faults]}
    )
    return request


def _queue(request: CertificateRequest, *, by: Actor) -> CertificateRequest:
    move = LIFE_CYCLE.move("submit_organisation", state=request.state)
    request.state = move.target
    request.save()
    party = Party.objects.select_related("organisation").get(pk=request.party_id)
    open_duty(
        kind=CHECK,
        clause=move.clause,
        title=f"Check the Organisation Certificate request {request.reference} of {party}",
        role=Role.DCC_RA_OFFICER,
        subject=request,
        url=reverse("requests:request_check", args=[request.uid]),
    )
    _record(move.event, move.clause, by=by, request=request)
    return request


def _receive(
    request: CertificateRequest, checked: CheckedCsr, *, action: str, by: Actor, at: datetime
) -> CertificateRequest:
    """Receipt: validation has passed. Serial and exact bytes are fixed now, the worker signs. L8.1(a), L8.3"""
    move = LIFE_CYCLE.move(action, state=request.state)
    request.state = move.target
    request.received_at = at
    seconds = figure("requests.single_response_seconds", at=at)
    request.deadline_at = rules.compute_single_deadline(at, seconds=seconds)
    issuing.prepare(reference=intent_reference(request), csr=checked, environment=request.environment, at=at)
    request.job_id = jobs.enqueue(ISSUE, {"request": str(request.uid)}, key=f"{ISSUE}:{request.uid}").pk
    if request.pk is None:
        insert_row(request)
    else:
        request.save()
    facts: dict[str, object] = {"received_at": at, "deadline_at": request.deadline_at}
    _record(move.event, move.clause, by=by, request=request, facts=facts)
    return request


def intent_reference(request: CertificateRequest) -> str:
    """What the intent to sign is known by: one for each request, whatever happens to a worker."""
    return f"request:{request.uid}"


@service
def accept_request(*, request_uid: UUID, by: Actor, at: datetime | None = None) -> CertificateRequest:
    """A Registration Authority officer accepts a request that passes every check; it is issued. L3.4"""
    hold_off_suspensions()
    at = at or clock.now()
    request = _locked(request_uid)
    move = LIFE_CYCLE.move("accept", state=request.state)
    _require_checker(by, request, at=at)
    check_not_suspended(party_id=request.party_id, policy=request.policy, at=at)
    hold_grounds(request.party_id)
    reason = rules.compute_refusal(organisation_checks(request))
    checked = checked_csr(request)
    if reason or checked is None:
        raise RuleViolation(f"This request does not pass its checks. {reason}", clause=move.clause)
    request.decided_by_id = by.person_id
    _receive(request, checked, action="accept", by=by, at=at)
    discharge_duties(kind=CHECK, subject=request)
    return request


@service
def refuse_request(
    *, request_uid: UUID, provision: str = "", explanation: str = "", by: Actor, at: datetime | None = None
) -> CertificateRequest:
    """A request that does not accord with the SMKI SEC Documents is refused, with the reason. L3.4

    The failed checks are the reason; where none failed, the provision that is not met and the explanation.
    """
    at = at or clock.now()
    request = _locked(request_uid)
    move = LIFE_CYCLE.move("refuse", state=request.state)
    _require_checker(by, request, at=at)
    checks = organisation_checks(request)
    request.reason = rules.compute_reason(checks, provision=provision, explanation=explanation)
    request.state = move.target
    request.decided_by_id = by.person_id
    request.sent_at = at
    request.outcome = Outcome.ERROR
    request.save()
    release_keys([bytes.fromhex(request.public_key_sha256)])
    discharge_duties(kind=CHECK, subject=request)
    send_notice(
        clause=move.clause,
        subject=f"Your request {request.reference} was refused",
        body=f"DCC has refused your request for an Organisation Certificate. {request.reason}",
        people=[request.submitted_by],
        url=reverse("requests:request_detail", args=[request.uid]),
    )
    failed = [check.key for check in checks if not check.passed]
    _record(move.event, move.clause, by=by, request=request, facts={"failed": failed, "provision": provision})
    return request


def _require_checker(by: Actor, request: CertificateRequest, *, at: datetime) -> None:
    require_ra_officer(by, clause=SERVING, at=at)
    if by.person_id == request.submitted_by_id:
        raise RuleViolation(
            "You handed in this request. Another Registration Authority officer must check it.", clause="L3.5"
        )


def _locked(request_uid: UUID) -> CertificateRequest:
    return (
        CertificateRequest.objects.select_for_update(of=("self",))
        .select_related("party__organisation", "submitted_by")
        .get(uid=request_uid)
    )


def _record(
    event: str,
    clause: str,
    *,
    by: Actor,
    request: CertificateRequest,
    facts: dict[str, object] | None = None,
) -> None:
    said: dict[str, object] = {
        "policy": request.policy,
        "environment": request.environment,
        "csr_sha256": request.csr_sha256,
    }
    record(
        event,
        clause=clause,
        by=by,
        subject=request,
        facts=said | (facts or {}),
        audience="party",
        party_id=request.party_id,
    )
