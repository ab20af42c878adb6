"""My requests: what was handed in, one by one and in batches, when it was answered, and a file of it all. L8.8"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from certification.request_history.forms import HistoryForm
from certification.request_history.items import ItemPage, every_item, item_page, narrowed
from certification.request_history.rows import COLUMNS, HistoryRow, row_of_request
from certification.request_history.selectors import Query, batches_found, requests_found
from certification.requests.sections import sections
from certification.requests.services import SERVING
from certification.requests.views import READERS
from smki_pma.calendar import clock
from smki_pma.ui.csv_lines import csv_lines
from smki_pma.ui.listing import address_with
from smki_pma.ui.paging import falling, keyset_page

PAGE = 25
CHUNK = 2000
LINES_AT_ONCE = 200


@require_safe
def list_single(request: Any) -> HttpResponse:
    """Single requests, newest first, with receipt, target, sending and whether the target was met. L8.3"""
    request.acting(*READERS, clause=SERVING)
    form = HistoryForm(request.GET)
    found = requests_found(request.holdings, form.query() if form.is_valid() else Query())
    page = keyset_page(
        found if form.is_valid() else found.none(), key="id", before=request.GET.get("before"), size=PAGE
    )
    context = {"form": form, "page": page, "rows": [row_of_request(each) for each in page]}
    return _page(request, "history/list_single.html", form, context)


@require_safe
def list_batched(request: Any) -> HttpResponse:
    """Answered requests of batches, newest batch first. L8.3"""
    request.acting(*READERS, clause=SERVING)
    form = HistoryForm(request.GET)
    page = ItemPage([], "", first=True)
    query = narrowed(form.query()) if form.is_valid() else None
    if query is not None:
        batches = batches_found(request.holdings, query)
        page = item_page(batches, query, mark=request.GET.get("from", ""), size=PAGE)
    context = {
        "form": form,
        "rows": page.rows,
        "newest": "" if page.first else address_with(request.GET, **{"from": None}),
        "older": address_with(request.GET, **{"from": page.older}) if page.older else "",
    }
    return _page(request, "history/list_batched.html", form, context)


def _page(request: Any, template: str, form: HistoryForm, context: dict[str, Any]) -> HttpResponse:
    query = address_with(request.GET, **{"before": None, "from": None})
    context |= sections(request) | {"query": query if query != "?" else ""}
    return render(request, template, context, status=200 if form.is_valid() else 422)


@require_safe
def export_history(request: Any) -> HttpResponse | StreamingHttpResponse:
    """Every request that the search finds, single and in batches, as a file made while it is sent."""
    request.acting(*READERS, clause=SERVING)
    form = HistoryForm(request.GET)
    if not form.is_valid():
        return list_single(request)
    lines = csv_lines(COLUMNS, (row.cells() for row in _everything(request.holdings, form.query())))
    response = StreamingHttpResponse(_blocks(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="requests-{clock.today()}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _blocks(lines: Iterator[str]) -> Iterator[bytes]:
    """Some lines at a time: one write to the connection for each would take longer than making them."""
    while block := "".join(islice(lines, LINES_AT_ONCE)):
        yield block.encode()


def _everything(holdings: Any, query: Query) -> Iterator[HistoryRow]:
    for request in falling(requests_found(holdings, query), key="id", size=CHUNK):
        yield row_of_request(request)
    of_items = narrowed(query)
    if of_items is not None:
        yield from every_item(batches_found(holdings, of_items), of_items)
