"""Planning key ceremonies in the browser: the four Authorities, a roll-over, the use of a root's key."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from certification.authorities import planning
from certification.authorities.ceremony_views import address_of
from certification.authorities.forms import PlanForm, RollOverForm, WitnessedForm
from certification.authorities.models import Ceremony
from certification.authorities.selectors import authorities
from smki_pma.ledger.actors import Actor
from smki_pma.parties.roles import Role
from smki_pma.ui.forms import form_errors

_PAGE = require_http_methods(["GET", "HEAD", "POST"])


@_PAGE
def plan_ceremony(request: Any) -> HttpResponse:
    """An operator plans the ceremony that makes all four Authorities."""
    by = _operator(request)
    form = PlanForm(request.POST or None)
    return _planned(
        request,
        form,
        lambda: planning.plan_ceremony(
            environment=form.cleaned_data["environment"],
            names=form.names(),
            witnesses=form.cleaned_data["witnesses"],
            by=by,
        ),
        {},
        template="authorities/plan_ceremony.html",
    )


@_PAGE
def plan_roll_over(request: Any, pk: UUID) -> HttpResponse:
    """An operator plans the successor of an Issuing Authority."""
    by = _operator(request)
    authority = get_object_or_404(authorities(), pk=pk, parent__isnull=False)
    form = RollOverForm(request.POST or None)
    return _planned(
        request,
        form,
        lambda: planning.plan_roll_over(
            authority_id=pk, name=form.cleaned_data["name"], witnesses=form.cleaned_data["witnesses"], by=by
        ),
        {"authority": authority},
        template="authorities/plan_roll_over.html",
    )


@_PAGE
def plan_root_use(request: Any, pk: UUID) -> HttpResponse:
    """An operator plans the next Authority Revocation List of a root."""
    by = _operator(request)
    root = get_object_or_404(authorities(), pk=pk, parent__isnull=True)
    form = WitnessedForm(request.POST or None)
    return _planned(
        request,
        form,
        lambda: planning.plan_arl(root_id=pk, witnesses=form.cleaned_data["witnesses"], by=by),
        {"authority": root},
        template="authorities/plan_root_use.html",
    )


def _operator(request: Any) -> Actor:
    by: Actor = request.acting(Role.DCC_CA_OPERATOR, clause=planning.CLAUSE)
    return by


def _planned(
    request: Any,
    form: WitnessedForm,
    plan: Callable[[], Ceremony],
    context: dict[str, object],
    *,
    template: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            url = form.act_once(plan, url=address_of)
            messages.success(request, "The key ceremony is planned. Two operators approve its script now.")
            return redirect(url)
    return render(request, template, context | {"form": form}, status=422 if form.is_bound else 200)
