"""What DCC's Registration Authority officers do about subscribers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.subscribers import register, services
from certification.subscribers.forms import RangeForm, StepForm, WithdrawalForm
from certification.subscribers.models import Application, AuthorisedSubscriber, Eui64Range, ResponsibleOfficer
from certification.subscribers.rules import Ground, Policy, steps_for
from certification.subscribers.selectors import applications, parties_with_authorisations, step_rows
from certification.subscribers.states import IN_VERIFICATION
from smki_pma.ledger.actors import Actor
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from smki_pma.ui.forms import form_errors

CLAUSE = "L3.3"
PAGE = 50


def _officer(request: Any) -> Actor:
    by: Actor = request.acting(Role.DCC_RA_OFFICER, clause=CLAUSE)
    return by


@require_safe
def list_subscribers(request: Any) -> HttpResponse:
    """Applications to verify, and every Party with where it stands under each policy. L3.3"""
    _officer(request)
    page = Paginator(parties_with_authorisations(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "open": applications().filter(state=IN_VERIFICATION).order_by("applied_at")}
    return render(request, "subscribers/list_subscribers.html", context)


@require_safe
def party_detail(request: Any, pk: UUID) -> HttpResponse:
    """One Party as a subscriber: authorisations, officers, identifiers."""
    _officer(request)
    return _party_page(
        request, get_object_or_404(Party.objects.select_related("organisation"), pk=pk), RangeForm()
    )


def _party_page(request: Any, party: Party, form: RangeForm) -> HttpResponse:
    context = {
        "party": party,
        "form": form,
        "applications": applications().filter(party=party),
        "officers": party.responsible_officers.filter(ended_at__isnull=True).select_related("person"),
        "ranges": party.eui64_ranges.filter(ended_at__isnull=True),
    }
    return render(request, "subscribers/party_detail.html", context, status=422 if form.is_bound else 200)


@require_POST
def assign_range(request: Any, pk: UUID) -> HttpResponse:
    """Assign EUI-64 identifiers to a Party. L3.4"""
    by = _officer(request)
    party = get_object_or_404(Party.objects.select_related("organisation"), pk=pk)
    form = RangeForm(request.POST)
    if form.is_valid():
        with form_errors(form):
            codes = [int(code) for code in form.cleaned_data["role_codes"]]
            first, last = form.cleaned_data["first"], form.cleaned_data["last"]
            span = register.assign_range(party_id=party.pk, first=first, last=last, role_codes=codes, by=by)
            messages.success(request, f"{span} is assigned to {party}.")
            return redirect("subscribers:party_detail", pk=party.pk)
    return _party_page(request, party, form)


@require_POST
def end_range(request: Any, pk: UUID) -> HttpResponse:
    """End an assignment."""
    span = get_object_or_404(Eui64Range, pk=pk)
    register.end_range(range_id=span.pk, by=_officer(request))
    messages.success(request, f"{span} is no longer assigned.")
    return redirect("subscribers:party_detail", pk=span.party_id)


def _application(pk: UUID) -> Application:
    return get_object_or_404(applications(), pk=pk)


@require_safe
def application_detail(request: Any, pk: UUID) -> HttpResponse:
    """One application with every verification step and what was found. L3.3"""
    by = _officer(request)
    application = _application(pk)
    rows = step_rows(application)
    context = {
        "it": application,
        "rows": rows,
        "is_open": application.state == IN_VERIFICATION,
        "all_met": all(row.finding is not None and row.finding.met for row in rows),
        "any_not_met": any(row.finding is not None and not row.finding.met for row in rows),
        "recorded_by_me": any(row.finding and row.finding.recorded_by_id == by.person_id for row in rows),
        "officers": application.party.responsible_officers.filter(ended_at__isnull=True).select_related(
            "person"
        ),
    }
    return render(request, "subscribers/application_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_step(request: Any, pk: UUID, step: str) -> HttpResponse:
    """Record what one verification step found. L3.3"""
    by = _officer(request)
    application = _application(pk)
    asked = next((each for each in steps_for(Policy(application.policy)) if each.key == step), None)
    if asked is None:
        raise Http404
    form = StepForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        met, evidence = form.cleaned_data["met"] == "yes", form.cleaned_data["evidence"]
        with form_errors(form):
            services.record_step(application_id=application.pk, step=step, met=met, evidence=evidence, by=by)
            messages.success(request, f"{asked.title}: recorded as {'met' if met else 'not met'}.")
            return redirect("subscribers:application_detail", pk=application.pk)
    context = {"it": application, "step": asked, "form": form}
    return render(request, "subscribers/record_step.html", context, status=422 if form.is_bound else 200)


@require_POST
def authorise_subscriber(request: Any, pk: UUID) -> HttpResponse:
    """Authorise: the second of two officers. L3.3"""
    application = _application(pk)
    services.authorise_subscriber(application_id=application.pk, by=_officer(request))
    messages.success(request, f"{application.party} is an Authorised Subscriber.")
    return redirect("subscribers:application_detail", pk=application.pk)


@require_POST
def refuse_application(request: Any, pk: UUID) -> HttpResponse:
    """Refuse, naming the step that is not met. L3.3"""
    refused = services.refuse_application(application_id=_application(pk).pk, by=_officer(request))
    messages.success(request, f"The application is refused. {refused.reason}")
    return redirect("subscribers:application_detail", pk=refused.pk)


@require_POST
def verify_officer(request: Any, pk: UUID) -> HttpResponse:
    """A nominated officer's identity is verified."""
    get_object_or_404(ResponsibleOfficer, pk=pk)
    officer = register.verify_officer(officer_id=pk, by=_officer(request))
    messages.success(request, f"{officer.person} is verified.")
    return redirect("subscribers:party_detail", pk=officer.party_id)


@require_POST
def end_officer(request: Any, pk: UUID) -> HttpResponse:
    """End a nomination: the Party's own officer, or DCC."""
    by = request.acting(Role.DCC_RA_OFFICER, Role.PARTY_OFFICER, clause=CLAUSE)
    officer = get_object_or_404(ResponsibleOfficer, pk=pk)
    register.end_officer(officer_id=pk, by=by)
    messages.success(request, f"The nomination of {officer.person} has ended.")
    if by.role == Role.DCC_RA_OFFICER:
        return redirect("subscribers:party_detail", pk=officer.party_id)
    return redirect("subscribers:own_status")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_subscriber(request: Any, pk: UUID) -> HttpResponse:
    """DCC ends an authorisation where the Code requires it. L3.4"""
    by = _officer(request)
    subscriber = get_object_or_404(AuthorisedSubscriber.objects.select_related("party__organisation"), pk=pk)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        ground, reference = Ground(form.cleaned_data["ground"]), form.cleaned_data["reference"]
        with form_errors(form):
            services.withdraw_subscriber(subscriber_id=pk, ground=ground, reference=reference, by=by)
            messages.success(request, f"{subscriber} is no longer an Authorised Subscriber.")
            return redirect("subscribers:party_detail", pk=subscriber.party_id)
    context = {"it": subscriber, "form": form}
    return render(
        request, "subscribers/withdraw_subscriber.html", context, status=422 if form.is_bound else 200
    )
