"""The trees in the database: who may write next, how large each is, and adding to it."""

from collections.abc import Collection, Sequence

from django.db import connection, transaction

from smki_pma.ledger import tree
from smki_pma.ledger.inserting import insert_rows
from smki_pma.ledger.logs import Log
from smki_pma.ledger.models import Node
from smki_pma.statements import fetch_all, fetch_one, insert_few

# Nodes that one statement writes; an append of a single leaf adds one and, now and then, some above it.
FEW = 64
_LAST = 'SELECT "index" FROM ledger_node WHERE log = %s AND level = 0 ORDER BY "index" DESC LIMIT 1'
_NODES = 'SELECT level, "index", hash FROM ledger_node WHERE'
_POSITION = '(log = %s AND level = %s AND "index" = %s)'


def take_turn(log: Log) -> None:
    """Become the only writer of a log until the transaction ends.

    On SQLite the IMMEDIATE transaction has made us the only writer of anything already.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A log grows only inside a transaction.")
    if connection.vendor == "postgresql":
        fetch_one("SELECT pg_advisory_xact_lock(%s)", [log.lock_id])


def size_of(log: Log) -> int:
    """The number of leaves."""
    last = fetch_one(_LAST, [log.name])
    return 0 if last is None else int(last[0]) + 1


def reader(log: Log) -> tree.ReadNodes:
    """A function that reads nodes of this log in one query."""

    def read(positions: Collection[tree.Position]) -> tree.Nodes:
        if not positions:
            return {}
        wanted = " OR ".join([_POSITION] * len(positions))
        values = [value for level, index in positions for value in (log.name, level, index)]
        rows = fetch_all(f"{_NODES} {wanted}", values)
        return {(level, index): bytes(hash) for level, index, hash in rows}

    return read


def reader_by_level(log: Log) -> tree.ReadNodes:
    """The same for any number of nodes, in one query for each level of the tree."""

    def read(positions: Collection[tree.Position]) -> tree.Nodes:
        levels: dict[int, list[int]] = {}
        for level, index in positions:
            levels.setdefault(level, []).append(index)
        found: dict[tree.Position, bytes] = {}
        for level, indexes in levels.items():
            rows = Node.objects.filter(log=log.name, level=level, index__in=indexes)
            found |= {(level, index): bytes(hash) for index, hash in rows.values_list("index", "hash")}
        return found

    return read


def add_leaves(log: Log, size: int, leaves: Sequence[bytes]) -> tree.Growth:
    """Append leaf hashes to a log whose turn is taken and whose size is given."""
    edge = reader(log)(tree.perfect_parts(0, size))
    growth = tree.grow(size, edge, leaves)
    rows = [(log.name, level, index, hash) for (level, index), hash in growth.nodes]
    insert = insert_few if len(rows) <= FEW else insert_rows
    insert(Node, ("log", "level", "index", "hash"), rows)
    return growth
