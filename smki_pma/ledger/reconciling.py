"""Going on after a restored backup that is older than what was published.

The lost stretch was signed, and others may hold its checkpoints; signing another history under the same
name would make the log a liar. So the log goes on under a new origin, and an entry says from where. The
logs share their name, so all of them go on under new ones.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from smki_pma.calendar import clock
from smki_pma.ledger import store, tree, witness
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.copies import CopiesUnreadable
from smki_pma.ledger.gate import HOUSE_RULE, record, service
from smki_pma.ledger.logs import LEDGER, SIGNED_LOGS, Log
from smki_pma.ledger.models import Entry
from smki_pma.ledger.witness import Head, LedgerForked


class CannotReconcile(RuntimeError):
    """There is no break to reconcile, or it is not prepared."""


def reconcile(*, reason: str, by: Actor) -> int:
    """Record the break and go on. Returns how many signed entries, of all logs, are not in this database.

    What was signed is known from the witness files, which are set aside and never removed, and from the
    published checkpoints. Raises CannotReconcile.
    """
    signed = [(log, head) for log in SIGNED_LOGS for head in _signed_heads(log)]
    broken = [(log, head) for log, head in signed if not _holds(log, head)]
    if not broken:
        raise CannotReconcile("This database holds all that was signed: there is nothing to reconcile.")
    if any(head.origin == log.origin for log, head in broken):
        raise CannotReconcile(
            "A log never signs two histories under one name. Set SMKI_LOG_ORIGIN to a new name, for "
            f"example {LEDGER.origin}-2, for web and worker, then run this again."
        )
    lost = {log: max(head.size - store.size_of(log), 0) for log, head in sorted(broken, key=_size)}
    # The ledger first: it takes no entry while its own head stands against it.
    for log, head in signed:
        if head.origin != log.origin:
            _go_on(log, head, reason=reason, by=by)
    return sum(lost.values())


def _signed_heads(log: Log) -> list[Head]:
    """The newest known head under each name of the log that it has not left."""
    kept = witness.last_signed(log)
    try:
        heads = [*witness.published(log), *([kept] if kept else [])]
    except CopiesUnreadable as error:
        raise CannotReconcile(f"{error} Without them nobody can say what is missing.") from error
    newest = {head.origin: head for head in sorted(heads, key=lambda head: head.size)}
    return list(newest.values())


def _size(signed: tuple[Log, Head]) -> int:
    return signed[1].size


def _go_on(log: Log, signed: Head, *, reason: str, by: Actor) -> None:
    with _set_aside(log):
        record_break(log=log, signed=signed, size=store.size_of(log), reason=reason, by=by)


@contextmanager
def _set_aside(log: Log) -> Iterator[None]:
    """Move the witness file, if there is one, out of the way for good; back where the act fails."""
    file = witness.file_of(log)
    aside = file.with_suffix(f".head.broken-{clock.now():%Y%m%dT%H%M%S}")
    if not file.exists():
        yield
        return
    file.rename(aside)
    try:
        yield
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
