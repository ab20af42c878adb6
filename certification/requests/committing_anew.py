"""What becomes of a request whose committed bytes must not be signed: nothing of them ever is. L3.5

They fail the lint, or the Authority that was to sign them is revoked. An operator asks, after mending the cause;
the worker, which has the linter, looks at the bytes again. If they still must not be signed they are abandoned on
record and others, with a new serial, are committed to. If the request itself no longer passes its checks it is
refused. If the bytes pass now, they are signed as they are.
"""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.urls import reverse

from certification.authorities import issuing
from certification.authorities.faults import Fault
from certification.authorities.lint import Finding
from certification.authorities.models import Intent
from certification.requests.issuance import STOPPED
from certification.requests.models import CertificateRequest, Outcome
from certification.requests.reservations import release_devices, release_keys
from certification.requests.selectors import check_again
from certification.requests.services import ISSUE, intent_reference
from certification.requests.states import BEING_ISSUED, LIFE_CYCLE
from certification.subscribers.rules import Policy
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.clauses import clause as cited
from smki_pma.duties.acts import discharge_duties
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.notices.acts import send_notice
from smki_pma.parties import authority
from smki_pma.parties.roles import Role

CLAUSE = cited("L3.5").id
COMMIT_ANEW = "certificates.commit_anew"


@service
def ask_for_new_bytes(*, request_uid: UUID, by: Actor, at: datetime | None = None) -> CertificateRequest:
    """An operator has the bytes of a stopped request made anew, where they are what fails. L3.5"""
    at = at or clock.now()
    request = _locked(request_uid)
    move = LIFE_CYCLE.move("commit_anew", state=request.state)
    authority.require(by, Role.DCC_CA_OPERATOR, clause=move.clause, at=at)
    request.state = move.target
    payload = {"request": str(request.uid), "operator": str(by.person_id)}
    request.job_id = jobs.enqueue(
        COMMIT_ANEW, payload, key=f"{COMMIT_ANEW}:{request.uid}:{at.isoformat()}"
    ).pk
    request.save()
    discharge_duties(kind=STOPPED, subject=request)
    _record(move.event, move.clause, request, by=by, facts={})
    return request


@service
def commit_anew(
    *, request_uid: UUID, operator_id: UUID, by: Actor, at: datetime | None = None
) -> CertificateRequest:
    """The worker abandons bytes that must not be signed and commits to others; it signs nothing yet. L3.5

    operator_id: who asked. A repeat changes nothing.
    """
    at = at or clock.now()
    request = _locked(request_uid)
    if request.state != BEING_ISSUED:
        return unchanged(request)
    authority.require(by, "clock", clause=CLAUSE)
    intent = issuing.current_intent(intent_reference(request))
    findings = issuing.findings_of(intent)
    if not findings:
        _queue(request, intent)
        _record("request.bytes_kept", CLAUSE, request, by=by, facts={"serial": intent.serial})
        return request
    outcome = check_again(request)
    new = issuing.abandon(intent, findings=findings, csr=outcome.csr, person_id=operator_id, at=at)
    if new is None:
        return _refuse(request, outcome.faults, _facts(intent, findings), by=by, at=at)
    _queue(request, new)
    facts = _facts(intent, findings) | {"replaced_by": new.serial}
    _record("request.bytes_abandoned", CLAUSE, request, by=by, facts=facts)
    return request


def _queue(request: CertificateRequest, intent: Intent) -> None:
    """Have these bytes signed. The attempt has a key of its own: an earlier job of the same bytes has failed."""
    key = f"{ISSUE}:{request.uid}:{intent.pk}:{request.job_id}"
    request.job_id = jobs.enqueue(ISSUE, {"request": str(request.uid)}, key=key).pk
    request.save()


def _refuse(
    request: CertificateRequest,
    faults: tuple[Fault, ...],
    facts: dict[str, object],
    *,
    by: Actor,
    at: datetime,
) -> CertificateRequest:
    """What no longer passes its checks gets no Certificate: the subscriber is told every fault with its code. L3.4"""
    move = LIFE_CYCLE.move("give_up", state=request.state)
    request.state = move.target
    request.faults = [asdict(fault) for fault in faults]
    request.reason = " ".join(fault.message for fault in faults)
    request.sent_at = at
    request.outcome = Outcome.ERROR
    request.save()
    release_keys([bytes.fromhex(request.public_key_sha256)])
    if request.policy == Policy.DEVICE:
        release_devices({bytes.fromhex(request.eui64): 1}, environment=request.environment)
    send_notice(
        clause=move.clause,
        subject=f"Your request {request.reference} was refused",
        body=f"DCC has refused your request for a Certificate. {request.reason}",
        people=[request.submitted_by],
        url=reverse("requests:request_detail", args=[request.uid]),
    )
    codes = [fault.code for fault in faults]
    _record(move.event, move.clause, request, by=by, facts=facts | {"faults": codes})
    return request


def _facts(intent: Intent, findings: tuple[Finding, ...]) -> dict[str, object]:
    """Codes alone: what the lint says in words stands with the abandoned intent, for DCC."""
    return {"abandoned": intent.serial, "findings": [finding.lint for finding in findings]}


def _locked(request_uid: UUID) -> CertificateRequest:
    rows = CertificateRequest.objects.select_for_update(of=("self",)).select_related("submitted_by")
    return rows.get(uid=request_uid)


def _record(
    event: str, clause: str, request: CertificateRequest, *, by: Actor, facts: dict[str, object]
) -> None:
    said: dict[str, object] = {"policy": request.policy, "csr_sha256": request.csr_sha256}
    record(
        event,
        clause=clause,
        by=by,
        subject=request,
        facts=said | facts,
        audience="party",
        party_id=request.party_id,
    )
