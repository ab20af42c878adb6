"""Requests for revocation and rejections: the Registration Authority's queue, and each with its course."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.requests.forms import RefusalForm
from certification.requests.sections import sections
from certification.revocations import considering, rejecting, services
from certification.revocations.forms import EvidenceForm, FindForm, FindingForm
from certification.revocations.models import RevocationRequest
from certification.revocations.rules import Origin
from certification.revocations.selectors import (
    certificates_to_consider,
    checks_of,
    rejections_visible_to,
    requests_visible_to,
    visible_certificate,
)
from certification.revocations.states import AWAITING_CHECK, BEING_INVESTIGATED
from smki_pma.calendar import clock
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from smki_pma.ui.forms import form_errors
from smki_pma.ui.paging import keyset_page

READERS = (Role.PARTY_OFFICER, Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR)
SHOWN = 100


@require_safe
def list_revocations(request: Any) -> HttpResponse:
    """What waits for a check, and what was decided, newest first. L3.4"""
    request.acting(*READERS, clause=services.SERVING)
    form = FindForm(request.GET or None)
    if form.is_valid():
        found = visible_certificate(form.cleaned_data["serial"], request.holdings)
        if found is not None:
            return redirect("revocations:show_certificate", serial=found.serial)
        form.add_error("serial", "You see no Certificate with this serial number. Copy it once more.")
    rows = requests_visible_to(request.holdings)
    context = {
        "form": form,
        "waiting": rows.filter(state=AWAITING_CHECK).order_by("due_at"),
        "decided": rows.exclude(state=AWAITING_CHECK).order_by("-decided_at")[:SHOWN],
        "rejections": rejections_visible_to(request.holdings)[:SHOWN],
        **sections(request),
    }
    return render(request, "revocations/list_revocations.html", context, status=422 if form.errors else 200)


def _found(request: Any, pk: UUID) -> RevocationRequest:
    return get_object_or_404(requests_visible_to(request.holdings), pk=pk)


@require_safe
def request_detail(request: Any, pk: UUID) -> HttpResponse:
    """One request with its checks; the officer decides here. L3.4"""
    request.acting(*READERS, clause=services.SERVING)
    return _request_page(request, _found(request, pk))


def _request_page(request: Any, found: RevocationRequest, **forms: Any) -> HttpResponse:
    waits = found.state == AWAITING_CHECK
    checks = checks_of(found, at=clock.now()) if waits else found.checks
    passes = waits and all(check.passed for check in checks)
    may_decide = waits and Role.DCC_RA_OFFICER in request.roles
    context = {
        "it": found,
        "certificate": found.certificate,
        "checks": checks,
        "passes": passes,
        "may_decide": may_decide,
        "is_own": found.asked_by_id == request.user.pk,
        "is_staff": bool({Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR} & request.roles),
        "may_refuse": not (passes and found.origin == Origin.PMA),
        "evidence_form": forms.get("evidence", EvidenceForm()),
        "refusal_form": forms.get("refusal", RefusalForm()),
        **sections(request),
    }
    return render(request, "revocations/request_detail.html", context, status=422 if forms else 200)


@require_POST
def grant_revocation(request: Any, pk: UUID) -> HttpResponse:
    """Revoke: the worker makes the CRL at once. L3.4"""
    by = request.acting(Role.DCC_RA_OFFICER, clause=services.SERVING)
    found = _found(request, pk)
    form = EvidenceForm(request.POST)
    if form.is_valid():
        with form_errors(form):
            services.grant_revocation(request_id=found.pk, by=by, **form.cleaned_data)
            messages.success(request, "The Certificate is revoked. A new CRL that names it is being made.")
            return redirect("revocations:request_detail", pk=found.pk)
    return _request_page(request, found, evidence=form)


@require_POST
def refuse_revocation(request: Any, pk: UUID) -> HttpResponse:
    """Refuse, with the reason. L3.4"""
    by = request.acting(Role.DCC_RA_OFFICER, clause=services.SERVING)
    found = _found(request, pk)
    form = RefusalForm(request.POST)
    if form.is_valid():
        with form_errors(form):
            services.refuse_revocation(request_id=found.pk, by=by, **form.cleaned_data)
            messages.success(request, "The request is refused. Whoever asked has been told.")
            return redirect("revocations:request_detail", pk=found.pk)
    return _request_page(request, found, refusal=form)


@require_http_methods(["GET", "HEAD", "POST"])
def rejection_detail(request: Any, pk: UUID) -> HttpResponse:
    """One rejection; of a Device Certificate DCC says here what it found. L3.5"""
    request.acting(*READERS, clause=services.SERVING)
    found = get_object_or_404(rejections_visible_to(request.holdings), pk=pk)
    form = FindingForm(request.POST or None)
    if request.method == "POST":
        by = request.acting(Role.DCC_RA_OFFICER, clause=services.SERVING)
        if form.is_valid():
            with form_errors(form):
                rejecting.conclude_investigation(rejection_id=pk, by=by, **form.cleaned_data)
                messages.success(request, "Your finding is recorded. The subscriber has been told.")
                return redirect("revocations:rejection_detail", pk=pk)
    may_conclude = found.state == BEING_INVESTIGATED and Role.DCC_RA_OFFICER in request.roles
    context = {
        "it": found,
        "certificate": found.certificate,
        "form": form,
        "may_conclude": may_conclude,
        **sections(request),
    }
    return render(request, "revocations/rejection_detail.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def consider_party(request: Any, party_id: UUID) -> HttpResponse:
    """Which Certificates of a Party that is no longer eligible are to be revoked. L3.4"""
    by = request.acting(Role.DCC_RA_OFFICER, clause=services.SERVING)
    party = get_object_or_404(Party.objects.select_related("organisation"), pk=party_id)
    certificates = certificates_to_consider(party, at=clock.now())
    form = FindingForm(request.POST or None)
    if form.is_valid():
        with form_errors(form):
            considering.conclude_consideration(party_id=party_id, by=by, **form.cleaned_data)
            messages.success(request, "What you decided is recorded.")
            return redirect("revocations:list_revocations")
    context = {
        "party": party,
        "form": form,
        "count": certificates.count(),
        "page": keyset_page(certificates, key="id", before=request.GET.get("before")),
        "is_owed": considering.is_owed(party),
        **sections(request),
    }
    return render(request, "revocations/consider_party.html", context, status=422 if form.errors else 200)
