"""What the worker does with an accepted request: sign, lodge, send. Services; only the worker holds the key."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from certification.authorities import issuing
from certification.requests.models import CertificateRequest, Outcome, Source
from certification.requests.services import ISSUE, SERVING, intent_reference
from certification.requests.states import LIFE_CYCLE
from certification.requests.suspension import hold_off_suspensions, is_held, service_of
from repository.certificates.services import lodge_certificate
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.notices.acts import send_notice
from smki_pma.parties import authority
from smki_pma.parties.roles import Role
from smki_pma.statements import fetch_one, get_row, update_row

STOPPED = "request.stopped"


@service
def issue_certificate(*, request_uid: UUID, by: Actor, at: datetime | None = None) -> CertificateRequest:
    """Sign the bytes fixed at receipt, lodge the Certificate and send it; a repeat changes nothing. L3.4, L3.5

    Killed before the commit it leaves nothing but the intent, from which the next attempt signs again. While
    a suspension holds it nothing happens; the reinstatement queues it again (L2.14).
    """
    hold_off_suspensions()
    request = _locked(request_uid)
    if request.certificate_id is not None or _is_held(request, at or clock.now()):
        return unchanged(request)
    move = LIFE_CYCLE.move("issue", state=request.state)
    authority.require(by, "clock", clause=SERVING)
    signed = issuing.sign(issuing.current_intent(intent_reference(request)))
    certificate = lodge_certificate(
        der=signed.der,
        kind=request.policy,
        environment=request.environment,
        by=by,
        reference=intent_reference(request),
    )
    request.certificate = certificate
    request.state = move.target
    request.sent_at = at or clock.now()
    request.outcome = Outcome.CERTIFICATE
    update_row(request, "certificate_id", "state", "sent_at", "outcome")
    if request.source == Source.PORTAL:  # to a program the answer itself is the sending
        _tell(request, clause=move.clause)
    facts: dict[str, object] = {
        "serial": certificate.serial,
        "sha256": certificate.sha256,
        "received_at": request.received_at,
        "deadline_at": request.deadline_at,
        "sent_at": request.sent_at,
    }
    _record(move.event, move.clause, by=by, request=request, facts=facts)
    return request


def _is_held(request: CertificateRequest, at: datetime) -> bool:
    if (
        fetch_one("SELECT 1 FROM requests_suspension WHERE ended_at IS NULL AND starts_at <= %s", [at])
        is None
    ):
        return False
    return is_held(party_id=request.party_id, service=service_of(request.policy), at=at)


def _tell(request: CertificateRequest, *, clause: str) -> None:
    send_notice(
        clause=clause,
        subject=f"Your Certificate for request {request.reference} is ready",
        body=f"The {request.certificate} has been issued. Fetch it from the page of your request.",
        people=[request.submitted_by],
        url=reverse("requests:request_detail", args=[request.uid]),
    )


@service
def stop_request(*, request_uid: UUID, by: Actor) -> CertificateRequest:
    """Every attempt to issue has failed: the request stands, and an operator is asked to mend the cause. L3.5

    The cause stands on the operator's page, from the job; it may name what only DCC knows, and the Party reads
    the entry.
    """
    request = _locked(request_uid)
    move = LIFE_CYCLE.move("stop", state=request.state)
    authority.require(by, "clock", clause=SERVING)
    request.state = move.target
    request.save()
    open_duty(
        kind=STOPPED,
        clause=move.clause,
        title=f"Mend what stopped request {request.reference} and resume it",
        role=Role.DCC_CA_OPERATOR,
        subject=request,
        due_at=request.deadline_at,
        url=reverse("requests:request_detail", args=[request.uid]),
    )
    _record(move.event, move.clause, by=by, request=request, facts={})
    return request


@service
def resume_request(*, request_uid: UUID, by: Actor, at: datetime | None = None) -> CertificateRequest:
    """An operator has mended the cause; the worker tries again with the bytes fixed at receipt. L3.4"""
    at = at or clock.now()
    request = _locked(request_uid)
    move = LIFE_CYCLE.move("resume", state=request.state)
    authority.require(by, Role.DCC_CA_OPERATOR, clause=move.clause, at=at)
    request.state = move.target
    key = f"{ISSUE}:{request.uid}:{at.isoformat()}"
    request.job_id = jobs.enqueue(ISSUE, {"request": str(request.uid)}, key=key).pk
    request.save()
    discharge_duties(kind=STOPPED, subject=request)
    _record(move.event, move.clause, by=by, request=request, facts={})
    return request


def _locked(request_uid: UUID) -> CertificateRequest:
    return get_row(CertificateRequest, uid=request_uid, lock=True)


def _record(
    event: str, clause: str, *, by: Actor, request: CertificateRequest, facts: dict[str, object]
) -> None:
    said = {"policy": request.policy, "csr_sha256": request.csr_sha256}
    record(
        event,
        clause=clause,
        by=by,
        subject=request,
        facts=said | facts,
        audience="party",
        party_id=request.party_id,
    )
