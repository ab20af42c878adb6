"""Meetings: the list, calling and convening, the page of one meeting, attendance."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from smki_pma.clauses import RuleViolation
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.access import (
    calls_in_emergencies,
    clerk,
    clerk_or_presiding,
    is_clerk,
    meeting_or_404,
    prepares,
    presiding,
)
from smki_pma.governance.meetings.apology_views import apologies_context
from smki_pma.governance.meetings.conflicts import DECLARERS_UNREAD
from smki_pma.governance.meetings.display import (
    adjourned_at,
    quorum_changes,
    spans_without_quorum,
    strip_of,
)
from smki_pma.governance.meetings.forms import (
    ArrivalForm,
    CallMeetingForm,
    ConveneForm,
    DepartureForm,
    ReasonForm,
)
from smki_pma.governance.meetings.models import Attendance, Item, Meeting, MeetingKind, Vote
from smki_pma.governance.meetings.room import PRESIDERS
from smki_pma.governance.meetings.selectors import pma_readers, readable
from smki_pma.governance.membership.selectors import seats_at
from smki_pma.parties.roles import DCC_STAFF, Role
from smki_pma.parties.selectors import people_holding
from smki_pma.rules_in_force.selectors import figure
from smki_pma.ui.forms import form_errors

DECIDED = ("carried", "not_carried")
ADMITTED = Q(late=False) | Q(leave_at__isnull=False)


@login_not_required
@require_safe
def list_meetings(request: Any) -> HttpResponse:
    """Every meeting with its headlines, public titles alone; drafts for those who prepare them (L9.12)."""
    meetings = Meeting.objects.order_by("-starts_at")
    in_emergencies = request.user.is_authenticated and calls_in_emergencies(request)
    if not (request.user.is_authenticated and (is_clerk(request) or pma_readers(request.user))):
        prepared = Q(kind=MeetingKind.EMERGENCY) if in_emergencies else Q(pk=None)
        meetings = meetings.filter(~Q(state="draft") | prepared)
    decided = Vote.objects.filter(state__in=DECIDED).order_by("reference")
    items = (
        Item.objects.filter(ADMITTED)
        .exclude(state="withdrawn")
        .prefetch_related(Prefetch("votes", queryset=decided, to_attr="decided"))
    )
    page = Paginator(meetings.prefetch_related(Prefetch("items", queryset=items)), 10).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "may_call": in_emergencies or (request.user.is_authenticated and is_clerk(request)),
        "may_open": request.user.is_authenticated,
    }
    return render(request, "meetings/list_meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def call_meeting(request: Any) -> HttpResponse:
    """Make a meeting in draft: the clerks (L1.15), and for L2.14 the Chair or the Chair's Alternate."""
    in_emergencies = calls_in_emergencies(request)
    by = presiding(request) if in_emergencies else clerk(request)
    form = CallMeetingForm(
        request.POST if request.method == "POST" else None,
        ordinary=is_clerk(request),
        emergency=in_emergencies,
    )
    if request.method == "POST" and form.is_valid():
        data = {k: v for k, v in form.cleaned_data.items() if k != "submission_key"}
        with form_errors(form):
            url = form.act_once(
                lambda: services.call_meeting(by=by, **data),
                url=lambda made: reverse("meetings:show_meeting", args=[made.pk]),
            )
            return redirect(url)
    return render(request, "meetings/call_meeting.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def show_meeting(request: Any, meeting_id: UUID) -> HttpResponse:
    """Agenda, attendance with live quorum, decisions and, for the Secretariat, the minutes beside them."""
    meeting = meeting_or_404(request, meeting_id)
    strip = strip_of(meeting)
    reads = pma_readers(request.user)
    items = meeting.items.prefetch_related("papers", "votes__resolution", "recusals").select_related("note")
    if not (reads or is_clerk(request)):
        items = items.filter(ADMITTED)
    own = readable(request.user, items)
    cards = [{"item": item, "reads": item.pk in own} for item in items]
    presides = strip.is_presided_by(request.user)
    context = {
        "meeting": meeting,
        "strip": strip,
        "cards": cards,
        "reads": reads,
        "may_give_leave": bool(request.roles & set(PRESIDERS)),
        "is_secretariat": Role.SECRETARIAT in request.roles,
        "may_declare_unread": bool(request.roles & DECLARERS_UNREAD),
        "is_clerk": is_clerk(request),
        "prepares": prepares(request, meeting),
        "may_convene": _may_convene(request, meeting),
        "keeps_order": presides or Role.SECRETARIAT in request.roles,
        "may_lead": bool(request.roles & set(PRESIDERS)) or Role.SECRETARIAT in request.roles,
        "invitations": meeting.invitations.all() if reads else [],
        "stays": meeting.attendance.all() if reads else [],
        "spans": spans_without_quorum(quorum_changes(meeting, None), adjourned_at(meeting)) if reads else [],
        "decided": [v for card in cards if card["reads"] for v in card["item"].votes.all() if v.is_decided],
        "minutes": getattr(meeting, "minutes", None),
        **apologies_context(request, meeting, shown=reads),
    }
    return render(request, "meetings/show_meeting.html", context)


def _may_convene(request: Any, meeting: Meeting) -> bool:
    """The Secretariat gives notice; of a meeting for L2.14 the Chair, or the Chair's Alternate."""
    return calls_in_emergencies(request) if meeting.is_emergency else Role.SECRETARIAT in request.roles


@require_safe
def show_strip(request: Any, meeting_id: UUID) -> HttpResponse:
    """The strip of presence and quorum alone, which the meeting page refreshes; 204 where nothing is new."""
    strip = strip_of(meeting_or_404(request, meeting_id))
    if request.GET.get("seen") == strip.seen:
        return HttpResponse(status=204)
    return render(request, "meetings/_strip.html", {"strip": strip, "reads": pma_readers(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def convene(request: Any, meeting_id: UUID) -> HttpResponse:
    """Give notice with agenda and papers (L1.14, L1.15)."""
    meeting = meeting_or_404(request, meeting_id)
    by = request.acting(Role.SECRETARIAT, *PRESIDERS, clause="L1.15")
    form = ConveneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with form_errors(form):
            services.convene(
                meeting_id=meeting.pk,
                dcc_representative_id=UUID(data["dcc_representative"]),
                others=data["others"],
                short_notice_ground=data["short_notice_ground"],
                agreed=data["agreed"],
                by=by,
            )
            messages.success(request, f"Notice of meeting {meeting.reference} is given. Papers are locked.")
            return redirect("meetings:show_meeting", meeting_id=meeting.pk)
    context = {"form": form, "meeting": meeting, "days": figure("meetings.notice_working_days")}
    return render(request, "meetings/convene.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel_meeting(request: Any, meeting_id: UUID) -> HttpResponse:
    """Call the meeting off (L1.15)."""
    meeting = meeting_or_404(request, meeting_id)
    by = clerk(request)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label="Why is the meeting cancelled?",
        hint="It is public.",
    )
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.cancel_meeting(meeting_id=meeting.pk, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, f"Meeting {meeting.reference} is cancelled.")
            return redirect("meetings:show_meeting", meeting_id=meeting.pk)
    context = {"form": form, "meeting": meeting}
    return render(request, "meetings/cancel_meeting.html", context, status=422 if form.errors else 200)


@require_POST
def open_meeting(request: Any, meeting_id: UUID) -> HttpResponse:
    """Open the meeting (L1.13)."""
    services.open_meeting(meeting_id=meeting_or_404(request, meeting_id).pk, by=clerk_or_presiding(request))
    messages.success(request, "The meeting is open.")
    return redirect("meetings:show_meeting", meeting_id=meeting_id)


@require_http_methods(["GET", "HEAD", "POST"])
def adjourn_meeting(request: Any, meeting_id: UUID) -> HttpResponse:
    """Break the meeting off (L1.15)."""
    meeting = meeting_or_404(request, meeting_id)
    by = clerk_or_presiding(request)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label="Until when?",
        hint="A day and time, or “later today”.",
    )
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.adjourn_meeting(meeting_id=meeting.pk, until=form.cleaned_data["reason"][:200], by=by)
            messages.success(request, "The meeting is adjourned.")
            return redirect("meetings:show_meeting", meeting_id=meeting.pk)
    context = {"form": form, "meeting": meeting}
    return render(request, "meetings/adjourn_meeting.html", context, status=422 if form.errors else 200)


@require_POST
def resume_meeting(request: Any, meeting_id: UUID) -> HttpResponse:
    """Go on after an adjournment (L1.13)."""
    services.resume_meeting(meeting_id=meeting_or_404(request, meeting_id).pk, by=clerk_or_presiding(request))
    messages.success(request, "The meeting goes on.")
    return redirect("meetings:show_meeting", meeting_id=meeting_id)


@require_http_methods(["GET", "HEAD", "POST"])
def close_meeting(request: Any, meeting_id: UUID) -> HttpResponse:
    """End the meeting, after a page that says what is left (L1.15)."""
    meeting = meeting_or_404(request, meeting_id)
    by = clerk_or_presiding(request)
    if request.method == "POST":
        services.close_meeting(meeting_id=meeting.pk, by=by)
        messages.success(request, f"Meeting {meeting.reference} is closed.")
        return redirect("meetings:show_meeting", meeting_id=meeting.pk)
    left = meeting.items.filter(state__in=["listed", "open"])
    return render(request, "meetings/close_meeting.html", {"meeting": meeting, "left": left})


@require_http_methods(["GET", "HEAD", "POST"])
def record_arrivals(request: Any, meeting_id: UUID) -> HttpResponse:
    """Who comes in, for which seat (L1.12, L1.13)."""
    meeting = meeting_or_404(request, meeting_id)
    by = clerk(request)
    form = ArrivalForm(request.POST if request.method == "POST" else None, choices=_arrival_choices(meeting))
    if request.method == "POST" and form.is_valid():
        refused = _arrive(meeting, form.cleaned_data["arrivals"], by)
        for refusal in refused:
            form.add_error("arrivals", refusal.message)
        if refused:
            form.add_error("arrivals", "Nobody’s arrival has been recorded. Choose again.")
        else:
            messages.success(request, "Attendance is recorded.")
            return redirect("meetings:show_meeting", meeting_id=meeting.pk)
    context = {"form": form, "meeting": meeting, "strip": strip_of(meeting)}
    return render(request, "meetings/record_arrivals.html", context, status=422 if form.errors else 200)


def _arrive(meeting: Meeting, chosen: list[str], by: Any) -> list[RuleViolation]:
    """All of them come in, or nobody does and every refusal is given."""
    refused = []
    with transaction.atomic():
        for choice in chosen:
            seat, _, person_id = choice.partition(":")
            try:
                services.record_arrival(
                    meeting_id=meeting.pk,
                    person_id=UUID(person_id),
                    seat=seat,
                    capacity="" if seat else "invitee",
                    by=by,
                )
            except RuleViolation as refusal:
                refused.append(refusal)
        if refused:
            transaction.set_rollback(True)
    return refused


def _arrival_choices(meeting: Meeting) -> list[tuple[str, str]]:
    """Everybody who may come in and is not in the room in that place."""
    here = {(s.seat, s.person_id) for s in Attendance.objects.filter(meeting=meeting, left_at__isnull=True)}
    choices = []
    for seat in seats_at():
        people = [] if seat.holding is None else [(seat.holding.person, seat.seat.title)]
        people += [(h.person, f"acts as Alternate for the {seat.seat.title}") for h in seat.alternates]
        for person, title in people:
            if (seat.seat.key, person.pk) not in here:
                choices.append((f"{seat.seat.key}:{person.pk}", f"{person.name}, {title}"))
    invitees = [(p, "SMKI Specialist, without a seat") for p in people_holding(Role.SMKI_SPECIALIST)]
    invitees += [(p, "for the DCC") for p in people_holding(*DCC_STAFF)]
    inside = {person_id for _, person_id in here}
    choices += [(f":{p.pk}", f"{p.name}, {title}") for p, title in invitees if p.pk not in inside]
    return choices


@require_http_methods(["GET", "HEAD", "POST"])
def record_departure(request: Any, meeting_id: UUID, person_id: UUID) -> HttpResponse:
    """Somebody goes out, after a warning where that breaks quorum (L1.13)."""
    meeting = meeting_or_404(request, meeting_id)
    by = clerk(request)
    stay = get_object_or_404(Attendance, meeting=meeting, person_id=person_id, left_at__isnull=True)
    seat = next((s for s in seats_at() if s.seat.key == stay.seat), None)
    alternates = [] if seat is None else [h.person for h in seat.alternates if h.person_id != person_id]
    strip = strip_of(meeting)
    form = DepartureForm(
        request.POST if request.method == "POST" else None,
        alternates=[(str(p.pk), f"Yes, {p.name}") for p in alternates],
    )
    if request.method == "POST" and form.is_valid():
        handed = form.cleaned_data.get("handed_to")
        with form_errors(form):
            services.record_departure(
                meeting_id=meeting.pk, person_id=person_id, handed_to=UUID(handed) if handed else None, by=by
            )
            messages.success(request, f"{stay.name} has left the room.")
            return redirect("meetings:show_meeting", meeting_id=meeting.pk)
    context = {
        "form": form,
        "meeting": meeting,
        "stay": stay,
        "strip": strip,
        "breaks": stay.name in strip.critical,
    }
    return render(request, "meetings/record_departure.html", context, status=422 if form.errors else 200)
