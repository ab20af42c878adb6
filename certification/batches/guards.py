"""A batch stays as it was received, what was sent stays sent, and no intent is ever changed into another."""

from certification.batches.models import AbandonedIntents, Batch, BatchChunk, BatchItem
from smki_pma.ledger.guards import append_only, frozen

HANDED_IN = (
    "uid",
    "party",
    "environment",
    "source",
    "submission_key",
    "file_sha256",
    "file_size",
    "file_name",
    "submitted_at",
    "submitted_by",
    "single",
)
RECEIVED = ("received_at", "deadline_at", "count")
SENT = ("state", "issued", "refused", "completed_at", "result_sha256", "result_size", "results_until")

frozen(Batch, columns=HANDED_IN, name="as_handed_in")
frozen(Batch, columns=RECEIVED, when="OLD.received_at IS NOT NULL", name="as_received")
frozen(Batch, columns=SENT, when="OLD.completed_at IS NOT NULL", name="as_sent")
frozen(BatchChunk, columns=("batch", "number", "first", "count", "requests"), name="as_unpacked", keep=False)
frozen(
    BatchChunk,
    columns=("intents",),
    # A chunk that waits has none (a constraint), so they can be given up, but not replaced by others.
    when="OLD.intents IS NOT NULL AND OLD.state <> 'done' AND NEW.state <> 'waiting'",
    name="as_prepared",
    keep=False,
)
append_only(BatchItem)
append_only(AbandonedIntents)
