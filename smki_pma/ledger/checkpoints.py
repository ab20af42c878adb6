"""Signing tree heads, and looking them up."""

from functools import partial

from django.db import transaction

from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.ledger import keys, store, tree, witness
from smki_pma.ledger.logs import Log
from smki_pma.ledger.models import Checkpoint
from smki_pma.ledger.notes import TreeHead, sign
from smki_pma.ledger.proving import proves_consistency
from smki_pma.ledger.witness import Head, LedgerForked


def latest(log: Log, *, covering: int = 0) -> Checkpoint | None:
    """The newest checkpoint of at least `covering` leaves, signed by the newest key; None where none is."""
    return (
        Checkpoint.objects.filter(log=log.name, size__gte=covering)
        .order_by("-size", "-signed_at", "-pk")
        .first()
    )


def ask_for(log: Log, size: int) -> None:
    """Have the worker sign the head once the running transaction has committed; asked twice it signs once."""
    jobs.enqueue(
        "ledger.checkpoint", {"log": log.name, "size": size}, key=f"ledger.checkpoint:{log.name}:{size}"
    )


@transaction.atomic
def sign_now(log: Log) -> Checkpoint:
    """Sign the present tree head, unless it is signed already; then see to it that copies leave the system.

    Refuses (LedgerForked) to sign a head that is inconsistent with any that was signed before: a log that
    signs two histories proves nothing (C2SP tlog-checkpoint). Raises CopiesUnreadable where what was
    published cannot be read.
    """
    # Before the turn, so that nobody waits for a storage that is slow.
    published = witness.published_for_signing(log)
    # Before the key, which may be made now and then takes the ledger's turn: that one is always the last.
    store.take_turn(log)
    witness.check_holds_published(log, store.size_of(log), published)
    key = keys.key_in_use()
    size = store.size_of(log)
    previous = latest(log)
    if previous is not None and (previous.size, previous.key_id) == (size, key.key_id):
        return previous
    head = Head(origin=log.origin, size=size, root=tree.root_at(size, store.reader(log)))
    check_extends_what_was_signed(log, head, previous)
    note = sign(TreeHead(log.origin, size, head.root).text(), log.origin, keys.private_key(key))
    checkpoint = Checkpoint.objects.create(
        log=log.name, size=size, root=head.root, note=note, key_id=key.key_id, signed_at=clock.now()
    )
    jobs.enqueue(
        "ledger.publish_checkpoint",
        {"checkpoint": checkpoint.pk},
        key=f"ledger.publish_checkpoint:{log.name}:{size}:{key.key_id[:16]}",
    )
    transaction.on_commit(partial(witness.write, log, head))
    return checkpoint


def check_extends_what_was_signed(log: Log, head: Head, previous: Checkpoint | None) -> None:
    """Raise LedgerForked unless the head has every earlier signed head in its past."""
    outside = witness.last_signed(log)
    if outside is not None:
        witness.check_holds(log, head.size, outside)
    if previous is None:
        return
    if previous.size > head.size:
        raise LedgerForked(f"The {log.title} has shrunk from {previous.size} to {head.size} entries.")
    proof = tree.consistency_proof(previous.size, head.size, store.reader(log))
    if not proves_consistency(previous.size, bytes(previous.root), head.size, head.root, proof):
        raise LedgerForked(
            f"The {log.title} no longer holds the {previous.size} entries that were signed. "
            "Nothing is signed until `manage.py verify_ledger` finds no fault."
        )
