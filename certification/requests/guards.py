"""A request stays as it was received, and what was sent stays sent."""

from certification.requests.models import CertificateRequest, UsedPublicKey
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
frozen(UsedPublicKey, columns=["digest"], keep=False)
