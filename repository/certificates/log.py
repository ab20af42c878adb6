"""The certificate log: every Certificate of the Repository, of every kind, is a leaf of one RFC 6962 tree.

A leaf is the Certificate's DER; the Certificate's id is the index of its leaf and one. Whoever lodges takes
the log's turn as late as possible, and always before the ledger's, so that no two ever wait for each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from smki_pma.ledger import checkpoints, store, tree, witness
from smki_pma.ledger.logs import CERTIFICATES


@dataclass(frozen=True, slots=True)
class Lodged:
    """What was added. ids: those of the Certificates, in the order given. size, root: of the log afterwards."""

    ids: range
    size: int
    root: bytes

    def facts(self) -> dict[str, object]:
        """The head of the log, for the entry of the act that lodged."""
        return {"certificate_log_size": self.size, "certificate_log_root": self.root}


def take_place() -> int:
    """Become the only one who lodges until the transaction ends; the number of Certificates so far.

    Raises LedgerForked where the database does not hold what was signed: it then takes no Certificate.
    """
    store.take_turn(CERTIFICATES)
    size = store.size_of(CERTIFICATES)
    witness.check_not_forked(CERTIFICATES, size)
    return size


def append(size: int, leaves: Sequence[bytes]) -> Lodged:
    """Add leaf hashes to the log, whose turn is taken and whose size is given."""
    grown = store.add_leaves(CERTIFICATES, size, leaves)
    return Lodged(ids=range(size + 1, grown.size + 1), size=grown.size, root=grown.root)


def leaf_of(der: bytes) -> bytes:
    """The leaf hash of a Certificate (RFC 6962, section 2.1)."""
    return tree.leaf_hash(der)


def ask_for_checkpoint() -> None:
    """Have the worker sign the head of the log at once: after a ceremony, after a batch."""
    checkpoints.ask_for(CERTIFICATES, store.size_of(CERTIFICATES))
