"""Forecasts: provided by the Parties, seen beside the use by them and by DCC."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from certification.performance import rules, services
from certification.performance.forms import ForecastFileForm, ForecastForm
from certification.performance.models import Forecast
from certification.performance.selectors import (
    comparison,
    forecasting_parties,
    forecasts_of,
    in_force,
    owes_forecasts,
    standing_of,
    standings,
)
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from smki_pma.ui.forms import form_errors

CLAUSE = services.CLAUSE
STAFF = (Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR)
PAGE = 20


def _own_parties(request: Any) -> list[UUID]:
    return [holding.party_id for holding in request.holdings if holding.role is Role.PARTY_OFFICER]


def _party(request: Any, party_id: UUID) -> Party:
    """The Party, for its own officers and for DCC's; for others it has no forecasts. L8.7"""
    request.acting(Role.PARTY_OFFICER, *STAFF, clause=CLAUSE)
    party: Party = get_object_or_404(Party.objects.select_related("organisation"), pk=party_id)
    if party_id not in _own_parties(request) and not set(STAFF) & request.roles:
        raise NotEntitled("You are not an officer of this Party.", clause=CLAUSE, hidden=True)
    return party


@require_safe
def list_forecasts(request: Any) -> HttpResponse:
    """Who owes a forecast and who has provided it, with all use beside all forecasts; one's own Party alone. L8.7"""
    request.acting(Role.PARTY_OFFICER, *STAFF, clause=CLAUSE)
    for_dcc = bool(set(STAFF) & request.roles)
    own = _own_parties(request)
    if not for_dcc and len(own) == 1:
        return redirect("performance:show_party", party_id=own[0])
    today = clock.today()
    occasion = rules.compute_occasion(today)
    parties = (
        forecasting_parties() if for_dcc else Party.objects.filter(pk__in=own).select_related("organisation")
    )
    context = {
        "rows": [
            (party, latest, standing.value)
            for party, latest, standing in standings(list(parties), occasion, at=clock.now())
        ],
        "occasion": occasion,
        "next_due": _next_due(occasion),
        "for_dcc": for_dcc,
        "months": comparison(party_id=None, on=today) if for_dcc else [],
    }
    return render(request, "performance/list_forecasts.html", context)


@require_safe
def show_party(request: Any, party_id: UUID) -> HttpResponse:
    """One Party's forecast beside its use, and every forecast that it has provided. L8.7, L8.8"""
    party = _party(request, party_id)
    today = clock.today()
    occasion = rules.compute_occasion(today)
    context = {
        "party": party,
        "is_own": party_id in _own_parties(request),
        "owes": owes_forecasts(party_id),
        "occasion": occasion,
        "standing": standing_of(party_id, occasion, at=clock.now()).value,
        "next_due": _next_due(occasion),
        "months": comparison(party_id=party_id, on=today),
        "page": Paginator(forecasts_of(party_id), PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "performance/show_party.html", context)


def _next_due(occasion: rules.Occasion) -> Any:
    index = occasion.month.year * 12 + occasion.month.month - 1 + 3
    return rules.compute_due(index // 12, index % 12 + 1)


def _known(party_id: UUID) -> list[rules.Expected]:
    return list(in_force(party_id, rules.compute_months(clock.today())).values())


@require_http_methods(["GET", "HEAD", "POST"])
def provide_forecast(request: Any, party_id: UUID) -> HttpResponse:
    """Put in the eight months to come. L8.7"""
    by = request.acting(Role.PARTY_OFFICER, clause=CLAUSE, party_id=party_id)
    party = _party(request, party_id)
    sent = request.method == "POST"
    form = ForecastForm(request.POST if sent else None, on=clock.today(), known=_known(party_id))
    if form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: services.provide_forecast(
                    party_id=party_id, expected=form.expected(), note=form.cleaned_data["note"], by=by
                ),
                url=lambda made: reverse("performance:show_forecast", args=[made.pk]),
            )
            messages.success(request, "Your forecast is with DCC.")
            return redirect(url)
    return _form_page(request, party, form)


def _form_page(request: Any, party: Party, form: ForecastForm, *, from_file: bool = False) -> HttpResponse:
    context = {"party": party, "form": form, "from_file": from_file}
    return render(request, "performance/provide_forecast.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def upload_forecast(request: Any, party_id: UUID) -> HttpResponse:
    """Read a CSV file into the form, to be looked at and then provided. L8.7"""
    request.acting(Role.PARTY_OFFICER, clause=CLAUSE, party_id=party_id)
    party = _party(request, party_id)
    sent = request.method == "POST"
    form = ForecastFileForm(request.POST if sent else None, request.FILES if sent else None)
    if form.is_valid():
        with form_errors(form):
            expected = rules.read_table(form.content())
            rules.check_months(expected, provided_on=clock.today())
            filled = ForecastForm(on=clock.today(), known=expected)
            return _form_page(request, party, filled, from_file=True)
    context = {"party": party, "form": form, "months": rules.compute_months(clock.today())}
    return render(request, "performance/upload_forecast.html", context, status=422 if form.is_bound else 200)


@require_safe
def download_template(request: Any, party_id: UUID) -> HttpResponse:
    """The eight months to come as CSV, with what was forecast for them last. L8.7"""
    party = _party(request, party_id)
    months = rules.compute_months(clock.today())
    return _csv(rules.fill(months, in_force(party.pk, months)), f"forecast-{months[0]:%Y-%m}.csv")


@require_safe
def show_forecast(request: Any, pk: UUID) -> HttpResponse:
    """One forecast as it was provided. L8.7"""
    forecast = _forecast(request, pk)
    context = {
        "it": forecast,
        "months": forecast.months.all(),
        "is_own": forecast.party_id in _own_parties(request),
    }
    return render(request, "performance/show_forecast.html", context)


@require_safe
def download_forecast(request: Any, pk: UUID) -> HttpResponse:
    """One forecast as CSV, in the form that can be uploaded. L8.7"""
    forecast = _forecast(request, pk)
    rows = [
        rules.Expected(each.month, each.single, each.batched, each.organisation)
        for each in forecast.months.all()
    ]
    return _csv(rows, f"forecast-{clock.london_date(forecast.provided_at):%Y-%m-%d}.csv")


def _forecast(request: Any, pk: UUID) -> Forecast:
    request.acting(Role.PARTY_OFFICER, *STAFF, clause=CLAUSE)
    found: Forecast = get_object_or_404(
        Forecast.objects.select_related("party__organisation", "provided_by"), pk=pk
    )
    _party(request, found.party_id)
    return found


def _csv(rows: list[rules.Expected], name: str) -> HttpResponse:
    response = HttpResponse(rules.write_table(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
