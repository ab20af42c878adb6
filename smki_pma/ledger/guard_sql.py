"""The guards as SQL of each database."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.db import models

from smki_pma.ledger.guards import AppendOnly, Frozen, Guard, NoOverlap

FUNCTION = """
CREATE OR REPLACE FUNCTION smki_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One trigger or constraint of a guard. against: what it stops, so that flush knows what to lift."""

    table: str
    name: str
    kind: Literal["trigger", "constraint"]
    against: Literal["update", "delete", "truncate", "insert"]
    create: str

    @property
    def drop(self) -> str:
        """The PostgreSQL statement that removes it; SQLite needs no table name."""
        if self.kind == "constraint":
            return f'ALTER TABLE "{self.table}" DROP CONSTRAINT IF EXISTS "{self.name}"'
        return f'DROP TRIGGER IF EXISTS "{self.name}" ON "{self.table}"'

    @property
    def drop_on_sqlite(self) -> str:
        return f'DROP TRIGGER IF EXISTS "{self.name}"'

    @property
    def digest(self) -> str:
        """A fingerprint of the definition, kept as its comment on PostgreSQL."""
        return hashlib.sha256(self.create.encode()).hexdigest()


def pieces(guard: Guard, vendor: str) -> list[Piece]:
    """What the guard needs on a database of this vendor: "sqlite" or "postgresql"."""
    match guard:
        case AppendOnly():
            return list(_append_only(guard, vendor))
        case Frozen():
            return list(_frozen(guard, vendor))
        case NoOverlap():
            return list(_no_overlap(guard, vendor))


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model._meta.label}.{name} has no column to guard.")
    return str(field.column)


def _name(model: type[models.Model], *words: str) -> str:
    name = "_".join(["guard", model._meta.db_table, *words])
    return name if len(name) <= 63 else f"{name[:54]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _trigger(
    model: type[models.Model],
    against: Literal["update", "delete"],
    when: str,
    message: str,
    vendor: str,
    *words: str,
) -> Piece:
    table, name = model._meta.db_table, _name(model, *words, against)
    condition = f"WHEN ({when}) " if when else ""
    head = f'CREATE TRIGGER "{name}" BEFORE {against.upper()} ON "{table}" FOR EACH ROW {condition}'
    if vendor == "postgresql":
        create = f"{head}EXECUTE FUNCTION smki_refuse('{message}')"
    else:
        create = f"{head}BEGIN SELECT RAISE(ABORT, '{message}'); END"
    return Piece(table=table, name=name, kind="trigger", against=against, create=create)


def _append_only(guard: AppendOnly, vendor: str) -> Iterator[Piece]:
    table = guard.model._meta.db_table
    message = f"{table} is append-only"
    yield _trigger(guard.model, "update", "", message, vendor)
    yield _trigger(guard.model, "delete", "", message, vendor)
    if vendor == "postgresql":
        name = _name(guard.model, "truncate")
        create = (
            f'CREATE TRIGGER "{name}" BEFORE TRUNCATE ON "{table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION smki_refuse('{message}')"
        )
        yield Piece(table=table, name=name, kind="trigger", against="truncate", create=create)


def _frozen(guard: Frozen, vendor: str) -> Iterator[Piece]:
    differ = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    columns = [_column(guard.model, name) for name in guard.columns]
    changes = " OR ".join(f'OLD."{column}" {differ} NEW."{column}"' for column in columns)
    when = f"({guard.when}) AND ({changes})" if guard.when else changes
    message = f"{guard.model._meta.db_table}: {guard.name} is final"
    yield _trigger(guard.model, "update", when, message, vendor, guard.name)
    if guard.keep:
        yield _trigger(guard.model, "delete", guard.when, message, vendor, guard.name)


def _no_overlap(guard: NoOverlap, vendor: str) -> Iterator[Piece]:
    if vendor == "postgresql":
        yield _exclusion(guard)
    else:
        yield _overlap_trigger(guard, "insert")
        yield _overlap_trigger(guard, "update")


def _exclusion(guard: NoOverlap) -> Piece:
    table = guard.model._meta.db_table
    is_date = not isinstance(guard.model._meta.get_field(guard.start), models.DateTimeField)
    span = "daterange" if is_date else "tstzrange"
    start, end = _column(guard.model, guard.start), _column(guard.model, guard.end)
    terms = [f'"{_column(guard.model, name)}" WITH =' for name in guard.same]
    terms.append(f'{span}("{start}", "{end}", \'[)\') WITH &&')
    where = f" WHERE ({guard.where})" if guard.where else ""
    create = (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{guard.name}" EXCLUDE USING gist ({", ".join(terms)}){where}'
    )
    return Piece(table=table, name=guard.name, kind="constraint", against="insert", create=create)


def _overlap_trigger(guard: NoOverlap, event: Literal["insert", "update"]) -> Piece:
    meta = guard.model._meta
    table, name, key = meta.db_table, f"{guard.name}_{event}", _column(guard.model, meta.pk.name)
    start, end = _column(guard.model, guard.start), _column(guard.model, guard.end)
    new_row = ", ".join(f'NEW."{field.column}" AS "{field.column}"' for field in meta.concrete_fields)
    where = guard.where or "1"
    same = "".join(f' AND o."{c}" = NEW."{c}"' for c in (_column(guard.model, name) for name in guard.same))
    itself = "OLD" if event == "update" else "NEW"
    create = (
        f'CREATE TRIGGER "{name}" BEFORE {event.upper()} ON "{table}" FOR EACH ROW '  # noqa: S608
        f"WHEN EXISTS (SELECT 1 FROM (SELECT {new_row}) WHERE {where}) AND EXISTS ("
        f'SELECT 1 FROM (SELECT * FROM "{table}" WHERE {where}) AS o '
        f'WHERE o."{key}" <> {itself}."{key}"{same} '
        f'AND (o."{end}" IS NULL OR o."{end}" > NEW."{start}") '
        f'AND (NEW."{end}" IS NULL OR NEW."{end}" > o."{start}") '
        f'AND (o."{end}" IS NULL OR o."{end}" > o."{start}") '
        f'AND (NEW."{end}" IS NULL OR NEW."{end}" > NEW."{start}")) '
        f"BEGIN SELECT RAISE(ABORT, '{guard.name}: the times overlap'); END"
    )
    return Piece(table=table, name=name, kind="trigger", against=event, create=create)
