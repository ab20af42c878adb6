"""Going on after a restored backup that is older than what was published.

The lost stretch was signed, and others may hold its checkpoints; signing another history under the same
name would make the log a liar. So the log goes on under a new origin, and an entry says from where.
"""

from smki_pma.calendar import clock
from smki_pma.ledger import store, tree, witness
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import HOUSE_RULE, record, service
from smki_pma.ledger.logs import LEDGER
from smki_pma.ledger.models import Entry
from smki_pma.ledger.witness import Head, LedgerForked


class CannotReconcile(RuntimeError):
    """There is no break to reconcile, or it is not prepared."""


def reconcile(*, reason: str, by: Actor) -> int:
    """Record the break and go on. Returns how many signed entries are not in this database.

    The witness file is set aside, never removed. Raises CannotReconcile.
    """
    head = witness.last_signed(LEDGER)
    size = store.size_of(LEDGER)
    if head is None or _holds(head, size):
        raise CannotReconcile("This database holds all that was signed: there is nothing to reconcile.")
    if head.origin == LEDGER.origin:
        raise CannotReconcile(
            f"A log never signs two histories under one name. Set SMKI_LOG_ORIGIN to a new name, for example "
            f"{LEDGER.origin}-2, for web and worker, then run this again."
        )
    file = witness.file_of(LEDGER)
    aside = file.with_suffix(f".head.broken-{clock.now():%Y%m%dT%H%M%S}")
    file.rename(aside)
    try:
        record_break(signed=head, size=size, reason=reason, by=by)
    except BaseException:
        aside.rename(file)
        raise
    return max(head.size - size, 0)


def _holds(head: Head, size: int) -> bool:
    try:
        witness.check_holds(LEDGER, size, head)
    except LedgerForked:
        return False
    return True


@service
def record_break(*, signed: Head, size: int, reason: str, by: Actor) -> None:
    """Say in the ledger where it left its published history (house rule)."""
    root = tree.root_at(size, store.reader(LEDGER))
    facts = {
        "continued_as": LEDGER.origin,
        "continued_from_root": root,
        "continued_from_size": size,
        "reason": reason,
        "signed_as": signed.origin,
        "signed_root": signed.root,
        "signed_size": signed.size,
    }
    subject = Entry(number=size)
    record(
        "ledger.break_recorded",
        clause=HOUSE_RULE,
        by=by,
        subject=subject,
        facts=facts,
        audience="public",
        checkpoint=True,
    )
