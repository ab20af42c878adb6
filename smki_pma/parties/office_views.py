"""Offices around the PMA: who holds them over time, giving and ending them. Seats are on the members pages."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from smki_pma.calendar import clock
from smki_pma.parties.appointments import appoint as give_office
from smki_pma.parties.appointments import end_holding as end_office
from smki_pma.parties.forms import AppointForm, EndForm
from smki_pma.parties.models import Holding, Office
from smki_pma.parties.roles import ROLES, Role
from smki_pma.parties.rules import APPOINTMENTS, RECORDERS, Appointment, check_may_record
from smki_pma.parties.views import READ, READERS, act, people_or_account, pk_of


@require_safe
def list_offices(request: HttpRequest) -> HttpResponse:
    """Every office: what it lets its holder do, who appoints, and who holds it."""
    request.acting(*READERS, clause=READ)
    at = clock.now()
    held: dict[UUID, list[Holding]] = {}
    for holding in Holding.objects.at(at).select_related(
        "office", "person", "party__organisation", "for_holding__office"
    ):
        held.setdefault(holding.office_id, []).append(holding)
    rows = [
        (office, ROLES[Role(office.role)], APPOINTMENTS.get(Role(office.role)), held.get(office.pk, []))
        for office in Office.objects.all()
    ]
    return render(request, "parties/list_offices.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: HttpRequest) -> HttpResponse:
    """Give somebody an office; the choice holds the offices that one may record."""
    request.acting(*RECORDERS, clause="L1.1")
    start = {"person": request.GET.get("person"), "office": request.GET.get("office")}
    form = AppointForm(request.POST or None, initial=start, holdings=list(request.holdings))

    def give(data: dict[str, Any]) -> Holding:
        office: Office = data["office"]
        how = APPOINTMENTS[Role(office.role)]
        party_id = pk_of(data["party"])
        return give_office(
            office_key=office.key,
            person_id=data["person"].pk,
            party_id=party_id,
            ground=str(data["ground"]),
            by=request.acting(
                *how.recorded_by, clause=how.clause, party_id=_own_party(request, how, party_id)
            ),
        )

    return act(
        request,
        form,
        give,
        to=lambda made: _after(request, made),
        done="The office is given. It starts now.",
        page={
            "title": "Give an office",
            "intro": "Seats on the SMKI PMA and their Alternates are given on the members pages.",
            "button": "Give the office",
            "clause": "L1.1",
            "back": people_or_account(request),
        },
    )


def _own_party(request: HttpRequest, how: Appointment, party_id: UUID | None) -> UUID | None:
    """An officer of several Parties acts for the one named; clerks act for none."""
    clerk = bool(request.roles & {Role.SECRETARIAT, Role.CODE_ADMINISTRATOR})
    return party_id if how.own_party and not clerk else None


def _after(request: HttpRequest, holding: Holding) -> str:
    if request.roles & set(READERS):
        return reverse("parties:show_person", args=[holding.person_id])
    if holding.party_id:
        return reverse("parties:show_party", args=[holding.party_id])
    return reverse("show_account")


@require_http_methods(["GET", "HEAD", "POST"])
def end_holding(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """End an office; the holder's sessions and credentials end with it."""
    request.acting(*RECORDERS, clause="L1.1")
    holding = get_object_or_404(
        Holding.objects.select_related("office", "person", "party__organisation", "for_holding__office"),
        pk=holding_id,
    )
    own = {each.party_id for each in request.holdings}
    if not request.roles & set(READERS) and holding.party_id not in own:
        request.acting(*READERS, clause=READ)
    how = _appointment(request, holding)
    by = request.acting(
        *how.recorded_by, clause=how.clause, party_id=_own_party(request, how, holding.party_id)
    )
    return act(
        request,
        EndForm(request.POST or None),
        lambda data: end_office(holding_id=holding_id, reason=data["reason"], by=by),
        to=lambda made: _after(request, made),
        done="The office has ended.",
        page={
            "title": f"End an office: {holding.person.name}, {holding.title}",
            "intro": "It ends now. If it is the person's last office, the person is signed out everywhere.",
            "button": "End the office",
            "kind": "warning",
            "clause": how.clause,
            "back": (_after(request, holding), "Back"),
        },
    )


def _appointment(request: HttpRequest, holding: Holding) -> Appointment:
    """Who records the office: refused for seats, and for offices that others record."""
    possible = [
        role for role in request.roles if role in getattr(APPOINTMENTS.get(holding.role), "recorded_by", ())
    ]
    return check_may_record(holding.role, by_role=possible[0] if possible else "")
