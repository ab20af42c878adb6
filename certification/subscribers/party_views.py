"""What a Party's own officers see and do about its authorisation."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.subscribers import register, services
from certification.subscribers.forms import ApplicationForm, NominationForm
from certification.subscribers.models import AuthorisedSubscriber
from certification.subscribers.rules import Ground, Policy
from certification.subscribers.selectors import own_standings
from smki_pma.ledger.actors import Actor
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import officers_of
from smki_pma.ui.forms import form_errors

CLAUSE = "L3.2"


def _officer(request: Any, party_id: UUID | None = None) -> Actor:
    by: Actor = request.acting(Role.PARTY_OFFICER, clause=CLAUSE, party_id=party_id)
    return by


@require_safe
def own_status(request: Any) -> HttpResponse:
    """Where the own Party stands: tests, authorisations, officers, identifiers. L3.2, L7.1"""
    _officer(request)
    parties = [holding.party_id for holding in request.holdings if holding.role is Role.PARTY_OFFICER]
    standings = own_standings(parties)
    for standing in standings:
        nominated = {officer.person_id for officer in standing.officers}
        others = [person for person in officers_of(standing.party.pk) if person.pk not in nominated]
        standing.form = NominationForm(officers=others) if others else None
    context = {"standings": standings, "may_check": Role.DCC_RA_OFFICER in request.roles}
    return render(request, "subscribers/own_status.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def apply_to_subscribe(request: Any, party_id: UUID) -> HttpResponse:
    """Apply under one policy. L3.2"""
    by = _officer(request, party_id)
    party = get_object_or_404(Party.objects.select_related("organisation"), pk=party_id)
    form = ApplicationForm(request.POST if request.method == "POST" else None, officers=officers_of(party_id))
    if form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: services.apply_to_subscribe(party_id=party_id, by=by, **form.arguments()),
                url=lambda _made: reverse("subscribers:own_status"),
            )
            messages.success(request, "Your application is with DCC.")
            return redirect(url)
    context = {"party": party, "form": form}
    return render(
        request, "subscribers/apply_to_subscribe.html", context, status=422 if form.is_bound else 200
    )


@require_POST
def nominate_officer(request: Any, party_id: UUID) -> HttpResponse:
    """Nominate one more responsible officer."""
    by = _officer(request, party_id)
    form = NominationForm(request.POST, officers=officers_of(party_id))
    if not form.is_valid():
        messages.error(request, "Choose the officer to nominate.")
        return redirect("subscribers:own_status")
    officer = register.nominate_officer(
        party_id=party_id, person_id=UUID(form.cleaned_data["officer"]), by=by
    )
    messages.success(request, f"{officer.person} is nominated. DCC verifies the identity first.")
    return redirect("subscribers:own_status")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_own(request: Any, pk: UUID) -> HttpResponse:
    """The Party ends its own authorisation, once it has read what that does."""
    _officer(request)
    standing = AuthorisedSubscriber.objects.filter(withdrawn_at__isnull=True).select_related(
        "party__organisation"
    )
    subscriber = get_object_or_404(standing, pk=pk)
    by = _officer(request, subscriber.party_id)
    if request.method != "POST":
        return render(request, "subscribers/withdraw_own.html", {"it": subscriber})
    services.withdraw_subscriber(subscriber_id=pk, ground=Ground.PARTY_REQUEST, by=by)
    messages.success(
        request,
        "The authorisation has ended. DCC considers which Certificates are to be revoked."
        if subscriber.policy == Policy.ORGANISATION
        else "The authorisation has ended. Certificates already issued stay as they are.",
    )
    return redirect("subscribers:own_status")
