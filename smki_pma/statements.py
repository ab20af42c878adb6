"""Single statements for what a program waits for: their text is made once, no object for each row read.

Building a query by the ORM takes several times as long as PostgreSQL takes to answer it. Only the path of
a single request and the append to a log use these; constraints and guards hold as for any row.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, connections, models

Row = tuple[Any, ...]
T = TypeVar("T", bound=models.Model)
# Times that a connection sees a statement before PostgreSQL keeps its plan.
PREPARED_AFTER = 3


def fetch_one(statement: str, parameters: Sequence[Any] = ()) -> Row | None:
    """The first row that a SELECT (or RETURNING) gives, as the driver gives it."""
    with _cursor() as cursor:
        cursor.execute(statement, [adapted(value) for value in parameters])
        row: Row | None = cursor.fetchone()
        return row


def fetch_all(statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
    """Every row that a SELECT gives, as the driver gives them."""
    with _cursor() as cursor:
        cursor.execute(statement, [adapted(value) for value in parameters])
        rows: list[Row] = cursor.fetchall()
        return rows


def execute(statement: str, parameters: Sequence[Any] = ()) -> int:
    """Run a statement; the number of rows that it touched."""
    with _cursor() as cursor:
        cursor.execute(statement, [adapted(value) for value in parameters])
        count: int = cursor.rowcount
        return count


def fetch_bytes(statement: str, parameters: Sequence[Any]) -> bytes:
    """The one large value that a SELECT gives. LookupError where there is no such row."""
    with _as_they_are() as (cursor, options):
        cursor.execute(statement, [adapted(value) for value in parameters], **options)
        row = cursor.fetchone()
    if row is None:
        raise LookupError(statement)
    return bytes(row[0])


def fetch_all_with_bytes(statement: str, parameters: Sequence[Any]) -> list[Row]:
    """Every row that a SELECT gives, with large values among them."""
    with _as_they_are() as (cursor, options):
        cursor.execute(statement, [adapted(value) for value in parameters], **options)
        rows: list[Row] = cursor.fetchall()
        return rows


def execute_with_bytes(statement: str, parameters: Sequence[Any]) -> int:
    """Run a statement that carries large values; the number of rows that it touched."""
    with _as_they_are() as (cursor, options):
        cursor.execute(statement, [adapted(value) for value in parameters], **options)
        count: int = cursor.rowcount
        return count


@contextmanager
def _cursor() -> Iterator[Any]:
    """A cursor whose statements PostgreSQL plans once for each connection: planning takes longer than these do."""
    if connection.vendor != "postgresql" or connection.queries_logged:  # the log shows none but Django's own
        with connection.cursor() as plain:
            yield plain
        return
    with _of_the_driver() as cursor:
        cursor.connection.prepare_threshold = PREPARED_AFTER
        yield cursor


@contextmanager
def _as_they_are() -> Iterator[tuple[Any, dict[str, Any]]]:
    """A cursor that sends and gets bytes as they are; Django's writes them into the statement as twice as much text."""
    if connection.vendor != "postgresql":
        with connection.cursor() as plain:
            yield plain, {}
        return
    with _of_the_driver() as cursor:
        yield cursor, {"binary": True}


@contextmanager
def _of_the_driver() -> Iterator[Any]:
    """The driver's own cursor, guarded as Django's is: no statement after an error, and Django's errors."""
    import psycopg

    # Once: each look through the proxy costs as much as a short call.
    database = connections[connection.alias]
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors, psycopg.Cursor(database.connection) as cursor:
        yield cursor


def adapted(value: Any) -> Any:
    """A value as the columns of this database hold it: SQLite has neither UUIDs nor times."""
    if connection.vendor == "postgresql":
        return value
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def adapt_json(value: Any) -> Any:
    """A value for a column of JSON, None for NULL; its times and UUIDs are text already."""
    return None if value is None else connection.ops.adapt_json_value(value, None)


def as_uuid(value: Any) -> UUID:
    """A UUID that a statement gave: SQLite's are text."""
    return value if isinstance(value, UUID) else UUID(value)


def as_moment(value: Any) -> datetime:
    """A time that a statement gave, made aware: SQLite's are naive."""
    moment: datetime = value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def locking(lock: str) -> str:
    """ "FOR UPDATE" and its like, where there is such a thing; on SQLite the writer is alone anyway."""
    return lock if connection.vendor == "postgresql" else ""


def get_row(model: type[T], *, lock: bool = False, **key: Any) -> T:
    """The object with this one value, as `model.objects.get` makes it, from one plain statement.

    key: a unique attribute and its value. lock: nobody else changes the row until the transaction ends. Raises
    model.DoesNotExist.
    """
    ((name, value),) = key.items()
    statement, wanted, names, converters = _select(model, connection.vendor, name)
    if lock:
        statement = f"{statement} {locking('FOR UPDATE')}"
    row = fetch_one(statement, [wanted.get_db_prep_value(value, connection)])
    if row is None:
        raise model.DoesNotExist(f"{model._meta.object_name} with this {name} does not exist.")  # type: ignore[attr-defined]
    values = list(row)
    for place, expression, convert in converters:
        values[place] = convert(values[place], expression, connection)
    found: T = model.from_db(connection.alias, names, values)
    return found


