"""The ledger's own tables: never changed, never emptied."""

from smki_pma.ledger.guards import append_only
from smki_pma.ledger.models import AccessLog, Checkpoint, Entry, EntryText, Node, SigningKey

for model in (Entry, EntryText, Node, AccessLog, SigningKey, Checkpoint):
    append_only(model)
