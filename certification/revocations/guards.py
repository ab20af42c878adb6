"""A revocation is for good, and what was asked, decided or rejected stays as it was."""

from certification.revocations.models import Rejection, Revocation, RevocationRequest
from smki_pma.ledger.guards import append_only, frozen

append_only(Revocation)
frozen(
    RevocationRequest,
    columns=[
        "certificate",
        "party",
        "origin",
        "reason",
        "explanation",
        "asked_by",
        "asked_in",
        "asked_at",
        "due_at",
    ],
    name="as_asked",
)
frozen(
    RevocationRequest,
    columns=["state", "decided_by", "decided_at", "checks", "evidence", "refusal"],
    when="OLD.state <> 'awaiting_check'",
    name="as_decided",
)
frozen(
    Rejection,
    columns=["certificate", "party", "explanation", "rejected_by", "rejected_at"],
    name="as_rejected",
)
frozen(
    Rejection,
    columns=["state", "finding", "concluded_by", "concluded_at"],
    when="OLD.state <> 'being_investigated'",
    name="as_concluded",
)
