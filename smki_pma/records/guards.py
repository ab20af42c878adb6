"""A document that has been made stays as it is, and so does what was asked for."""

from smki_pma.ledger.guards import append_only, frozen
from smki_pma.records.models import DocumentKey, Record

ASKED = (
    "kind",
    "title",
    "subject_type",
    "subject_id",
    "template",
    "context_builder",
    "audience",
    "party_id",
    "act_id",
    "requested_at",
)
MADE = ("state", "sha256", "size", "ledger_number", "checkpoint_size", "made_at")

append_only(DocumentKey)
frozen(Record, columns=ASKED, name="request")
frozen(Record, columns=MADE, when="OLD.state = 'made'", name="document", keep=False)
