"""Members and vacancies for everybody; appointments for the Secretariat; Alternates for members."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from smki_pma.clauses import RuleViolation
from smki_pma.governance.membership import services
from smki_pma.governance.membership.forms import (
    AlternateForm,
    AppointmentForm,
    ConfirmationForm,
    EndForm,
    ResignationForm,
    SeatForm,
)
from smki_pma.governance.membership.seats import BY_KEY, CHAIR_SEAT
from smki_pma.governance.membership.selectors import own_seats, seats_at, with_vacancies_dated
from smki_pma.parties.models import Holding
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import people_holding
from smki_pma.ui.forms import form_errors

RECORDERS = (Role.SECRETARIAT, Role.PANEL_OFFICER)
MEMBERS = (Role.PMA_CHAIR, Role.PMA_MEMBER)


@login_not_required
@require_safe
def list_members(request: Any) -> HttpResponse:
    """The seven offices, who holds them, their Alternates, and vacancies with their date (L1.3)."""
    signed_in = request.user.is_authenticated
    context = {
        "seats": with_vacancies_dated(seats_at()),
        "specialists": people_holding(Role.SMKI_SPECIALIST),
        "may_record": signed_in and bool(request.roles & set(RECORDERS)),
        "is_secretariat": signed_in and Role.SECRETARIAT in request.roles,
        "is_member": signed_in and bool(request.roles & set(MEMBERS)),
    }
    return render(request, "membership/list_members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_seat(request: Any) -> HttpResponse:
    """Which of the seven offices somebody is appointed to (L1.3)."""
    request.acting(*RECORDERS, clause="L1.3")
    form = SeatForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return redirect("membership:record_appointment", seat=form.cleaned_data["seat"])
    return render(request, "membership/choose_seat.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def record_appointment(request: Any, seat: str) -> HttpResponse:
    """Record an appointment, election or nomination (L1.5, L1.6, L1.8, L1.10)."""
    by = request.acting(*RECORDERS, clause="L1.3")
    if seat not in BY_KEY:
        raise Http404
    form = AppointmentForm(request.POST if request.method == "POST" else None, seat=BY_KEY[seat])
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: services.record_appointment(seat=seat, by=by, **form.as_arguments()),
                url=lambda made: reverse("membership:list_members"),
            )
            messages.success(request, "The appointment is recorded. It counts from the Member Confirmation.")
            return redirect(url)
    context = {"form": form, "seat": BY_KEY[seat]}
    return render(request, "membership/record_appointment.html", context, status=422 if form.errors else 200)


def _seat_holding(holding_id: UUID) -> Holding:
    holdings = Holding.objects.select_related("person", "office").filter(is_seat=True)
    return get_object_or_404(holdings, pk=holding_id)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_member(request: Any, holding_id: UUID) -> HttpResponse:
    """Record the Member Confirmation (C6.9)."""
    by = request.acting(Role.SECRETARIAT, clause="C6.9")
    holding = _seat_holding(holding_id)
    form = ConfirmationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.confirm_member(holding_id=holding.pk, by=by, **form.cleaned_data)
            messages.success(request, f"The term of {holding.person.name} counts from now.")
            return redirect("membership:list_members")
    context = {"form": form, "holding": holding}
    return render(request, "membership/confirm_member.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def end_term(request: Any, holding_id: UUID) -> HttpResponse:
    """Record that a term ends (L1.5(d), L1.6(c), L1.8(c))."""
    by = request.acting(*RECORDERS, clause="L1.6(c)")
    holding = _seat_holding(holding_id)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.end_term(holding_id=holding.pk, by=by, **form.cleaned_data)
            messages.success(request, f"The end of the term of {holding.person.name} is recorded.")
            return redirect("membership:list_members")
    context = {"form": form, "holding": holding}
    return render(request, "membership/end_term.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def resign(request: Any) -> HttpResponse:
    """A member gives notice of resignation (house rule on C4)."""
    by = request.acting(*MEMBERS, clause="L1.6(c)")
    form = ResignationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.end_term(
                holding_id=by.holding_id,
                ground="resigned",
                evidence="Notice given on this page",
                last_day=form.cleaned_data["last_day"],
                by=by,
            )
            messages.success(request, "Your resignation is recorded.")
            return redirect("membership:list_members")
    return render(request, "membership/resign.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def appoint_alternate(request: Any) -> HttpResponse:
    """A member names an Alternate (L1.12)."""
    by = request.acting(*MEMBERS, clause="L1.12")
    seat = next(iter(own_seats(request.user)), None)
    if seat is None:
        raise RuleViolation("Your term has ended.", clause="L1.12")
    is_chair = seat.seat.key == CHAIR_SEAT
    form = AlternateForm(request.POST if request.method == "POST" else None, is_chair=is_chair)
    if request.method == "POST" and form.is_valid():
        data = {n: v for n, v in form.cleaned_data.items() if n not in ("submission_key", "person")}
        person = form.cleaned_data["person"]
        with form_errors(form):
            url = form.act_once(
                lambda: services.appoint_alternate(person_id=person.pk, by=by, **data),
                url=lambda made: reverse("membership:appoint_alternate"),
            )
            messages.success(request, f"{person.name} is your Alternate.")
            return redirect(url)
    context = {
        "form": form,
        "seat": seat,
        "named": [h for h in seat.alternates if h.role is Role.ALTERNATE],
        "is_chair": is_chair,
    }
    return render(request, "membership/appoint_alternate.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw_alternate(request: Any, holding_id: UUID) -> HttpResponse:
    """A member takes the appointment back (C5.19)."""
    by = request.acting(*MEMBERS, clause="C5.19")
    services.withdraw_alternate(holding_id=holding_id, by=by)
    messages.success(request, "The appointment of your Alternate is withdrawn.")
    return redirect("membership:appoint_alternate")