def find_row(model: type[T], **key: Any) -> T | None:
    """As get_row, None where there is no such row."""
    try:
        return get_row(model, **key)
    except model.DoesNotExist:  # type: ignore[attr-defined]
        return None


@lru_cache(maxsize=64)
def _select(
    model: type[models.Model], vendor: str, name: str
) -> "tuple[str, models.Field[Any, Any], list[str], list[tuple[int, Any, Any]]]":
    """The text, the field of the key, the attributes in the order of the columns, and what makes their values."""
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    wanted = next(field for field in fields if field.attname == name)
    columns = ", ".join(quote(str(field.column)) for field in fields)
    text = f"SELECT {columns} FROM {quote(model._meta.db_table)} WHERE {quote(str(wanted.column))} = %s"  # noqa: S608  quoted names of our own
    converters = []
    for place, field in enumerate(fields):
        column = field.get_col(model._meta.db_table)
        for convert in [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]:
            converters.append((place, column, convert))
    return text, wanted, [field.attname for field in fields], converters


def insert_row(row: models.Model, *, unless: str = "") -> bool:
    """Insert a new object by one statement; a key that the database gives is filled in.

    unless: a unique column; where a row has its value already nothing happens and the answer is False. No
    signal is sent, so a model with a row history is refused. A governed model needs a running service.
    """
    model = type(row)
    _check_allowed(model, "insert_row")
    statement, fields, returned = _insert(model, connection.vendor, unless)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with _cursor() as cursor:
        cursor.execute(statement, values)
        given = cursor.fetchone() if returned else None
        inserted: bool = cursor.rowcount == 1 if not returned else given is not None
    if given is not None:
        setattr(row, returned, given[0])
    row._state.adding = not inserted
    row._state.db = connection.alias
    return inserted


def insert_together(rows: Sequence[models.Model]) -> None:
    """Insert a few new objects of one model, whose keys are given, by one statement. As insert_row, without signals."""
    model = type(rows[0])
    _check_allowed(model, "insert_together")
    statement, fields, _ = _insert(model, connection.vendor, "", len(rows))
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection) for row in rows for field in fields
    ]
    with _cursor() as cursor:
        cursor.execute(statement, values)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _check_allowed(model: type[models.Model], doing: str) -> None:
    """A governed model says itself when it may be written (smki_pma.ledger.governed)."""
    check = getattr(model, "check_bulk_write", None)
    if check is not None:
        check(doing)


@lru_cache(maxsize=64)
def _insert(
    model: type[models.Model], vendor: str, unless: str, rows: int = 1
) -> "tuple[str, tuple[models.Field[Any, Any], ...], str]":
    """The text, the fields in its order, and the name of the key that the database gives, if it does."""
    quote = connection.ops.quote_name
    given = model._meta.pk if isinstance(model._meta.pk, models.AutoField | models.BigAutoField) else None
    fields = tuple(field for field in model._meta.concrete_fields if field is not given)
    names = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * rows)
    text = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {places}"  # noqa: S608  quoted names of our own
    if unless:
        text += f" ON CONFLICT ({quote(unless)}) DO NOTHING"
    if given is not None:
        text += f" RETURNING {quote(str(given.column))}"
    return text, fields, given.attname if given is not None else ""


def update_row(row: models.Model, *names: str) -> None:
    """Write these attributes of an object that is stored. As insert_row, without signals."""
    model = type(row)
    _check_allowed(model, "update_row")
    statement, fields = _update(model, connection.vendor, names)
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with _cursor() as cursor:
        cursor.execute(statement, values)


@lru_cache(maxsize=64)
def _update(
    model: type[models.Model], vendor: str, names: tuple[str, ...]
) -> "tuple[str, tuple[models.Field[Any, Any], ...]]":
    quote = connection.ops.quote_name
    fields = [next(field for field in model._meta.concrete_fields if field.attname == name) for name in names]
    key: Any = model._meta.pk
    changes = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    text = f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {quote(str(key.column))} = %s"  # noqa: S608  quoted names of our own
    return text, (*fields, key)


def insert_few(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert a handful of rows by one statement: fewer exchanges with PostgreSQL than a COPY of insert_rows.

    columns: plain ones, whose values the drivers take as they stand. A governed model needs a running service.
    """
    _check_allowed(model, "insert_few")
    if not rows:
        return
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in columns)
    places = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * len(rows))
    with _cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {places}",  # noqa: S608  quoted names of our own
            [value for row in rows for value in row],
        )
