"""Credentials for the SMKI Service Interface: a Party's own for its officers, all of them for DCC."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from certification.service_interface import credentials, rules
from certification.service_interface.authority import authorities_believed
from certification.service_interface.certificates import pem
from certification.service_interface.forms import CredentialForm, RevocationForm
from certification.service_interface.models import Credential
from certification.service_interface.sections import READERS, sections
from certification.service_interface.selectors import all_credentials, credentials_of, has_test_access
from certification.service_interface.states import ACTIVE, BEING_ISSUED
from certification.subscribers.models import AuthorisedSubscriber
from certification.subscribers.selectors import is_responsible_officer
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.deploy import front
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authentication import require_fresh_second_factor
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from smki_pma.ui.forms import form_errors

CLAUSE = "L4.5"
WAIT_SECONDS = 2
PAGE = 50
STANDING = (BEING_ISSUED, ACTIVE)


def _visible(request: Any) -> QuerySet[Credential]:
    """DCC's officers see every credential, a Party's officers their Party's. L4.5"""
    request.acting(*READERS, clause=CLAUSE)
    if {Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR} & request.roles:
        return all_credentials()
    return credentials_of(own_parties(request))


def own_parties(request: Any) -> list[UUID]:
    """The Parties that the person is an officer of."""
    return [holding.party_id for holding in request.holdings if holding.role is Role.PARTY_OFFICER]


@require_safe
def list_credentials(request: Any) -> HttpResponse:
    """The credentials of the own Party, or all of them for DCC's officers, newest first. L4.5"""
    visible = _visible(request)
    shown = visible if "all" in request.GET else visible.filter(state__in=STANDING)
    own = Party.objects.filter(pk__in=own_parties(request)).select_related("organisation")
    context = {
        "page": Paginator(shown, PAGE).get_page(request.GET.get("page")),
        "showing_all": "all" in request.GET,
        "standings": [_standing(request, party) for party in own],
        "for_dcc": bool({Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR} & request.roles),
        # Nothing answers there where no front stands before it.
        "base_url": settings.SMKI_INTERFACE_URL if settings.SMKI_FRONT_SOCKET else "",
    } | sections(request)
    return render(request, "service_interface/list_credentials.html", context)


def _standing(request: Any, party: Party) -> dict[str, Any]:
    """What an officer may ask for, for one Party. L4.1"""
    subscribes = AuthorisedSubscriber.objects.filter(party=party, withdrawn_at__isnull=True).exists()
    responsible = is_responsible_officer(request.user.pk, party.pk)
    testing = has_test_access(party.pk)
    return {
        "party": party,
        "subscribes": subscribes,
        "responsible": responsible,
        "testing": testing,
        "may_ask": any(
            rules.compute_missing_right(
                environment, is_responsible=responsible, is_authorised=subscribes, has_test_access=testing
            )
            is None
            for environment in ("live", "test")
        ),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_credential(request: Any, party_id: UUID) -> HttpResponse:
    """A responsible officer hands in a request for a credential. L4.5"""
    by: Actor = request.acting(Role.PARTY_OFFICER, clause=CLAUSE, party_id=party_id)
    # Also when the page is opened: an uploaded file would not outlast the way to the second factor and back.
    require_fresh_second_factor(request)
    party = get_object_or_404(Party.objects.select_related("organisation"), pk=party_id)
    sent = request.method == "POST"
    standing = credentials_of([party_id]).filter(state=ACTIVE)
    form = CredentialForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        replaceable=standing,
        initial={"replaces": request.GET.get("replaces", ""), "environment": request.GET.get("environment")},
    )
    if form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: credentials.ask_for_credential(party_id=party_id, by=by, **form.arguments()),
                url=lambda made: reverse("service_interface:show_credential", args=[made.pk]),
            )
            _wait(url)
            return redirect(url)
    context = {"party": party, "form": form}
    return render(
        request, "service_interface/ask_for_credential.html", context, status=422 if form.is_bound else 200
    )


def _wait(url: str) -> None:
    """Two seconds at most for the worker, so that the next page can show the credential."""
    credential = Credential.objects.filter(pk=url.rstrip("/").rsplit("/", 1)[-1]).first()
    if credential is not None and credential.job_id is not None:
        jobs.wait_for(credential.job_id, WAIT_SECONDS)


@require_safe
def show_credential(request: Any, pk: UUID) -> HttpResponse:
    """One credential: what it is for, its certificate, how to use it. L4.5"""
    credential = get_object_or_404(_visible(request), pk=pk)
    own = credential.party_id in own_parties(request)
    of_local_front = front.folder(settings.DATA_DIR) / "server.pem"
    context = {
        "it": credential,
        "is_own": own,
        "may_revoke": credential.state in STANDING and (own or Role.DCC_RA_OFFICER in request.roles),
        "pem": pem(bytes(credential.certificate)) if credential.certificate else "",
        "base_url": settings.SMKI_INTERFACE_URL,
        # The front on one's own machine has a certificate of its own making, which curl is to be told of.
        "trusted": of_local_front if of_local_front.exists() else "",
        "successors": credential.replaced_by.all(),
    }
    return render(request, "service_interface/show_credential.html", context)


@require_safe
def download_credential(request: Any, pk: UUID) -> HttpResponse:
    """The certificate as PEM, with that of the authority that signed it."""
    credential = get_object_or_404(_visible(request).select_related("issuer"), pk=pk)
    if not credential.certificate or credential.issuer is None:
        raise Http404
    text = pem(bytes(credential.certificate)) + pem(bytes(credential.issuer.certificate))
    response = HttpResponse(text, content_type="application/x-pem-file")
    response["Content-Disposition"] = f'attachment; filename="credential-{credential.environment}-{pk}.pem"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def revoke_credential(request: Any, pk: UUID) -> HttpResponse:
    """An officer of the Party, or DCC, revokes a credential. L4.5"""
    credential = get_object_or_404(_visible(request), pk=pk)
    if credential.party_id in own_parties(request):
        by: Actor = request.acting(Role.PARTY_OFFICER, clause=CLAUSE, party_id=credential.party_id)
    else:
        by = request.acting(Role.DCC_RA_OFFICER, clause=CLAUSE)
    form = RevocationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with form_errors(form):
            credentials.revoke_credential(credential_id=pk, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, f"{credential.name} is revoked. It opens nothing any more.")
            return redirect("service_interface:show_credential", pk=pk)
    context = {"it": credential, "form": form}
    return render(
        request, "service_interface/revoke_credential.html", context, status=422 if form.is_bound else 200
    )


@require_safe
def download_authorities(request: Any) -> HttpResponse:
    """The authorities that sign credentials, as the TLS front needs them. L4.5"""
    request.acting(*READERS, clause=CLAUSE)
    text = "".join(pem(bytes(each.certificate)) for each in authorities_believed(at=clock.now()))
    response = HttpResponse(text, content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="interface-authorities.pem"'
    return response
