"""Row history for people: who changed what in a row, from what, to what, by which entry of the ledger.

For pages alone. The queries are one for each kind of row, one for each kind of row referred to, and one for
the numbers of the entries, however many changes there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.text import capfirst

from smki_pma.ledger.selectors import numbers_of_acts
from smki_pma.ui.times import day, moment

NOT_BY_AN_ACT = "Put in place with the system"
Names = dict[tuple[type[models.Model], Any], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of one kind whose changes are told. names: by primary key, what the page calls each row.

    words: what the page calls a column, where its verbose name will not do. hidden: columns that this reader
    does not see.
    """

    model: type[models.Model]
    names: Mapping[Any, str]
    words: Mapping[str, str] = field(default_factory=dict)
    hidden: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One column that an act changed; where the act entered the row, all that it said. number: of the entry."""

    at: datetime
    by: str
    row: str
    column: str
    before: str
    after: str
    number: int | None


@dataclass(frozen=True, slots=True)
class _Step:
    """A row of history and the one before it, None where the row was entered."""

    rows: Rows
    before: Any
    after: Any


def changes_of(*told: Rows) -> list[Change]:
    """The changes of these rows, the newest first."""
    steps = [step for rows in told for step in _steps(rows)]
    names = _names_of_referred(steps)
    numbers = numbers_of_acts({step.after.history_change_reason for step in steps} - {None})
    steps.sort(key=lambda step: step.after.history_date, reverse=True)
    return [change for step in steps for change in _changes(step, names, numbers)]


def _steps(rows: Rows) -> list[_Step]:
    """The newest first, so that sorting by time keeps the order of several changes at one moment."""
    if not rows.names:
        return []
    key = rows.model._meta.pk.name
    found = _history(rows.model).filter(**{f"{key}__in": list(rows.names)}).order_by(key, "history_id")
    steps = [
        _Step(rows, before, after)
        for _, of_one in groupby(found, key=lambda row: getattr(row, key))
        for before, after in pairwise([None, *of_one])
    ]
    return sorted(steps, key=lambda step: step.after.history_id, reverse=True)


def _history(model: type[models.Model]) -> models.QuerySet[Any]:
    manager: Any = model.history  # type: ignore[attr-defined]
    rows: models.QuerySet[Any] = manager.all()
    return rows


def _columns(rows: Rows) -> Iterator[models.Field[Any, Any]]:
    for column in _history(rows.model).model.tracked_fields:
        if not column.primary_key and column.name not in rows.hidden:
            yield column


def _changed(step: _Step) -> Iterator[tuple[models.Field[Any, Any], Any, Any]]:
    """The columns that changed, each with the value before and after."""
    for column in _columns(step.rows):
        before = getattr(step.before, column.attname) if step.before is not None else None
        after = getattr(step.after, column.attname)
        if before != after:
            yield column, before, after


def _names_of_referred(steps: Iterable[_Step]) -> Names:
    """What the rows that the changes refer to are called now."""
    keys: dict[type[models.Model], set[Any]] = {}
    for step in steps:
        for column, *values in _changed(step):
            if column.is_relation and column.related_model is not None:
                keys.setdefault(column.related_model, set()).update(set(values) - {None})
    return {
        (model, key): str(row)
        for model, wanted in keys.items()
        for key, row in model._base_manager.select_related().in_bulk(wanted).items()
    }


def _changes(step: _Step, names: Names, numbers: Mapping[UUID, int]) -> Iterator[Change]:
    row = step.after
    told = {
        "at": row.history_date,
        "by": row.history_actor or NOT_BY_AN_ACT,
        "row": step.rows.names[getattr(row, step.rows.model._meta.pk.name)],
        "number": numbers.get(row.history_change_reason),
    }
    said = [
        (_word(step.rows, column), _value(column, before, names), _value(column, after, names))
        for column, before, after in _changed(step)
    ]
    if step.before is None:
        text = "\n".join(f"{word}: {after}" for word, _, after in said if after)
        yield Change(column="Entered", before="", after=text, **told)
        return
    for word, before, after in said:
        yield Change(column=word, before=before, after=after, **told)


def _word(rows: Rows, column: models.Field[Any, Any]) -> str:
    return rows.words.get(column.name) or capfirst(str(column.verbose_name))


def _value(column: models.Field[Any, Any], value: Any, names: Names) -> str:
    """A value in words; nothing for what is not set."""
    if value is None or value == "":
        return ""
    if column.is_relation and column.related_model is not None:
        return names.get((column.related_model, value), str(value))
    if column.flatchoices:
        return str(dict(column.flatchoices).get(value, value))
    match value:
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return moment(value)
        case date():
            return day(value)
        case list():
            return ", ".join(str(each) for each in value)
    return str(value)
