"""The RFC 6962 Merkle tree over stored perfect subtrees, as pure functions.

A node (level, index) is the root of the perfect subtree over leaves index*2**level up to, not including,
(index+1)*2**level. Only perfect subtrees are stored; they never change. Everything else is computed
from a logarithmic number of them (RFC 6962, section 2.1).
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

Position = tuple[int, int]
Nodes = Mapping[Position, bytes]
ReadNodes = Callable[[Collection[Position]], Nodes]
Range = tuple[int, int]

EMPTY_ROOT = hashlib.sha256(b"").digest()


class BadRange(ValueError):
    """An index or a size that the tree does not have. field: which of the arguments is wrong."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def perfect_parts(start: int, end: int) -> list[Position]:
    """The perfect subtrees, left to right, that make up the range of leaves; start must be aligned to it."""
    parts = []
    while start < end:
        level = (end - start).bit_length() - 1
        parts.append((level, start >> level))
        start += 1 << level
    return parts


def fold(hashes: list[bytes]) -> bytes:
    """The root over neighbouring perfect subtrees of falling size."""
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


@dataclass(frozen=True, slots=True)
class Growth:
    """What appending added. size, root: of the tree afterwards. nodes: every new perfect subtree, leaves included."""

    size: int
    root: bytes
    nodes: list[tuple[Position, bytes]]


def grow(size: int, edge: Nodes, leaves: Iterable[bytes]) -> Growth:
    """Append leaf hashes to a tree of that size whose right edge (perfect_parts(0, size)) is given."""
    stack = [(position, edge[position]) for position in perfect_parts(0, size)]
    added: list[tuple[Position, bytes]] = []
    for leaf in leaves:
        stack.append(((0, size), leaf))
        added.append(stack[-1])
        size += 1
        while len(stack) > 1 and stack[-1][0][0] == stack[-2][0][0]:
            (_, right), ((level, index), left) = stack.pop(), stack.pop()
            stack.append(((level + 1, index >> 1), node_hash(left, right)))
            added.append(stack[-1])
    root = fold([hash for _, hash in stack]) if stack else EMPTY_ROOT
    return Growth(size=size, root=root, nodes=added)


def root_at(size: int, read: ReadNodes) -> bytes:
    """The root of the first `size` leaves."""
    if size == 0:
        return EMPTY_ROOT
    parts = perfect_parts(0, size)
    nodes = read(parts)
    return fold([nodes[part] for part in parts])


def inclusion_proof(index: int, size: int, read: ReadNodes) -> list[bytes]:
    """The audit path of a leaf, its sibling first (RFC 6962, section 2.1.1). Raises BadRange."""
    if not 0 <= index < size:
        raise BadRange(f"There is no entry {index} in a tree of {size}.", field="index")
    return _hashes_of(_inclusion_ranges(index, 0, size), read)


def inclusion_proofs(indexes: Sequence[int], size: int, read: ReadNodes) -> list[list[bytes]]:
    """The audit path of each of these leaves, from one read of nodes. Raises BadRange."""
    ranges: dict[int, list[Range]] = {}
    for index in indexes:
        if not 0 <= index < size:
            raise BadRange(f"There is no entry {index} in a tree of {size}.", field="index")
        ranges[index] = _inclusion_ranges(index, 0, size)
    wanted = {part for paths in ranges.values() for span in paths for part in perfect_parts(*span)}
    nodes = read(wanted)
    return [_hashes_of(ranges[index], lambda _: nodes) for index in indexes]


def consistency_proof(old: int, new: int, read: ReadNodes) -> list[bytes]:
    """The proof that the first `old` of `new` leaves stand (RFC 6962, section 2.1.2). Raises BadRange."""
    if old < 0:
        raise BadRange("The first size must be 0 or more.", field="from")
    if old > new:
        raise BadRange(f"The first size, {old}, is larger than the second, {new}.", field="from")
    if old in (0, new):
        return []
    return _hashes_of(_consistency_ranges(old, 0, new, whole=True), read)


def _split(start: int, end: int) -> int:
    """The first leaf of the right subtree: the largest power of two smaller than the length, on."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _inclusion_ranges(index: int, start: int, end: int) -> list[Range]:
    ranges: list[Range] = []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def _consistency_ranges(old: int, start: int, end: int, *, whole: bool) -> list[Range]:
    if old == end:
        return [] if whole else [(start, end)]
    middle = _split(start, end)
    if old <= middle:
        return [*_consistency_ranges(old, start, middle, whole=whole), (middle, end)]
    return [*_consistency_ranges(old, middle, end, whole=False), (start, middle)]


def _hashes_of(ranges: list[Range], read: ReadNodes) -> list[bytes]:
    parts = [perfect_parts(start, end) for start, end in ranges]
    nodes = read({position for group in parts for position in group})
    return [fold([nodes[position] for position in group]) for group in parts]
