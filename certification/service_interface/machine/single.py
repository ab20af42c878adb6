"""One request over the interface: handed in, waited for, read again. The portal's services, no second way."""

from typing import Literal
from uuid import UUID, uuid4, uuid5

from django.db.models import QuerySet

from certification.requests.models import CertificateRequest, Source
from certification.requests.services import hand_in
from certification.requests.states import REFUSED
from certification.service_interface.access import Caller
from certification.service_interface.refusals import InterfaceRefusal
from certification.subscribers.rules import Policy
from repository.certificates.models import Certificate
from smki_pma import jobs
from smki_pma.statements import get_row

# Names the submission keys that are derived from what a program sends; any fixed value does.
KEYS = UUID("6f3f5b0e-6d0a-4b39-8f0c-4a3c5f1d2e71")
WAIT_SECONDS = 2.0


def submission_key(caller: Caller, sent: str, *, kind: Literal["request", "batch"]) -> UUID:
    """The key that a program's Idempotency-Key stands for, each Party's own; a new one for none.

    kind: what it was sent with. A program may number its requests and its batches alike.
    """
    return uuid5(KEYS, f"{caller.party_id}:{caller.environment}:{kind}:{sent}") if sent else uuid4()


def submit(caller: Caller, *, policy: Policy, csr: bytes, key: UUID, wait: bool = True) -> CertificateRequest:
    """Hand in one request and wait two seconds at most for its Certificate. L3.4, L8.1(a)

    The same key again gives the first request; SentBefore with another one.
    """
    received = hand_in(
        party_id=caller.party_id,
        policy=policy,
        csr=csr,
        submission_key=key,
        by=caller.actor,
        environment=caller.environment,
        source=Source.INTERFACE,
    )
    if received.state == REFUSED:
        return received
    if wait and received.job_id is not None and received.sent_at is None:
        jobs.await_end(received.job_id, WAIT_SECONDS)
    return _as_it_stands(received)


def _as_it_stands(received: CertificateRequest) -> CertificateRequest:
    request = get_row(CertificateRequest, id=received.pk)
    if request.certificate_id is not None:
        request.certificate = get_row(Certificate, id=request.certificate_id)
    return request


def own(caller: Caller) -> QuerySet[CertificateRequest]:
    """The requests that exist for this caller: those of its Party in this environment, however handed in. L4.1"""
    rows = CertificateRequest.objects.filter(party_id=caller.party_id, environment=caller.environment)
    return rows.select_related("certificate")


def found(caller: Caller, uid: UUID) -> CertificateRequest:
    """One of them; 404 for anybody else's."""
    request = own(caller).filter(uid=uid).first()
    if request is None:
        raise InterfaceRefusal("message.not_found", "Your Party has no request with this id here.")
    return request


def address_of(request: CertificateRequest) -> str:
    """Where a request is read, below the root of the environment's interface."""
    return f"{root_of(request.environment)}/requests/{request.uid}"


def root_of(environment_key: str) -> str:
    """The path of an environment's JSON interface."""
    return "/api/v1" if environment_key == "live" else "/api/test/v1"
