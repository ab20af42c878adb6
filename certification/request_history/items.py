"""Requests of batches, of which there are very many; no index is kept for their history alone.

Without an EUI-64 a page walks the batches, newest first, each along its items. With one it goes from the
Certificates of that EUI-64, each of which names its batch and item, and from the items in error, which are few.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet

from certification.batches.models import Batch, BatchItem, Outcome
from certification.request_history.rows import HistoryRow, row_of_item
from certification.request_history.selectors import IN_HAND, Query
from certification.requests.states import ISSUED, REFUSED
from repository.certificates.models import Certificate
from smki_pma.ui.paging import falling, rising

# What a Certificate of a batch is lodged with: batch:<uid of the batch>:<number of the item>.
REFERENCE = "batch:"
MOST_FOUND = 200
MOST_WALKED = 50
# Requests read at a time for a file, and batches whose requests are read together.
CHUNK = 2000
MOST_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Requests of batches. older: where the next page goes on, "" at the end; first: whether it is page one."""

    rows: list[HistoryRow]
    older: str
    first: bool


def narrowed(query: Query) -> Query | None:
    """The query with its state said as an outcome, which is what an item has; None where no item can fit.

    A request of a batch comes into the history when it is answered.
    """
    if query.outcome == IN_HAND or query.state not in ("", ISSUED, REFUSED):
        return None
    said = {ISSUED: Outcome.CERTIFICATE.value, REFUSED: Outcome.ERROR.value}.get(query.state, query.outcome)
    return None if query.outcome not in ("", said) else replace(query, outcome=said)


def items_of(batch: Batch, query: Query) -> QuerySet[BatchItem]:
    """The answered requests of a batch in their order, with the serial numbers of their Certificates."""
    return _items_of([batch], query).order_by("number")


def _items_of(batches: Iterable[Batch], query: Query) -> QuerySet[BatchItem]:
    rows = BatchItem.objects.filter(batch__in=batches)
    if query.outcome:
        rows = rows.filter(outcome=query.outcome)
    return rows.select_related("certificate").defer("certificate__der")


def item_page(batches: QuerySet[Batch], query: Query, *, mark: str, size: int) -> ItemPage:
    """A page of requests of these batches, newest batch first. mark: `older` of the page before, or ""."""
    if query.eui64:
        return ItemPage(list(of_eui64(batches, query)), "", first=True)
    start = _read_mark(mark)
    if start:
        batches = batches.filter(id__lte=start[0])
    rows: list[HistoryRow] = []
    walked = list(batches.order_by("-id")[: MOST_WALKED + 1])
    for batch in walked[:MOST_WALKED]:
        begin = start[1] if start and start[0] == batch.pk else 0
        room = size - len(rows)
        found = list(items_of(batch, query).filter(number__gte=begin)[: room + 1])
        rows += [row_of_item(batch, item) for item in found[:room]]
        if len(found) > room:
            return ItemPage(rows, f"{batch.pk}-{found[room].number}", first=start is None)
    older = f"{walked[MOST_WALKED].pk}-0" if len(walked) > MOST_WALKED else ""
    return ItemPage(rows, older, first=start is None)


def _read_mark(mark: str) -> tuple[int, int] | None:
    """The batch and the number of the item with which a page begins; None for the first page."""
    batch, _, number = mark.partition("-")
    fits = all(part.isascii() and part.isdigit() and len(part) < 19 for part in (batch, number))
    return (int(batch), int(number)) if fits else None


def of_eui64(batches: QuerySet[Batch], query: Query) -> Iterator[HistoryRow]:
    """The answered requests of these batches for one EUI-64, newest first."""
    found: list[BatchItem] = []
    if query.outcome != Outcome.ERROR:
        found += _issued_to(query.eui64, batches)
    if query.outcome != Outcome.CERTIFICATE:
        wrong = BatchItem.objects.filter(batch__in=batches, outcome=Outcome.ERROR, eui64=query.eui64)
        found += wrong.select_related("certificate")[:MOST_FOUND]
    of_batches = batches.in_bulk({item.batch_id for item in found})
    for item in sorted(found, key=lambda item: (item.batch_id, item.number), reverse=True):
        yield row_of_item(of_batches[item.batch_id], item)


def _issued_to(eui64: str, batches: QuerySet[Batch]) -> list[BatchItem]:
    lodged = Certificate.objects.filter(eui64=eui64, reference__startswith=REFERENCE).order_by("-id")
    named = [reference.split(":") for reference in lodged.values_list("reference", flat=True)[:MOST_FOUND]]
    ids = dict(batches.filter(uid__in={uid for _, uid, _ in named}).values_list("uid", "id"))
    keys = [(ids[UUID(uid)], int(number)) for _, uid, number in named if UUID(uid) in ids]
    rows = BatchItem.objects.filter(pk__in=keys) if keys else BatchItem.objects.none()
    return list(rows.select_related("certificate").defer("certificate__der"))


def every_item(batches: QuerySet[Batch], query: Query) -> Iterator[HistoryRow]:
    """All of them, for a file: as `item_page` shows them, batch by batch."""
    if query.eui64:
        yield from of_eui64(batches, query)
        return
    for group in _groups(batches):
        by_id = {batch.pk: batch for batch in group}
        for item in _items_of_group(group, query):
            yield row_of_item(by_id[item.batch_id], item)


def _groups(batches: QuerySet[Batch]) -> Iterator[list[Batch]]:
    """The batches, newest first: small ones together, as many as hold one chunk of requests; large ones alone."""
    group: list[Batch] = []
    held = 0
    for batch in falling(batches, key="id", size=MOST_TOGETHER):
        if group and (held + batch.count > CHUNK or len(group) == MOST_TOGETHER):
            yield group
            group, held = [], 0
        group.append(batch)
        held += batch.count
    if group:
        yield group


def _items_of_group(group: list[Batch], query: Query) -> Iterator[BatchItem]:
    if len(group) == 1:
        return rising(items_of(group[0], query), key="number", size=CHUNK)
    return iter(_items_of(group, query).order_by("-batch_id", "number"))
