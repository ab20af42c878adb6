"""A request stays as it was received, and what was sent stays sent."""

from certification.requests.models import CertificateRequest, Suspension, UsedPublicKey
from smki_pma.ledger.guards import frozen

RECEIVED = (
    "uid",
    "party",
    "policy",
    "environment",
    "csr",
    "csr_sha256",
    "public_key_sha256",
    "eui64",
    "role_code",
    "usage",
    "common_name",
    "source",
    "submission_key",
    "submitted_at",
    "submitted_by",
)
SENT = ("state", "received_at", "deadline_at", "sent_at", "outcome", "certificate", "reason", "faults")

frozen(CertificateRequest, columns=RECEIVED, name="as_received")
frozen(CertificateRequest, columns=SENT, when="OLD.sent_at IS NOT NULL", name="as_sent")
INSTRUCTED = ("party", "services", "ground", "provision", "instruction", "starts_at", "suspended_by")
ENDED = ("ended_at", "reinstatement", "reinstated_by")

frozen(Suspension, columns=INSTRUCTED, name="as_instructed")
frozen(Suspension, columns=ENDED, when="OLD.ended_at IS NOT NULL", name="as_reinstated")
frozen(UsedPublicKey, columns=["digest"], keep=False)
