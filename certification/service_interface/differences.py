"""Where two annexes differ: a pure function over JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place, and what each of the two says there."""

    place: str
    stated: str
    running: str


def compute_differences(stated: Any, running: Any) -> list[Difference]:
    """Every place where the annex of the document in force does not say what runs, in order. L4.1"""
    return list(_between(stated, running, ""))


def _between(stated: Any, running: Any, place: str) -> Iterator[Difference]:
    if isinstance(stated, dict) and isinstance(running, dict):
        for key in sorted({*stated, *running}):
            where = f"{place}.{key}" if place else str(key)
            yield from _between(stated.get(key, ABSENT), running.get(key, ABSENT), where)
    elif isinstance(stated, list) and isinstance(running, list):
        yield from _between(_by_name(stated), _by_name(running), place)
    elif stated != running:
        yield Difference(place, _shown(stated), _shown(running))


def _by_name(rows: list[Any]) -> dict[str, Any]:
    """Rows by what names them, so that one added in the middle is one difference."""
    return {
        str(row.get("code") or row.get("oid") or row.get("kind") or number)
        if isinstance(row, dict)
        else str(row): row
        for number, row in enumerate(rows)
    }


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return f"{len(value)} entries"
    return str(value)[:300]
