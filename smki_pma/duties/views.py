"""For you, the register of duties, and the personal calendar."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from smki_pma.calendar import clock
from smki_pma.duties import feeds
from smki_pma.duties.forms import RegisterFilter
from smki_pma.duties.models import DutyQuerySet
from smki_pma.duties.selectors import Line, by_urgency, filtered, holder_of, lines, own_duties, visible_to
from smki_pma.ui.csv_lines import csv_lines

ORDERS = {"due": "due_at", "opened": "opened_at", "title": "title", "clause": "clause"}


@require_safe
def for_you(request: HttpRequest) -> HttpResponse:
    """Everything that the signed-in person owes now, most urgent first."""
    at = clock.now()
    duties = list(own_duties(request.holdings).select_related("party__organisation"))
    context = {"groups": by_urgency(duties, at=at), "count": len(duties)}
    return render(request, "duties/for_you.html", context)


@require_safe
def list_duties(request: HttpRequest) -> HttpResponse:
    """The register: who owes what by when."""
    duties, form = _cut(request)
    page = Paginator(duties, 50).get_page(request.GET.get("page"))
    rows = [(each, holder_of(each.duty)) for each in lines(page, at=clock.now())]
    context = {"form": form, "page": page, "rows": rows, "total": page.paginator.count}
    return render(request, "duties/list_duties.html", context)


@require_safe
def export_duties(request: HttpRequest) -> HttpResponse:
    """The same cut of the register as a table for a spreadsheet."""
    duties, _ = _cut(request)
    header = ["Duty", "Clause", "Holder", "State", "Opened", "Due", "Done", "Withdrawn"]
    rows = (_cells(each) for each in lines(duties.iterator(chunk_size=500), at=clock.now()))
    response = HttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="duties.csv"'
    return response


def _cells(line: Line) -> list[str]:
    duty = line.duty
    times = [duty.opened_at, duty.due_at, duty.discharged_at, duty.withdrawn_at]
    cells = [duty.title, duty.clause, holder_of(duty), line.state]
    return cells + [at.isoformat() if at else "" for at in times]


def _cut(request: HttpRequest) -> tuple[DutyQuerySet, RegisterFilter]:
    form = RegisterFilter(request.GET or {"state": "open"})
    duties = filtered(visible_to(request.holdings), **form.chosen())
    return duties.order_by(*_order(request.GET.get("sort", ""))), form


def _order(sort: str) -> list[Any]:
    column = F(ORDERS.get(sort.lstrip("-"), "due_at"))
    ordered = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return [ordered, "pk"]


@require_safe
def show_calendar(request: HttpRequest) -> HttpResponse:
    """The personal calendar address: make one, make a new one, end it."""
    address = feeds.address_of(request.user)
    context = {"address": address, "fresh": request.session.pop("calendar_address", None)}
    return render(request, "duties/show_calendar.html", context)


@require_POST
def make_calendar_address(request: HttpRequest) -> HttpResponse:
    """Make a new secret address; an earlier one ends. It is shown once."""
    secret = feeds.make_address(request.user)
    request.session["calendar_address"] = request.build_absolute_uri(
        reverse("duties:calendar_feed", args=[secret])
    )
    messages.success(request, "Your calendar has a new address.")
    return redirect("duties:show_calendar")


@require_POST
def revoke_calendar_address(request: HttpRequest) -> HttpResponse:
    """End the secret address."""
    feeds.revoke_addresses(request.user)
    messages.success(request, "Your calendar address no longer works.")
    return redirect("duties:show_calendar")


@require_safe
@login_not_required
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind a secret address; 404 for an address that is unknown, ended, or without office."""
    person = feeds.person_of(secret)
    if person is None:
        raise Http404
    response = HttpResponse(feeds.calendar_of(person), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="smki-pma.ics"'
    return response
