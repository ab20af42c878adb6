"""Making a document: wait for the checkpoint, render, sign, store, say so."""

from uuid import UUID

from django.template.loader import render_to_string
from django.utils.module_loading import import_string

from smki_pma.files import store
from smki_pma.ledger import checkpoints, keys
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.logs import LEDGER
from smki_pma.ledger.models import Checkpoint, Entry, EntryText
from smki_pma.ledger.proofs import proof_text
from smki_pma.records.document_key import signing_in_use
from smki_pma.records.models import Record
from smki_pma.records.orders import Attached, Order
from smki_pma.records.printing import print_signed
from smki_pma.records.services import complete_record


def make_record(record_id: UUID) -> Record:
    """Make the document that was asked for, once; a repeat gives the one that was made.

    Outside a transaction: rendering takes seconds. What is stored and then not completed is no harm.
    """
    record = Record.objects.get(pk=record_id)
    if record.is_made:
        return record
    text = EntryText.objects.get(act_id=record.act_id)
    checkpoint = checkpoints.latest(LEDGER, covering=text.number + 1) or checkpoints.sign_now(LEDGER)
    stored = store.put(_signed_pdf(record, text, checkpoint))
    return complete_record(
        record_id=record.pk,
        sha256=stored.sha256,
        size=stored.size,
        ledger_number=text.number,
        checkpoint_size=checkpoint.size,
        by=Actor.clock(),
    )


def _signed_pdf(record: Record, text: EntryText, checkpoint: Checkpoint) -> bytes:
    build = import_string(record.context_builder)
    attachments = proof_files(text, checkpoint)
    context = {
        **build(record),
        "record": record,
        "entry": text,
        "checkpoint": checkpoint,
        "attachments": attachments,
        "origin": LEDGER.origin,
    }
    signing = signing_in_use()
    order = Order(
        html=render_to_string(record.template, context),
        attachments=attachments,
        certificate=signing.certificate,
        key=signing.key,
        reason=f"{record.title}, ledger entry {text.number}",
    )
    return print_signed(order)


def proof_files(text: EntryText, checkpoint: Checkpoint) -> list[Attached]:
    """What goes inside the document so that a reader can check the entry without us."""
    name = f"ledger-entry-{text.number}"
    proof = proof_text(Entry.objects.get(number=text.number), checkpoint)
    return [
        Attached(
            f"{name}.tlog-proof", "Proof that the entry is in the signed ledger", proof.encode(), "Supplement"
        ),
        Attached(
            f"{name}.json", "What the entry says, exactly as committed to", text.content.encode(), "Source"
        ),
        Attached(f"{name}.salt.txt", "Salt of the commitment, hexadecimal", text.salt_text.encode()),
        Attached("ledger-keys.txt", "Public keys of the ledger", "\n".join(keys.published_vkeys()).encode()),
    ]
