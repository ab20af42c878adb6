"""Pages of long lists: by number, or by key where counting would be slow."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.http import QueryDict

from smki_pma.ui.listing import address_with


@dataclass(frozen=True, slots=True)
class KeysetPage:
    """Rows in falling order of a unique column. older: the key to go on below; first: if it is page one.

    rising: the rows rise instead, and older is the key to go on above.
    """

    rows: list[Any]
    older: str | None
    first: bool
    rising: bool = False

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def keyset_page(rows: QuerySet[Any], *, key: str, before: str | None, size: int = 50) -> KeysetPage:
    """One page of rows, newest first by `key`, a unique integer column; `before` comes from `?before=`.

    A `before` that is not a number gives the first page.
    """
    start = _number(before)
    found = rows.order_by(f"-{key}")
    if start is not None:
        found = found.filter(**{f"{key}__lt": start})
    cut: list[Model] = list(found[: size + 1])
    older = str(getattr(cut[size - 1], key)) if len(cut) > size else None
    return KeysetPage(cut[:size], older, first=start is None)


def rising_page(rows: QuerySet[Any], *, key: str, after: str | None, size: int = 50) -> KeysetPage:
    """As `keyset_page`, but in rising order; `after` comes from `?after=`."""
    start = _number(after)
    found = rows.order_by(key)
    if start is not None:
        found = found.filter(**{f"{key}__gt": start})
    cut: list[Model] = list(found[: size + 1])
    last = str(getattr(cut[size - 1], key)) if len(cut) > size else None
    return KeysetPage(cut[:size], last, first=start is None, rising=True)


def falling(rows: QuerySet[Any], *, key: str, size: int) -> Iterator[Any]:
    """Every row, newest first by `key`, a unique integer column, read `size` at a time.

    For files that are made while they are sent: each part is a query of its own, so neither this process nor
    the database keeps more than one part, and no cursor or snapshot stays open while a slow reader reads.
    """
    yield from _in_parts(rows.order_by(f"-{key}"), key, f"{key}__lt", size)


def rising(rows: QuerySet[Any], *, key: str, size: int) -> Iterator[Any]:
    """As `falling`, but in rising order."""
    yield from _in_parts(rows.order_by(key), key, f"{key}__gt", size)


def _in_parts(rows: QuerySet[Any], key: str, beyond: str, size: int) -> Iterator[Any]:
    part = list(rows[:size])
    while part:
        yield from part
        if len(part) < size:
            return
        part = list(rows.filter(**{beyond: getattr(part[-1], key)})[:size])


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def page_links(page: Any, query: QueryDict) -> dict[str, Any]:
    """What the pagination partial shows for a page of either kind."""
    return _keyset_links(page, query) if isinstance(page, KeysetPage) else _number_links(page, query)


def _keyset_links(page: KeysetPage, query: QueryDict) -> dict[str, Any]:
    param, back, on = ("after", "First", "Next") if page.rising else ("before", "Newest", "Older")
    return {
        "previous": None if page.first else address_with(query, **{param: None}),
        "previous_words": back,
        "next": address_with(query, **{param: page.older}) if page.older else None,
        "next_words": on,
        "numbers": [],
    }


def _number_links(page: "Page[Any]", query: QueryDict) -> dict[str, Any]:
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "previous": address_with(query, page=page.previous_page_number()) if page.has_previous() else None,
        "previous_words": "Previous",
        "next": address_with(query, page=page.next_page_number()) if page.has_next() else None,
        "next_words": "Next",
        "numbers": [
            (
                number,
                address_with(query, page=number) if isinstance(number, int) else "",
                number == page.number,
            )
            for number in numbers
        ]
        if page.paginator.num_pages > 1
        else [],
    }
