"""What the JSON interface takes and gives. The OpenAPI description is made from these."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from certification.batches import states as batch_states
from certification.batches.models import Batch, BatchItem
from certification.requests import states
from certification.requests.models import CertificateRequest
from certification.service_interface.machine.limits import LARGEST_MESSAGE
from repository.certificates.encoding import CERTIFICATE_FORMS

NUL = "\x00"
# What is new has not been handed in yet: nobody is ever shown it.
REQUEST_STATES = tuple(state for state in states.LIFE_CYCLE.states if state != states.NEW)
BATCH_STATES = tuple(state for state in batch_states.LIFE_CYCLE.states if state != batch_states.NEW)


class Answer(Schema):
    model_config = ConfigDict(extra="forbid")


class SingleIn(Schema):
    """One Certificate Signing Request."""

    model_config = ConfigDict(extra="forbid")

    policy: Annotated[
        Literal["device", "organisation"], Field(description="the Certificate Policy that it is made under")
    ]
    csr: Annotated[
        str, Field(description="PKCS#10 as PEM or as Base64 of the DER", max_length=LARGEST_MESSAGE)
    ]


class FaultOut(Answer):
    """One thing that is wrong with a request or a ZIP. code: stable."""

    code: str
    field: str
    message: str
    source: str


class SingleOut(Answer):
    """Where a request stands. received_at, sent_at: receipt and sending (L8.3). certificate: PEM, once issued."""

    id: UUID
    policy: Literal["device", "organisation"]
    environment: Literal["live", "test"]
    state: Annotated[str, Field(json_schema_extra={"enum": list(REQUEST_STATES)})]
    submitted_at: datetime
    received_at: datetime | None
    deadline_at: datetime | None
    sent_at: datetime | None
    eui64: str
    usage: str
    role_code: int | None
    reason: str
    faults: list[FaultOut]
    serial: str | None
    sha256: str | None
    certificate: str | None

    @classmethod
    def of(cls, request: CertificateRequest) -> "SingleOut":
        """A request of the caller's, with its Certificate fetched along."""
        certificate = request.certificate
        der = bytes(certificate.der) if certificate else b""
        return cls(
            id=request.uid,
            policy=cast(Any, request.policy),
            environment=cast(Any, request.environment),
            state=request.state,
            submitted_at=request.submitted_at,
            received_at=request.received_at,
            deadline_at=request.deadline_at,
            sent_at=request.sent_at,
            eui64=request.eui64,
            usage=request.usage,
            role_code=request.role_code,
            reason=request.reason,
            faults=[FaultOut(**fault) for fault in request.faults],
            serial=certificate.serial if certificate else None,
            sha256=certificate.sha256 if certificate else None,
            certificate=CERTIFICATE_FORMS["pem"](der).body.decode("ascii") if der else None,
        )


class BatchOut(Answer):
    """Where a batch stands. received_at, completed_at: receipt and sending (L8.3). single: the request that a ZIP
    with one request has become. results_until: until when the results can be fetched."""

    id: UUID
    environment: Literal["live", "test"]
    state: Annotated[str, Field(json_schema_extra={"enum": list(BATCH_STATES)})]
    file_name: str
    file_sha256: str
    submitted_at: datetime
    received_at: datetime | None
    deadline_at: datetime | None
    completed_at: datetime | None
    count: int
    issued: int
    refused: int
    pause_reason: str
    faults: list[FaultOut]
    single: UUID | None
    results_until: datetime | None
    result_sha256: str

    @classmethod
    def of(cls, batch: Batch) -> "BatchOut":
        return cls(
            id=batch.uid,
            environment=cast(Any, batch.environment),
            state=batch.state,
            file_name=batch.file_name,
            file_sha256=batch.file_sha256,
            submitted_at=batch.submitted_at,
            received_at=batch.received_at,
            deadline_at=batch.deadline_at,
            completed_at=batch.completed_at,
            count=batch.count,
            issued=batch.issued,
            refused=batch.refused,
            pause_reason=batch.pause_reason,
            faults=[FaultOut(**fault) for fault in batch.faults],
            single=batch.single.uid if batch.single else None,
            results_until=batch.results_until,
            result_sha256=batch.result_sha256,
        )


class BatchesOut(Answer):
    """A page of batches, newest first. next: the `before` of the following page, absent on the last."""

    batches: list[BatchOut]
    next: UUID | None


class ItemOut(Answer):
    """What came of one request of a batch. number: its place in the ZIP, from 0.

    sent_at: when its Certificate could be found in the Repository, or its error be read; the batch itself is sent
    at its completed_at (L8.3).
    """

    number: int
    name: str
    outcome: Literal["certificate", "error"]
    fault_code: str
    fault_detail: str
    eui64: str
    sent_at: datetime

    @classmethod
    def of(cls, item: BatchItem) -> "ItemOut":
        return cls(
            number=item.number,
            name=item.name,
            outcome=cast(Any, item.outcome),
            fault_code=item.fault_code,
            fault_detail=item.fault_detail,
            eui64=item.eui64,
            sent_at=item.sent_at,
        )


class ItemsOut(Answer):
    """A page of items by number. next: the `after` of the following page, null when all that is there was given."""

    items: list[ItemOut]
    next: int | None


class Problem(Schema):
    """Problem details (RFC 9457). code: stable, as the annex lists it. field: the part of the message."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    code: str
    clause: str
    field: str | None = None
    request: UUID | None = None
    faults: list[FaultOut] | None = None
