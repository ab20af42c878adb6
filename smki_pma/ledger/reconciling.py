"""Going on after a restored backup that is older than what was published.

The lost stretch was signed, and others may hold its checkpoints; signing another history under the same
name would make the log a liar. So the log goes on under a new origin, and an entry says from where. The
logs share their name, so all of them go on under new ones.
"""

from smki_pma.calendar import clock
from smki_pma.ledger import store, tree, witness
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import HOUSE_RULE, record, service
from smki_pma.ledger.logs import LEDGER, SIGNED_LOGS, Log
from smki_pma.ledger.models import Entry
from smki_pma.ledger.witness import Head, LedgerForked


class CannotReconcile(RuntimeError):
    """There is no break to reconcile, or it is not prepared."""


def reconcile(*, reason: str, by: Actor) -> int:
    """Record the break and go on. Returns how many signed entries, of all logs, are not in this database.

    The witness files are set aside, never removed. Raises CannotReconcile.
    """
    signed = {log: head for log in SIGNED_LOGS if (head := witness.last_signed(log)) is not None}
    broken = [log for log, head in signed.items() if not _holds(log, head)]
    if not broken:
        raise CannotReconcile("This database holds all that was signed: there is nothing to reconcile.")
    for log in broken:
        if signed[log].origin == log.origin:
            raise CannotReconcile(
                "A log never signs two histories under one name. Set SMKI_LOG_ORIGIN to a new name, for "
                f"example {LEDGER.origin}-2, for web and worker, then run this again."
            )
    renamed = [log for log, head in signed.items() if head.origin != log.origin]
    lost = sum(max(signed[log].size - store.size_of(log), 0) for log in broken)
    # The ledger first: it takes no entry while its own head stands against it.
    for log in renamed:
        _go_on(log, signed[log], reason=reason, by=by)
    return lost


def _go_on(log: Log, signed: Head, *, reason: str, by: Actor) -> None:
    file = witness.file_of(log)
    aside = file.with_suffix(f".head.broken-{clock.now():%Y%m%dT%H%M%S}")
    file.rename(aside)
    try:
        record_break(log=log, signed=signed, size=store.size_of(log), reason=reason, by=by)
    except BaseException:
        aside.rename(file)
        raise


def _holds(log: Log, head: Head) -> bool:
    try:
        witness.check_holds(log, store.size_of(log), head)
    except LedgerForked:
        return False
    return True


@service
def record_break(*, log: Log, signed: Head, size: int, reason: str, by: Actor) -> None:
    """Say in the ledger where a log left its published history (house rule)."""
    root = tree.root_at(size, store.reader(log))
    facts = {
        "log": log.name,
        "continued_as": log.origin,
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
