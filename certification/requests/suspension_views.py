"""What is suspended and why, for DCC's officers and the SMKI PMA; DCC enters and ends it on instruction. L2.14"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from certification.requests import suspending
from certification.requests.models import Suspension
from certification.requests.suspending import STAFF
from certification.requests.suspension import subscribing_parties
from certification.requests.suspension_forms import ReinstatementForm, SuspensionForm
from certification.requests.suspension_rules import EMERGENCY
from smki_pma.parties.authentication import require_fresh_second_factor
from smki_pma.parties.roles import PMA_READERS, Role
from smki_pma.ui.forms import form_errors

ENDED_SHOWN = 100


@require_safe
def list_suspensions(request: Any) -> HttpResponse:
    """Every suspension that runs, then those that have ended. L2.14"""
    request.acting(*STAFF, *PMA_READERS, clause=EMERGENCY)
    rows = Suspension.objects.select_related("party__organisation")
    context = {
        "running": list(rows.filter(ended_at__isnull=True)),
        "ended": list(rows.filter(ended_at__isnull=False)[:ENDED_SHOWN]),
        "may_carry_out": not request.roles.isdisjoint(STAFF),
        "may_check": Role.DCC_RA_OFFICER in request.roles,
        "may_operate": Role.DCC_CA_OPERATOR in request.roles,
    }
    return render(request, "requests/list_suspensions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def suspend_services(request: Any) -> HttpResponse:
    """Enter an instruction to suspend; it bites at once. L2.14, M8.4(f)"""
    by = request.acting(*STAFF, clause=EMERGENCY)
    form = SuspensionForm(request.POST if request.method == "POST" else None, parties=subscribing_parties())
    if form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: suspending.suspend_services(**form.arguments(), by=by),
                url=lambda _: reverse("requests:list_suspensions"),
            )
            messages.success(request, "The services are suspended. Those whom it touches have been told.")
            return redirect(url)
    return render(
        request, "requests/suspend_services.html", {"form": form}, status=422 if form.is_bound else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reinstate_services(request: Any, pk: UUID) -> HttpResponse:
    """Enter the instruction to reinstate; what was held goes on. L2.14"""
    by = request.acting(*STAFF, clause=EMERGENCY)
    suspension = get_object_or_404(Suspension.objects.select_related("party__organisation"), pk=pk)
    if request.method == "POST":
        require_fresh_second_factor(request)
    form = ReinstatementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            suspending.reinstate_services(
                suspension_id=suspension.pk, instruction=form.cleaned_data["instruction"], by=by
            )
            messages.success(request, "The services are reinstated, and what was held goes on.")
            return redirect("requests:list_suspensions")
    context = {"form": form, "it": suspension}
    return render(request, "requests/reinstate_services.html", context, status=422 if form.is_bound else 200)
