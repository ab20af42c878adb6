"""What DCC does about the interface: test access, announced work, and the dates that L4.2 runs from."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.service_interface import entry_testing, maintenance
from certification.service_interface.forms import (
    AvailabilityFactForm,
    EndAccessForm,
    TestAccessForm,
    WindowForm,
)
from certification.service_interface.models import AvailabilityFact, MaintenanceWindow
from certification.service_interface.sections import sections
from certification.service_interface.selectors import obliged_from, test_accesses, windows_by_time
from smki_pma.calendar import clock
from smki_pma.parties.authentication import require_fresh_second_factor
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure
from smki_pma.ui.forms import form_errors

PAGE = 50


@require_safe
def list_test_access(request: Any) -> HttpResponse:
    """Which Parties may use the test interface, and which could. L4.1(b)"""
    request.acting(Role.DCC_RA_OFFICER, clause=entry_testing.CLAUSE)
    context = {
        "page": Paginator(test_accesses(), PAGE).get_page(request.GET.get("page")),
        "now": clock.now(),
    } | sections(request)
    return render(request, "service_interface/list_test_access.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def grant_test_access(request: Any) -> HttpResponse:
    """Let a Party use the test interface. L4.1(b)"""
    by = request.acting(Role.DCC_RA_OFFICER, clause=entry_testing.CLAUSE)
    require_fresh_second_factor(request)
    parties = Party.objects.select_related("organisation").exclude(category="dcc")
    form = TestAccessForm(request.POST if request.method == "POST" else None, parties=parties)
    if form.is_valid():
        with form_errors(form):
            party_id, purpose = UUID(form.cleaned_data["party"]), form.cleaned_data["purpose"]
            url = form.act_once(
                lambda: entry_testing.grant_test_access(
                    party_id=party_id, purpose=purpose, ends_at=form.ends_at(), by=by
                ),
                url=lambda _made: reverse("service_interface:list_test_access"),
            )
            messages.success(request, "Test access is granted. The Party's officers are told.")
            return redirect(url)
    return render(
        request,
        "service_interface/grant_test_access.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end_test_access(request: Any, pk: UUID) -> HttpResponse:
    """End a Party's test access. L4.1(b)"""
    by = request.acting(Role.DCC_RA_OFFICER, clause=entry_testing.CLAUSE)
    access = get_object_or_404(test_accesses(), pk=pk)
    form = EndAccessForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            entry_testing.end_test_access(access_id=pk, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, f"The test access of {access.party} has ended.")
            return redirect("service_interface:list_test_access")
    context = {"it": access, "form": form}
    return render(
        request, "service_interface/end_test_access.html", context, status=422 if form.is_bound else 200
    )


@require_safe
@login_not_required
def list_windows(request: Any) -> HttpResponse:
    """Announced work on the interface, for everybody, and since when it must be available. L4.2"""
    now = clock.now()
    coming, past = windows_by_time(at=now)
    context = {
        "now": now,
        "coming": coming,
        "page": Paginator(past, PAGE).get_page(request.GET.get("page")),
        "obliged_from": obliged_from(),
        "facts": AvailabilityFact.objects.order_by("-recorded_at"),
        "notice": figure("interface.maintenance_notice_working_days"),
        "hours": figure("interface.maintenance_hours"),
        "may_announce": Role.DCC_CA_OPERATOR in getattr(request, "roles", ()),
    } | sections(request)
    return render(request, "service_interface/list_windows.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def announce_window(request: Any) -> HttpResponse:
    """Announce work in advance. H8.3"""
    by = request.acting(Role.DCC_CA_OPERATOR, clause=maintenance.MAINTENANCE)
    form = WindowForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: maintenance.announce_window(by=by, **form.arguments()),
                url=lambda _made: reverse("service_interface:list_windows"),
            )
            messages.success(request, "The work is announced. Subscribers and testers are told.")
            return redirect(url)
    context = {
        "form": form,
        "notice": figure("interface.maintenance_notice_working_days"),
        "hours": figure("interface.maintenance_hours"),
    }
    return render(
        request, "service_interface/announce_window.html", context, status=422 if form.is_bound else 200
    )


@require_POST
def cancel_window(request: Any, pk: UUID) -> HttpResponse:
    """Take an announcement back. H8.3"""
    by = request.acting(Role.DCC_CA_OPERATOR, clause=maintenance.MAINTENANCE)
    get_object_or_404(MaintenanceWindow, pk=pk)
    maintenance.cancel_window(window_id=pk, by=by)
    messages.success(request, "The work is cancelled. Everybody who was told is told.")
    return redirect("service_interface:list_windows")


@require_POST
def end_window(request: Any, pk: UUID) -> HttpResponse:
    """Say that running work is over. L4.2"""
    by = request.acting(Role.DCC_CA_OPERATOR, clause=maintenance.MAINTENANCE)
    get_object_or_404(MaintenanceWindow, pk=pk)
    maintenance.end_window(window_id=pk, by=by)
    messages.success(request, "The work is over. The interface is open.")
    return redirect("service_interface:list_windows")


@require_http_methods(["GET", "HEAD", "POST"])
def record_availability_fact(request: Any) -> HttpResponse:
    """Record since when, or on which dates, the interface must be available. L4.2"""
    by = request.acting(Role.DCC_CA_OPERATOR, clause=maintenance.AVAILABLE)
    form = AvailabilityFactForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: maintenance.record_availability_fact(by=by, **form.arguments()),
                url=lambda _made: reverse("service_interface:list_windows"),
            )
            messages.success(request, "The fact is recorded.")
            return redirect(url)
    return render(
        request,
        "service_interface/record_availability_fact.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )
