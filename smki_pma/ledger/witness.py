"""The last signed tree head, kept outside the database, so that an older database is recognised.

A database restored from a backup that is older than a published checkpoint would grow a second history.
The worker writes each head that it signs here; every append compares, and a database that does not hold
that head takes no entry until the owner has reconciled it (`reconcile_ledger`). The file may have been
restored with the database or be lost, so whoever starts or signs also compares with what was published.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from smki_pma.files.whole import write_whole
from smki_pma.ledger import copies, store, tree
from smki_pma.ledger.logs import Log
from smki_pma.ledger.models import EntryText

logger = logging.getLogger("smki_pma.ledger")
_checked: dict[str, tuple[int, int, int]] = {}
_read_before: dict[Log, list["Head"]] = {}


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
    # The web process, another user of the worker's group, reads it.
    write_whole(file, [f"{head.origin} {head.size} {head.root.hex()}\n".encode()], mode=0o640)


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


def names_left(log: Log) -> list[str]:
    """The names under which the ledger says that a log did not go on, the first one first (see reconciling)."""
    breaks = EntryText.objects.filter(event="ledger.break_recorded").order_by("number")
    facts = [json.loads(content)["facts"] for content in breaks.values_list("content", flat=True)]
    return [each["signed_as"] for each in facts if each["log"] == log.name]


def published(log: Log) -> list[Head]:
    """The newest published head under each name that the log has not left. Raises copies.CopiesUnreadable."""
    found = copies.newest(log)
    left = names_left(log) if found else []
    return [Head(each.origin, each.size, each.root) for each in found if each.origin not in left]


def published_for_signing(log: Log) -> list[Head]:
    """As `published`; what this process read before, where the storage does not answer now.

    A database is not restored beneath a process that runs, so having read once is enough. Raises
    CopiesUnreadable where it has not: a head that was compared with nothing is not signed.
    """
    try:
        _read_before[log] = published(log)
    except copies.CopiesUnreadable as error:
        if log not in _read_before:
            raise
        logger.warning("%s They are as this process read them before.", error)
    return _read_before[log]


def check_holds_published(log: Log, size: int, heads: Iterable[Head]) -> None:
    """Raise LedgerForked unless the log, of that size, has the published heads in its past."""
    for head in heads:
        try:
            check_holds(log, size, head)
        except LedgerForked:
            # The file went back with the database, or is lost. Put right it keeps every process from appending.
            write(log, head)
            raise


def fork_found(log: Log) -> str:
    """What is wrong where the database does not hold what was signed or published; "" where it does."""
    heads = [head] if (head := last_signed(log)) is not None else []
    try:
        heads += published(log)
    except copies.CopiesUnreadable as error:
        # An outage of the storage stops no process: nothing is signed until the worker has compared.
        logger.error("%s Not known: whether the database is older than they are.", error)
    try:
        for head in heads:
            check_holds(log, store.size_of(log), head)
    except LedgerForked as fork:
        return str(fork)
    return ""
