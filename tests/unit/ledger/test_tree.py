"""The tree against RFC 6962's reference vectors, a second implementation, and its own laws."""

import hashlib
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from smki_pma.ledger import tree, verifier
from smki_pma.ledger.proving import proves_consistency

# The inputs and roots of the reference implementation of Certificate Transparency.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Grown:
    """A tree kept as the database keeps it."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tree.Position, bytes] = {}
        self.size = 0
        for leaf in leaves:
            growth = tree.grow(self.size, self.read(tree.perfect_parts(0, self.size)), [leaf])
            self.nodes.update(growth.nodes)
            self.size = growth.size

    def read(self, positions: Collection[tree.Position]) -> tree.Nodes:
        return {position: self.nodes[position] for position in positions}


def leaves(count: int) -> list[bytes]:
    return [tree.leaf_hash(str(n).encode()) for n in range(count)]


def test_roots_of_the_reference_vectors() -> None:
    grown = Grown([tree.leaf_hash(data) for data in INPUTS])
    assert [tree.root_at(size, grown.read).hex() for size in range(1, 9)] == ROOTS


def test_the_empty_tree() -> None:
    assert tree.root_at(0, Grown([]).read) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, []),
        (
            0,
            8,
            [
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ],
        ),
        (
            5,
            8,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ],
        ),
    ],
)
def test_inclusion_proofs_of_the_reference_vectors(index: int, size: int, path: list[str]) -> None:
    grown = Grown([tree.leaf_hash(data) for data in INPUTS])
    assert [hash.hex() for hash in tree.inclusion_proof(index, size, grown.read)] == path


def test_appending_in_one_go_or_one_by_one_gives_the_same_nodes() -> None:
    together = tree.grow(0, {}, leaves(77))
    assert dict(together.nodes) == Grown(leaves(77)).nodes


def test_appending_adds_two_nodes_for_each_leaf_at_most() -> None:
    assert len(tree.grow(0, {}, leaves(1000)).nodes) < 2000


def leads_to(root: bytes, index: int, size: int, leaf: bytes, proof: list[bytes]) -> bool:
    try:
        return verifier.root_by_inclusion(index, size, leaf, proof) == root
    except verifier.Fault:
        return False


@given(st.integers(1, 300), st.data())
def test_every_inclusion_proof_holds_and_no_other_leaf_has_it(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    grown = Grown(leaves(size))
    root, proof = tree.root_at(size, grown.read), tree.inclusion_proof(index, size, grown.read)
    assert verifier.root_by_inclusion(index, size, leaves(size)[index], proof) == root
    assert verifier.root_by_inclusion(index, size, tree.leaf_hash(b"another"), proof) != root
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index)) if size > 1 else size
    assert not leads_to(root, other, size, leaves(size)[index], proof)


@given(st.integers(0, 300), st.data())
def test_every_consistency_proof_holds_and_no_other_past_has_it(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, new))
    grown = Grown(leaves(new))
    old_root, new_root = tree.root_at(old, grown.read), tree.root_at(new, grown.read)
    proof = tree.consistency_proof(old, new, grown.read)
    assert proves_consistency(old, old_root, new, new_root, proof)
    verifier.check_consistency(old, old_root, new, new_root, proof)
    assert not proves_consistency(old, tree.leaf_hash(b"another"), new, new_root, proof)
    if 0 < old < new:
        assert not proves_consistency(old, old_root, new, tree.leaf_hash(b"another"), proof)
        with pytest.raises(verifier.Fault):
            verifier.check_consistency(old, tree.leaf_hash(b"another"), new, new_root, proof)


@given(st.integers(1, 120), st.data())
def test_a_second_implementation_agrees(size: int, data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    oracle, texts = InmemoryTree(algorithm="sha256"), [str(n).encode() for n in range(size)]
    for text in texts:
        oracle.append_entry(text)
    grown = Grown([tree.leaf_hash(text) for text in texts])
    assert tree.root_at(size, grown.read) == oracle.get_root()
    assert tree.root_at(old, grown.read) == oracle.get_root(old)
    path = oracle.prove_inclusion(index + 1).path
    assert set(tree.inclusion_proof(index, size, grown.read)) <= set(path)


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 3), (0, 0)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(tree.BadRange, match="no entry"):
        tree.inclusion_proof(index, size, Grown(leaves(size)).read)


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3)])
def test_no_proof_goes_backwards(old: int, new: int) -> None:
    with pytest.raises(tree.BadRange) as refused:
        tree.consistency_proof(old, new, Grown(leaves(3)).read)
    assert refused.value.field == "from"
