"""What somebody gets who wants to check a log: proofs, tiles, bundles (C2SP tlog-proof, tlog-tiles)."""

import base64
from dataclasses import dataclass

from smki_pma.ledger import checkpoints, store, tree
from smki_pma.ledger.exporting import leaf_of
from smki_pma.ledger.logs import LEDGER, Log
from smki_pma.ledger.models import Checkpoint, Entry, Node

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT


class NotProvable(LookupError):
    """What is asked for does not exist, or not yet."""


def entry_proof(number: int) -> str:
    """The proof that an entry is in the ledger, with its leaf as extra data. Raises NotProvable."""
    checkpoint = checkpoints.latest(LEDGER, covering=number + 1)
    entry = Entry.objects.filter(number=number).first()
    if entry is None:
        raise NotProvable(f"number: there is no entry {number}.")
    if checkpoint is None:
        raise NotProvable(f"number: entry {number} is not yet covered by a checkpoint. Try again later.")
    return proof_text(entry, checkpoint)


def proof_text(entry: Entry, checkpoint: Checkpoint) -> str:
    """A C2SP tlog-proof of an entry in the tree of a checkpoint."""
    return leaf_proof(LEDGER, entry.number, leaf_of(entry), checkpoint)


def leaf_proof(log: Log, index: int, leaf: bytes, checkpoint: Checkpoint) -> str:
    """A C2SP tlog-proof of a leaf in the tree of a checkpoint, with the leaf as extra data."""
    hashes = tree.inclusion_proof(index, checkpoint.size, store.reader(log))
    lines = [
        "c2sp.org/tlog-proof@v1",
        f"extra {_base64(leaf)}",
        f"index {index}",
        *(_base64(hash) for hash in hashes),
        "",
        checkpoint.note,
    ]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Consistency:
    """That the tree of one size begins with that of another: the two roots and the hashes between them."""

    origin: str
    old: int
    new: int
    old_root: bytes
    new_root: bytes
    proof: list[bytes]

    def as_json(self) -> dict[str, object]:
        return {
            "origin": self.origin,
            "from": self.old,
            "to": self.new,
            "from_root": _base64(self.old_root),
            "to_root": _base64(self.new_root),
            "proof": [_base64(hash) for hash in self.proof],
        }


def consistency(old: int, new: int, *, log: Log = LEDGER) -> Consistency:
    """The proof between two sizes of a log. Raises BadRange."""
    size = store.size_of(log)
    if new > size:
        raise tree.BadRange(f"The {log.title} has {size} entries, not {new}.", field="to")
    read = store.reader(log)
    proof = tree.consistency_proof(old, new, read)
    return Consistency(log.origin, old, new, tree.root_at(old, read), tree.root_at(new, read), proof)


def tile(level: int, number: int, width: int, *, log: Log = LEDGER) -> bytes:
    """The hashes of one tile, whole (256) or partial. Raises NotProvable where the tree is smaller."""
    start = number * TILE_WIDTH
    rows = Node.objects.filter(
        log=log.name, level=level * TILE_HEIGHT, index__gte=start, index__lt=start + width
    ).order_by("index")
    hashes = [bytes(hash) for hash in rows.values_list("hash", flat=True)]
    if len(hashes) < width:
        raise NotProvable(f"tile: there is no tile {level}/{number} of width {width}.")
    return b"".join(hashes)


def entry_bundle(number: int, width: int) -> bytes:
    """The leaves under one tile of level 0, each after its length as two octets. Raises NotProvable."""
    start = number * TILE_WIDTH
    entries = Entry.objects.filter(number__gte=start, number__lt=start + width).order_by("number")
    leaves = [leaf_of(entry) for entry in entries]
    if len(leaves) < width:
        raise NotProvable(f"tile: there is no entry bundle {number} of width {width}.")
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
