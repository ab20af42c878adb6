"""One Certificate as its subscriber sees it: its standing, and what can be done about it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from certification.requests.sections import sections
from certification.revocations import rejecting, services
from certification.revocations.forms import RejectionForm, RevocationForm
from certification.revocations.models import Rejection, Revocation
from certification.revocations.rules import REVOCABLE_KINDS, Origin, is_rejection_open
from certification.revocations.selectors import STAFF, open_request, subscriber_of, visible_certificate
from certification.revocations.views import READERS
from certification.subscribers.selectors import is_responsible_officer
from repository.certificates.kinds import Status
from repository.certificates.models import Certificate
from repository.certificates.selectors import status_at
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled
from smki_pma.ledger.actors import Actor
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure
from smki_pma.ui.forms import form_errors


def _found(request: Any, serial: str) -> Certificate:
    request.acting(*READERS, clause=services.SERVING)
    certificate = visible_certificate(serial, request.holdings)
    if certificate is None:
        raise Http404
    return certificate


def _is_own(request: Any, party: Party | None) -> bool:
    return party is not None and is_responsible_officer(request.user.pk, party.pk)


@require_safe
def show_certificate(request: Any, serial: str) -> HttpResponse:
    """How a Certificate stands, and what its subscriber or DCC can do about it."""
    certificate = _found(request, serial)
    party, at = subscriber_of(certificate), clock.now()
    status = status_at(certificate, at)
    waiting, rejection = open_request(certificate), Rejection.objects.filter(certificate=certificate).first()
    hours = figure("revocations.rejection_hours", at=at)
    may_ask = _is_own(request, party) or bool(STAFF & request.roles)
    context = {
        "certificate": certificate,
        "party": party,
        "status": status,
        "revocation": Revocation.objects.filter(certificate=certificate).first(),
        "waiting": waiting,
        "rejection": rejection,
        "may_reject": _is_own(request, party)
        and rejection is None
        and status != Status.REVOKED
        and is_rejection_open(certificate.lodged_at, at, hours=hours),
        "may_ask": may_ask
        and certificate.kind in REVOCABLE_KINDS
        and status == Status.IN_USE
        and waiting is None,
        "hours": hours,
        **sections(request),
    }
    return render(request, "revocations/show_certificate.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reject_certificate(request: Any, serial: str) -> HttpResponse:
    """Reject a Certificate on its issue, once one has read what that does. L3.4"""
    certificate = _found(request, serial)
    party = subscriber_of(certificate)
    by = _officer(request, party)
    form = RejectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            explanation = form.cleaned_data["explanation"]
            url = form.act_once(
                lambda: rejecting.reject_certificate(
                    certificate_id=certificate.pk, explanation=explanation, by=by
                ),
                url=lambda made: reverse("revocations:rejection_detail", args=[made.pk]),
            )
            messages.success(request, "You have rejected the Certificate.")
            return redirect(url)
    context = {"certificate": certificate, "form": form, "is_device": certificate.kind == "device"}
    return render(
        request, "revocations/reject_certificate.html", context, status=422 if form.is_bound else 200
    )


def _officer(request: Any, party: Party | None) -> Actor:
    if party is None:
        raise NotEntitled("Only the subscriber rejects a Certificate.", clause=services.SERVING)
    by: Actor = request.acting(Role.PARTY_OFFICER, clause=services.SERVING, party_id=party.pk)
    return by


@require_http_methods(["GET", "HEAD", "POST"])
def request_revocation(request: Any, serial: str) -> HttpResponse:
    """Ask for a revocation, once one has read that it is for good. L3.4"""
    certificate = _found(request, serial)
    party = subscriber_of(certificate)
    by, origin = _asker(request, party)
    form = RevocationForm(request.POST if request.method == "POST" else None, origin=origin)
    if form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: services.request_revocation(certificate_id=certificate.pk, by=by, **form.arguments()),
                url=lambda made: reverse("revocations:request_detail", args=[made.pk]),
            )
            messages.success(request, "DCC's Registration Authority has your request.")
            return redirect(url)
    context = {"certificate": certificate, "party": party, "form": form}
    return render(
        request, "revocations/request_revocation.html", context, status=422 if form.is_bound else 200
    )


def _asker(request: Any, party: Party | None) -> tuple[Actor, Origin]:
    """As the subscriber's officer where one is that, else as DCC's."""
    if _is_own(request, party):
        return _officer(request, party), Origin.SUBSCRIBER
    if STAFF & request.roles:
        return request.acting(*STAFF, clause=services.SERVING), Origin.DCC
    return _officer(request, party), Origin.SUBSCRIBER
