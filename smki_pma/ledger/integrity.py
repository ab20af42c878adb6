"""Checks the ledger in the database, row by row, and names every place that is wrong.

Unlike the stand-alone verifier it sees the stored tree, so that it finds the one altered row and not only
the stretch between two checkpoints; it also sees the guards.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection

from smki_pma.ledger import guarding, keys, store, tree, witness
from smki_pma.ledger.canonical import time_text
from smki_pma.ledger.copies import CopiesUnreadable
from smki_pma.ledger.entries import access_leaf, commitment_to
from smki_pma.ledger.erasing import erased_numbers
from smki_pma.ledger.exporting import leaf_of
from smki_pma.ledger.logs import ACCESS, ALL_LOGS, LEDGER, Log, log_named
from smki_pma.ledger.models import AccessLog, Checkpoint, Entry, EntryText, Node
from smki_pma.ledger.notes import BadNote, TreeHead, open_note, verifier_key

CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold, and where."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass(frozen=True, slots=True)
class Leaves:
    """Where the leaves of a log of a room above come from.

    size: how many its rows say there are. hashes: leaf hashes by index of a stretch. faults: what else is wrong.
    """

    size: Callable[[], int]
    hashes: Callable[[int, int], dict[int, bytes]]
    faults: Callable[[], Iterator[Fault]]


_registered: dict[Log, Leaves] = {}


def register_leaves(log: Log, leaves: Leaves) -> None:
    """Let a log whose rows belong to a room above be checked with the ledger."""
    _registered[log] = leaves


def faults() -> Iterator[Fault]:
    """Everything that is wrong, in the order of the checks; nothing where all holds."""
    checks: tuple[Callable[[], Iterator[Fault]], ...] = (
        _guards,
        _entries,
        _texts,
        _accesses,
        _logs_of_rooms,
        _nodes,
        _checkpoints,
        _witnesses,
    )
    for check in checks:
        yield from check()


def _guards() -> Iterator[Fault]:
    for piece in guarding.missing(connection):
        yield Fault(f"table {piece.table}", f"the guard {piece.name} is missing or altered")


def _entries() -> Iterator[Fault]:
    """Numbers without a gap, times that never go back, leaves as their rows say, the tree over them."""
    expected, last = 0, ""
    for entry in Entry.objects.order_by("number").iterator(CHUNK):
        place = f"entry {entry.number}"
        if entry.number != expected:
            yield Fault(f"entry {expected}", f"missing: {entry.number} follows {expected - 1}")
        at = time_text(entry.recorded_at)
        if at < last:
            yield Fault(place, f"recorded at {at}, before the entry that it follows")
        if tree.leaf_hash(leaf_of(entry)) != bytes(entry.leaf_hash):
            yield Fault(place, "its row does not give its leaf hash")
        expected, last = entry.number + 1, at
    yield from _leaves(LEDGER, expected, _entry_hashes)


def _entry_hashes(start: int, end: int) -> dict[int, bytes]:
    rows = Entry.objects.filter(number__gte=start, number__lt=end).values_list("number", "leaf_hash")
    return {number: bytes(hash) for number, hash in rows}


def _leaves(log: Log, size: int, hashes: Callable[[int, int], dict[int, bytes]]) -> Iterator[Fault]:
    """The stored tree has exactly these leaves."""
    leaves = Node.objects.filter(log=log.name, level=0)
    for start in range(0, max(size, store.size_of(log)), CHUNK):
        wanted = hashes(start, start + CHUNK)
        span = leaves.filter(index__gte=start, index__lt=start + CHUNK).values_list("index", "hash")
        found = {index: bytes(hash) for index, hash in span}
        for index in sorted(wanted.keys() | found.keys()):
            if wanted.get(index) != found.get(index):
                yield Fault(f"{log.name} leaf {index}", "the tree has another leaf than the row gives")


def _texts() -> Iterator[Fault]:
    """Each text is what its entry committed to, its columns repeat it, and only erased ones are missing."""
    erased, size = erased_numbers(), store.size_of(LEDGER)
    for start in range(0, size, CHUNK):
        span = {"number__gte": start, "number__lt": start + CHUNK}
        texts = {text.number: text for text in EntryText.objects.filter(**span)}
        for entry in Entry.objects.filter(**span).order_by("number"):
            text = texts.pop(entry.number, None)
            if text is not None:
                yield from _text(entry, text)
            elif entry.number not in erased:
                yield Fault(f"entry {entry.number}", "its text is gone and no entry says that it was erased")
    for number in EntryText.objects.exclude(number__in=Entry.objects.values("number")).values_list(
        "number", flat=True
    ):
        yield Fault(f"text {number}", "there is no entry of this number")


def _text(entry: Entry, text: EntryText) -> Iterator[Fault]:
    place = f"text of entry {entry.number}"
    if commitment_to(bytes(text.salt), text.content.encode()) != bytes(entry.commitment):
        yield Fault(place, "it is not what the entry committed to")
        return
    said = json.loads(text.content)
    columns = {
        "recorded_at": (text.recorded_at, entry.recorded_at),
        "act_id": (str(text.act_id), said["act"]),
        "event": (text.event, said["event"]),
        "clause": (text.clause, said["clause"]),
        "audience": (text.audience, said["audience"]),
        "party_id": (str(text.party_id) if text.party_id else None, said["party"]),
        "subject_type": (text.subject_type, said["subject"]["type"]),
        "subject_id": (text.subject_id, said["subject"]["id"]),
        "actor_name": (text.actor_name, said["actor"]["name"]),
        "actor_role": (text.actor_role, said["actor"]["role"]),
    }
    for column, (repeated, original) in columns.items():
        if repeated != original:
            yield Fault(place, f"the column {column} does not repeat what the entry says")


def _accesses() -> Iterator[Fault]:
    expected = 0
    for row in AccessLog.objects.order_by("number").iterator(CHUNK):
        if row.number != expected:
            yield Fault(f"access {expected}", f"missing: {row.number} follows {expected - 1}")
        expected = row.number + 1
    yield from _leaves(ACCESS, expected, _access_hashes)


def _access_hashes(start: int, end: int) -> dict[int, bytes]:
    rows = AccessLog.objects.filter(number__gte=start, number__lt=end)
    return {row.number: tree.leaf_hash(access_leaf(row)) for row in rows}


def _logs_of_rooms() -> Iterator[Fault]:
    for log, leaves in _registered.items():
        yield from _leaves(log, leaves.size(), leaves.hashes)
        yield from leaves.faults()


def _nodes() -> Iterator[Fault]:
    """Every inner node is the hash of its two children, none is missing, and there are no others."""
    for log in ALL_LOGS:
        size, level = store.size_of(log), 1
        while size >> level:
            yield from _level(log, level, size >> level)
            level += 1
        for node in Node.objects.filter(log=log.name, level__gte=level).iterator(CHUNK):
            yield Fault(f"{log.name} node {node.level}/{node.index}", "no tree of this size has this node")


def _level(log: Log, level: int, count: int) -> Iterator[Fault]:
    nodes = Node.objects.filter(log=log.name)
    for start in range(0, count, CHUNK):
        end = min(start + CHUNK, count)
        below = nodes.filter(level=level - 1, index__gte=2 * start, index__lt=2 * end)
        children = {index: bytes(hash) for index, hash in below.values_list("index", "hash")}
        here = nodes.filter(level=level, index__gte=start, index__lt=end).values_list("index", "hash")
        found = {index: bytes(hash) for index, hash in here}
        for index in range(start, end):
            left, right = children.get(2 * index), children.get(2 * index + 1)
            wanted = tree.node_hash(left, right) if left and right else None
            if found.get(index) != wanted:
                yield Fault(f"{log.name} node {level}/{index}", "it is not the hash of its children")
    for index in nodes.filter(level=level, index__gte=count).values_list("index", flat=True):
        yield Fault(f"{log.name} node {level}/{index}", "no tree of this size has this node")


def _checkpoints() -> Iterator[Fault]:
    known = {key.key_id: bytes(key.public_key) for key in keys.all_keys()}
    for checkpoint in Checkpoint.objects.order_by("log", "size", "pk").iterator(CHUNK):
        place = f"checkpoint of {checkpoint.log} at {checkpoint.size}"
        try:
            head = _signed_head(checkpoint, known)
        except (BadNote, KeyError, ValueError) as error:
            yield Fault(place, f"its note does not hold: {error}")
            continue
        log = log_named(checkpoint.log)
        if (head.size, head.root) != (checkpoint.size, bytes(checkpoint.root)):
            yield Fault(place, "its row does not repeat what was signed")
        elif head.size > store.size_of(log):
            yield Fault(place, "entries that were signed are missing")
        elif _root_over_leaves(log, head.size) != head.root:
            yield Fault(place, "what was signed is not what is stored")
    yield from _keys()


def _root_over_leaves(log: Log, size: int) -> bytes | None:
    try:
        return tree.root_at(size, store.reader(log))
    except KeyError:
        return None


def _signed_head(checkpoint: Checkpoint, known: dict[str, bytes]) -> TreeHead:
    origin = checkpoint.note.partition("\n")[0]
    return TreeHead.parse(open_note(checkpoint.note, origin, known[checkpoint.key_id]))


def _keys() -> Iterator[Fault]:
    """Each key was announced by an entry, and they took over one after the other."""
    announced = "\n".join(
        EntryText.objects.filter(event="ledger.key_put_into_use").values_list("content", flat=True)
    )
    for key in keys.all_keys():
        if verifier_key("", bytes(key.public_key)).rpartition("+")[2] not in announced:
            yield Fault(f"key {key.key_id[:16]}", "no entry says that it was put into use")
    for earlier, later in pairwise(keys.all_keys()):
        if later.valid_from_at < earlier.valid_from_at:
            yield Fault(f"key {later.key_id[:16]}", "it took over before its predecessor")


def _witnesses() -> Iterator[Fault]:
    for log in ALL_LOGS:
        head = witness.last_signed(log)
        if head is not None:
            yield from _not_held(log, head, "as signed last")
        try:
            for head in witness.published(log):
                yield from _not_held(log, head, "as published")
        except CopiesUnreadable as error:
            yield Fault(f"{log.name} as published", str(error))


def _not_held(log: Log, head: witness.Head, as_what: str) -> Iterator[Fault]:
    try:
        witness.check_holds(log, store.size_of(log), head)
    except (witness.LedgerForked, KeyError) as error:
        yield Fault(f"{log.name} {as_what}", str(error))
