"""Key ceremonies in the browser: approve by two, watch. The worker acts; this process holds no key."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from certification.authorities import lists, making, services, states
from certification.authorities.forms import AbandonForm, ApproveForm
from certification.authorities.models import Ceremony
from certification.authorities.rules import is_lapsed
from certification.authorities.selectors import ceremonies
from certification.authorities.views import READERS
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.parties.authentication import require_fresh_second_factor
from smki_pma.parties.roles import Role
from smki_pma.records.selectors import records_about
from smki_pma.rules_in_force.selectors import figure
from smki_pma.ui.forms import form_errors

WAIT_SECONDS = 2


def address_of(ceremony: Ceremony) -> str:
    """Where the ceremony is shown."""
    return reverse("authorities:show_ceremony", args=[ceremony.pk])


@require_safe
def show_ceremony(request: Any, pk: UUID) -> HttpResponse:
    """The script, who approved it, what came of it."""
    request.acting(*READERS, clause=services.CLAUSE)
    return _show(request, get_object_or_404(ceremonies(), pk=pk))


def _show(
    request: Any,
    ceremony: Ceremony,
    approve: ApproveForm | None = None,
    abandon: AbandonForm | None = None,
) -> HttpResponse:
    approve = approve or ApproveForm(initial={"script_sha256": ceremony.script_sha256})
    open_ = states.CEREMONY.allows("approve", state=ceremony.state)
    operator = Role.DCC_CA_OPERATOR in request.roles
    minutes = figure("authorities.approval_minutes")
    under_way = ceremony.state in (states.APPROVED, states.RUNNING)
    lapsed = is_lapsed(ceremony.first_approved_at, clock.now(), minutes)
    context = {
        "ceremony": ceremony,
        "approve": approve,
        "abandon": abandon or AbandonForm(),
        "minutes": minutes,
        "lapsed": lapsed and ceremony.first_approved_at is not None,
        "may_abandon": operator and open_,
        "may_approve": operator and open_ and (lapsed or ceremony.first_approved_by_id != request.user.pk),
        "is_under_way": under_way,
        "held": under_way and making.signs_lists(ceremony) and lists.held_on(clock.now()),
        "records": records_about(ceremony),
        "authorities": ceremony.authorities.order_by("activated_at", "kind"),
    }
    bound = approve.is_bound or (abandon is not None and abandon.is_bound)
    return render(request, "authorities/show_ceremony.html", context, status=422 if bound else 200)


@require_POST
def approve_ceremony(request: Any, pk: UUID) -> HttpResponse:
    """Approve the script as shown; after the second approval wait shortly for the worker."""
    by = request.acting(Role.DCC_CA_OPERATOR, clause=services.CLAUSE)
    ceremony = get_object_or_404(ceremonies(), pk=pk)
    require_fresh_second_factor(request)
    form = ApproveForm(request.POST)
    if form.is_valid():
        with form_errors(form):
            approved = services.approve_ceremony(
                ceremony_id=pk, script_sha256=form.cleaned_data["script_sha256"], by=by
            )
            if approved.job_id is not None:
                jobs.wait_for(approved.job_id, WAIT_SECONDS)
            messages.success(request, "Your approval is recorded.")
            return redirect(address_of(approved))
    return _show(request, ceremony, approve=form)


@require_POST
def abandon_ceremony(request: Any, pk: UUID) -> HttpResponse:
    """Call off a ceremony that two people have not approved."""
    by = request.acting(Role.DCC_CA_OPERATOR, clause=services.CLAUSE)
    ceremony = get_object_or_404(ceremonies(), pk=pk)
    form = AbandonForm(request.POST)
    if form.is_valid():
        with form_errors(form):
            services.abandon_ceremony(ceremony_id=pk, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, "The key ceremony is abandoned.")
            return redirect(address_of(ceremony))
    return _show(request, ceremony, abandon=form)
