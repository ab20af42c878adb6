"""One request in the history, whichever way it was handed in, with every time a target is measured by."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from certification.batches.models import Batch, BatchItem
from certification.requests.models import CertificateRequest
from certification.requests.rules import is_within_target
from repository.certificates.identifiers import format_eui64

COLUMNS = (
    "Request",
    "File in the batch",
    "Subscriber",
    "Policy",
    "Environment",
    "Handed in by",
    "EUI-64",
    "Handed in (UTC)",
    "Receipt (UTC)",
    "To be sent by (UTC)",
    "Sent (UTC)",
    "Target met",
    "State",
    "Outcome",
    "Serial number of the Certificate",
    "Error",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A request and what came of it. batch: it came in a ZIP; uid is then that of the batch, name the file's."""

    uid: UUID
    batch: bool
    name: str
    party: str
    policy: str
    environment: str
    source: str
    eui64: str
    handed_in_at: datetime
    received_at: datetime | None
    deadline_at: datetime | None
    sent_at: datetime | None
    state: str
    outcome: str
    serial: str
    error: str

    @property
    def reference(self) -> str:
        return str(self.uid)[:8].upper()

    @property
    def eui64_shown(self) -> str:
        return format_eui64(self.eui64)

    @property
    def met(self) -> bool | None:
        """Whether it was sent within its Target Response Time; None where none runs or it is not sent. L8.1"""
        if self.deadline_at is None or self.sent_at is None:
            return None
        return is_within_target(deadline_at=self.deadline_at, sent_at=self.sent_at)

    def cells(self) -> tuple[object, ...]:
        """The values of COLUMNS."""
        return (
            self.reference,
            self.name,
            self.party,
            self.policy,
            self.environment,
            self.source,
            self.eui64_shown,
            _utc(self.handed_in_at),
            _utc(self.received_at),
            _utc(self.deadline_at),
            _utc(self.sent_at),
            {True: "yes", False: "no", None: ""}[self.met],
            self.state,
            self.outcome,
            self.serial,
            self.error,
        )


def row_of_request(request: CertificateRequest) -> HistoryRow:
    """A single request; `party__organisation` and `certificate` are read with it."""
    return HistoryRow(
        uid=request.uid,
        batch=False,
        name="",
        party=str(request.party),
        policy=request.get_policy_display(),
        environment=request.environment,
        source=request.get_source_display(),
        eui64=request.eui64,
        handed_in_at=request.submitted_at,
        received_at=request.received_at,
        deadline_at=request.deadline_at,
        sent_at=request.sent_at,
        state=request.get_state_display(),
        outcome=request.get_outcome_display(),
        serial=request.certificate.serial if request.certificate else "",
        error=request.reason,
    )


def row_of_item(batch: Batch, item: BatchItem) -> HistoryRow:
    """A request of a batch that has been answered; `certificate` is read with it.

    It is sent when the results of the whole batch are there. L8.1(b), L8.3
    """
    sent = "" if batch.completed_at is None else "Certificate sent" if item.certificate_id else "Error sent"
    return HistoryRow(
        uid=batch.uid,
        batch=True,
        name=item.name,
        party=str(batch.party),
        policy="Device Certificate Policy",
        environment=batch.environment,
        source=batch.get_source_display(),
        eui64=item.eui64,
        handed_in_at=batch.submitted_at,
        received_at=batch.received_at,
        deadline_at=batch.deadline_at,
        sent_at=batch.completed_at,
        state="Issued" if item.certificate_id else "Refused",
        outcome=sent,
        serial=item.certificate.serial if item.certificate else "",
        error=item.fault_detail,
    )


def _utc(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""
