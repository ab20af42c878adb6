"""The trees in the database: who may write next, how large each is, and adding to it."""

from collections.abc import Collection, Sequence

from django.db import connection, transaction
from django.db.models import Max

from smki_pma.ledger import tree
from smki_pma.ledger.inserting import insert_rows
from smki_pma.ledger.logs import Log
from smki_pma.ledger.models import Node


def take_turn(log: Log) -> None:
    """Become the only writer of a log until the transaction ends.

    On SQLite the IMMEDIATE transaction has made us the only writer of anything already.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A log grows only inside a transaction.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [log.lock_id])


def size_of(log: Log) -> int:
    """The number of leaves."""
    last: int | None = Node.objects.filter(log=log.name, level=0).aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def reader(log: Log) -> tree.ReadNodes:
    """A function that reads nodes of this log in one query."""

    def read(positions: Collection[tree.Position]) -> tree.Nodes:
        if not positions:
            return {}
        keys = [(log.name, level, index) for level, index in positions]
        rows = Node.objects.filter(pk__in=keys).values_list("level", "index", "hash")
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
    insert_rows(Node, ("log", "level", "index", "hash"), rows)
    return growth
