"""What changes documents."""

from uuid import UUID

from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import HOUSE_RULE, reading, record, service, unchanged
from smki_pma.records.models import Record, RecordState


@service
def complete_record(
    *, record_id: UUID, sha256: str, size: int, ledger_number: int, checkpoint_size: int, by: Actor
) -> Record:
    """Say that a document has been made; its own hash becomes an entry, later than the one that it proves."""
    made = Record.objects.select_for_update().get(pk=record_id)
    if made.is_made:
        return unchanged(made)
    made.state = RecordState.MADE
    made.sha256, made.size = sha256, size
    made.ledger_number, made.checkpoint_size = ledger_number, checkpoint_size
    made.made_at = clock.now()
    made.save()
    record(
        "record.made",
        clause=HOUSE_RULE,
        by=by,
        subject=made,
        facts={"kind": made.kind, "proves_entry": ledger_number, "sha256": sha256, "size": size},
        audience=made.audience,
        party_id=made.party_id,
    )
    return made


@service(reads="Signed document")
def read_record(*, record: Record, by: Actor) -> Record:
    """Log that somebody has read a document that is not for everybody."""
    reading(record, purpose=record.title)
    return record
