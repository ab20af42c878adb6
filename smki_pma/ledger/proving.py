"""Checking a proof of consistency as a client does (RFC 9162, section 2.1.4.2): from hashes alone."""

from collections.abc import Sequence

from smki_pma.ledger.tree import EMPTY_ROOT, node_hash


def proves_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the tree of the new size begins with the tree of the old size."""
    if not 0 <= old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        return False
    return _walk(old_size - 1, new_size - 1, path, old_root, new_root)


def _walk(position: int, last: int, path: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root
