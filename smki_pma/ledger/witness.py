"""The last signed tree head, kept outside the database, so that an older database is recognised.

A database restored from a backup that is older than a published checkpoint would grow a second history.
The worker writes each head that it signs here; every append compares, and a database that does not hold
that head takes no entry until the owner has reconciled it (`reconcile_ledger`).
"""

import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from smki_pma.ledger import store, tree
from smki_pma.ledger.logs import Log

_checked: dict[str, tuple[int, int, int]] = {}


class LedgerForked(RuntimeError):
    """The database does not hold what has been signed: it is older than, or differs from, a checkpoint."""


@dataclass(frozen=True, slots=True)
class Head:
    """A tree head that was signed: under which origin, number of leaves, root."""

    origin: str
    size: int
    root: bytes


def file_of(log: Log) -> Path:
    """Where the head of a log is kept."""
    folder: Path = getattr(settings, "SMKI_WITNESS_DIR", None) or settings.DATA_DIR / "ledger"
    return folder / f"{log.name}.head"


def last_signed(log: Log) -> Head | None:
    """The head signed last, or None where none has been."""
    try:
        origin, size, root = file_of(log).read_text().split()
    except FileNotFoundError:
        return None
    return Head(origin=origin, size=int(size), root=bytes.fromhex(root))


def write(log: Log, head: Head) -> None:
    """Keep a head that has been signed, replacing the earlier one in one step."""
    file = file_of(log)
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}")
    with temporary.open("w") as stream:
        stream.write(f"{head.origin} {head.size} {head.root.hex()}\n")
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(file)


def check_not_forked(log: Log, size: int) -> None:
    """Raise LedgerForked unless the log, of that size, holds the head signed last.

    The answer is remembered as long as the file is the same: a log only grows, and triggers keep its nodes.
    """
    try:
        state = file_of(log).stat()
    except FileNotFoundError:
        return
    *mark, held = _checked.get(log.name, (0, 0, 0))
    if mark == [state.st_mtime_ns, state.st_ino] and size >= held:
        return
    head = last_signed(log)
    if head is not None:
        check_holds(log, size, head)
        _checked[log.name] = (state.st_mtime_ns, state.st_ino, head.size)


def check_holds(log: Log, size: int, head: Head) -> None:
    """Raise LedgerForked unless the log, of that size, has this head in its past."""
    if size < head.size:
        raise LedgerForked(
            f"The {log.title} holds {size} entries but a checkpoint of {head.size} has been signed. "
            "The database is older than its published history. Restore a newer backup, or run "
            "`manage.py reconcile_ledger` to go on from here and record the break."
        )
    if tree.root_at(head.size, store.reader(log)) != head.root:
        raise LedgerForked(
            f"The first {head.size} entries of the {log.title} are not those that were signed. "
            "Run `manage.py verify_ledger` to find the place."
        )


def fork_found(log: Log) -> str:
    """What is wrong where the database does not hold the head signed last; "" where it does, or none is."""
    head = last_signed(log)
    if head is None:
        return ""
    try:
        check_holds(log, store.size_of(log), head)
    except LedgerForked as fork:
        return str(fork)
    return ""
