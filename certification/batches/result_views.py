"""The results of a batch: a list that can be searched, the ZIP, the report, one Certificate."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from certification.batches import results, rules
from certification.batches.forms import ItemSearchForm
from certification.batches.models import Batch, Outcome
from certification.batches.selectors import items
from certification.batches.states import COMPLETED
from certification.batches.views import found_batch
from repository.certificates.encoding import CERTIFICATE_FORMS
from smki_pma.ui.paging import rising_page

PAGE = 50


@require_safe
def list_items(request: Any, uid: UUID) -> HttpResponse:
    """What came of each request, in the order of the ZIP; also while the batch is being issued."""
    batch = found_batch(request, uid)
    form = ItemSearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = rising_page(
        items(batch, **wanted).select_related("certificate").defer("certificate__der"),
        key="number",
        after=request.GET.get("after"),
        size=PAGE,
    )
    context = {"it": batch, "form": form, "page": page, "is_search": any(wanted.values())}
    return render(request, "batches/list_items.html", context, status=200 if form.is_valid() else 422)


@require_safe
def download_item(request: Any, uid: UUID, number: int) -> HttpResponse:
    """The Certificate that answers one request of a batch. L8.3"""
    batch = found_batch(request, uid)
    rows = items(batch, outcome=Outcome.CERTIFICATE).select_related("certificate")
    item = rows.filter(number=number).first()
    if item is None or item.certificate is None:
        raise Http404
    return CERTIFICATE_FORMS["pem"](bytes(item.certificate.der)).as_attachment(f"{item.base_name}.crt")


def _answered(request: Any, uid: UUID) -> Batch:
    """The batch, whose results are there to be fetched; RuleViolation where their time is over."""
    batch = found_batch(request, uid)
    if batch.state != COMPLETED or not batch.result_sha256:
        raise Http404
    rules.check_results_kept(removed=not results.are_kept(batch))
    return batch


@require_safe
def download_results(request: Any, uid: UUID) -> HttpResponseBase:
    """The ZIP of results. L8.1(b), L8.3"""
    return answer_with_results(_answered(request, uid))


def answer_with_results(batch: Batch) -> FileResponse:
    """The ZIP of results as pages and the interface give it, where results are kept. L8.3"""
    response = FileResponse(
        results.open_results(batch), as_attachment=True, filename=f"batch-{batch.reference}.zip"
    )
    response["Content-Type"] = "application/zip"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def download_report(request: Any, uid: UUID) -> HttpResponseBase:
    """The report alone."""
    batch = _answered(request, uid)
    response = StreamingHttpResponse(results.report_lines(batch), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="batch-{batch.reference}-report.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
