"""What must never happen to a row, said once and kept by the database itself.

Each app says it in its own `guards.py`; `guarding.py` puts the guards in place after every migrate on
either database, since a SQLite table remake drops triggers silently.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, slots=True, kw_only=True)
class AppendOnly:
    """No row of the table is ever changed or removed."""

    model: type[models.Model]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """Once `when` holds of the old row these columns never change, and the row stays where keep says so."""

    model: type[models.Model]
    columns: tuple[str, ...]
    when: str
    name: str
    keep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoOverlap:
    """No two rows with the same columns overlap in [start, end); no end means for ever."""

    model: type[models.Model]
    name: str
    same: tuple[str, ...]
    start: str
    end: str
    where: str


Guard = AppendOnly | Frozen | NoOverlap
ReferenceRows = Callable[[], None]

registered: list[Guard] = []
reference: list[ReferenceRows] = []


def append_only(model: type[models.Model]) -> None:
    """Refuse UPDATE, DELETE and (PostgreSQL) TRUNCATE of the table."""
    _add(AppendOnly(model=model))


def frozen(
    model: type[models.Model], *, columns: Sequence[str], when: str = "", name: str = "", keep: bool = True
) -> None:
    """Refuse changes of these fields once `when`, SQL on OLD for both databases, holds; always by default.

    name: tells two guards of one table apart. keep: also refuse DELETE of such a row.
    """
    _add(Frozen(model=model, columns=tuple(columns), when=when, name=name or columns[0], keep=keep))


def no_overlap(
    model: type[models.Model], *, name: str, same: Sequence[str], start: str, end: str, where: str = ""
) -> None:
    """Refuse a second row with the same fields whose time overlaps. where: SQL on the row, a limit."""
    _add(NoOverlap(model=model, name=name, same=tuple(same), start=start, end=end, where=where))


def reference_rows(function: ReferenceRows) -> ReferenceRows:
    """Register a function that puts the rows in place that the product ships with, if they are missing.

    It runs after migrate, and after the test suite's flush, inside the gate; it must be idempotent.
    """
    if function not in reference:
        reference.append(function)
    return function


def _add(guard: Guard) -> None:
    if guard not in registered:
        registered.append(guard)
