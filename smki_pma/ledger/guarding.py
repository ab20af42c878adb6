"""Puts the registered guards in place, finds missing ones, and lifts them where a test suite must."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from smki_pma.ledger import guard_sql, guards
from smki_pma.ledger.gate import writing_reference_rows
from smki_pma.ledger.guard_sql import Piece


def pieces_for(connection: BaseDatabaseWrapper, app_label: str | None = None) -> list[Piece]:
    """Every trigger and constraint that this database should have, for the tables that exist."""
    tables = set(connection.introspection.table_names())
    return [
        piece
        for guard in guards.registered
        if guard.model._meta.db_table in tables and app_label in (None, guard.model._meta.app_label)
        for piece in guard_sql.pieces(guard, connection.vendor)
    ]


def present(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The names of the guards in the database, each with its definition's mark (see `_mark`)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT t.tgname, obj_description(t.oid, 'pg_trigger') FROM pg_trigger t "
                "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND n.nspname = current_schema() "
                "UNION ALL SELECT k.conname, obj_description(k.oid, 'pg_constraint') FROM pg_constraint k "
                "JOIN pg_namespace n ON n.oid = k.connamespace "
                "WHERE k.contype = 'x' AND n.nspname = current_schema()"
            )
        return {name: mark or "" for name, mark in cursor.fetchall()}


def missing(connection: BaseDatabaseWrapper) -> list[Piece]:
    """The guards that are absent, switched off or defined otherwise."""
    found = present(connection)
    return [piece for piece in pieces_for(connection) if found.get(piece.name) != _mark(piece, connection)]


def install(connection: BaseDatabaseWrapper, pieces: Iterable[Piece]) -> None:
    """Put these in place, replacing earlier definitions; nothing happens to those that stand."""
    found = present(connection)
    wanted = [piece for piece in pieces if found.get(piece.name) != _mark(piece, connection)]
    if not wanted:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist", None)
            cursor.execute(guard_sql.FUNCTION, None)
        for piece in wanted:
            cursor.execute(_drop(piece, connection), None)
            cursor.execute(piece.create, None)
            if connection.vendor == "postgresql":
                cursor.execute(_comment(piece), None)


def lift(connection: BaseDatabaseWrapper, pieces: Iterable[Piece]) -> None:
    """Remove these from the database."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for piece in pieces:
            cursor.execute(_drop(piece, connection), None)


@contextmanager
def lifted(
    connection: BaseDatabaseWrapper, *against: str, tables: Sequence[str] | None = None
) -> Iterator[None]:
    """Lift the guards against these ("delete", "truncate"...) and put them back, in one's own transaction."""
    pieces = [
        piece
        for piece in pieces_for(connection)
        if piece.against in against and (tables is None or piece.table in tables)
    ]
    lift(connection, pieces)
    try:
        yield
    finally:
        install(connection, pieces)


def put_reference_rows(app_label: str | None = None) -> None:
    """Put the rows that the product ships with in place, of one app or of all."""
    from django.apps import apps

    for function in guards.reference:
        owner = apps.get_containing_app_config(function.__module__)
        if owner is not None and app_label in (None, owner.label):
            with transaction.atomic(), writing_reference_rows():
                function()


@receiver(post_migrate, dispatch_uid="smki.guards")
def guard_after_migrate(
    sender: AppConfig, using: str, plan: Sequence[tuple[Any, bool]] = (), **kwargs: object
) -> None:
    """After every migrate and flush: the guards of this app's tables, then its reference rows."""
    connection = connections[using]
    install(connection, pieces_for(connection, sender.label))
    tables = set(connection.introspection.table_names())
    complete = all(model._meta.db_table in tables for model in sender.get_models() if model._meta.managed)
    if complete and not any(backwards for _, backwards in plan):
        put_reference_rows(sender.label)


def _mark(piece: Piece, connection: BaseDatabaseWrapper) -> str:
    return piece.create if connection.vendor == "sqlite" else piece.digest


def _comment(piece: Piece) -> str:
    return f'COMMENT ON {piece.kind.upper()} "{piece.name}" ON "{piece.table}" IS \'{piece.digest}\''


def _drop(piece: Piece, connection: BaseDatabaseWrapper) -> str:
    return piece.drop_on_sqlite if connection.vendor == "sqlite" else piece.drop
