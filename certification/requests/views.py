"""The portal: hand in a request, watch it, fetch the Certificate. The worker issues; this process holds no key."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from certification.authorities.selectors import portal_environment
from certification.requests import services
from certification.requests.forms import RequestForm
from certification.requests.models import CertificateRequest
from certification.requests.sections import sections
from certification.requests.selectors import queue, subscribers_for, visible_to
from certification.requests.states import BEING_ISSUED, REFUSED
from certification.requests.suspension import held_by, service_of, stopped_words
from certification.requests.suspension_rules import CLAUSES, Ground
from certification.subscribers.rules import Policy
from repository.certificates.encoding import CERTIFICATE_FORMS
from repository.certificates.selectors import status_at
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled
from smki_pma.jobs.selectors import why_failed
from smki_pma.ledger.actors import Actor
from smki_pma.parties.roles import Role
from smki_pma.ui.forms import form_errors
from smki_pma.ui.paging import keyset_page

WAIT_SECONDS = 2
PAGE = 25
READERS = (Role.PARTY_OFFICER, Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR)


def _visible(request: Any) -> QuerySet[CertificateRequest]:
    request.acting(*READERS, clause=services.SERVING)
    return visible_to(request.holdings)


def _policy(value: str) -> Policy:
    try:
        return Policy(value)
    except ValueError as error:
        raise Http404 from error


@require_safe
def list_requests(request: Any) -> HttpResponse:
    """The requests of the own Party, or all of them for DCC's officers, newest first."""
    page = keyset_page(
        _visible(request).defer("csr", "faults"), key="id", before=request.GET.get("before"), size=PAGE
    )
    context = {
        "page": page,
        "waiting": queue().count() if Role.DCC_RA_OFFICER in request.roles else 0,
        "policies": [policy for policy in Policy if _subscribers(request, policy)],
    }
    return render(request, "requests/list_requests.html", context | sections(request))


def _subscribers(request: Any, policy: Policy) -> list[Any]:
    return subscribers_for(request.user.pk, request.holdings, policy)


@require_http_methods(["GET", "HEAD", "POST"])
def submit_request(request: Any, policy: str) -> HttpResponse:
    """Paste or upload one request; a fault is shown on the form and kept on record. L3.4"""
    chosen = _policy(policy)
    request.acting(Role.PARTY_OFFICER, clause=services.SERVING)
    subscribers = _subscribers(request, chosen)
    if not subscribers:
        raise NotEntitled(
            f"Only a responsible officer of an Authorised Subscriber under the {chosen.title} hands in requests. "
            "See Subscribers for where your Party stands.",
            clause=services.SERVING,
        )
    sent = request.method == "POST"
    form = RequestForm(
        request.POST if sent else None, request.FILES if sent else None, subscribers=subscribers
    )
    faults: list[dict[str, str]] = []
    if form.is_valid():
        with form_errors(form):
            received = _submit(request, form, chosen)
            if received.state != REFUSED:
                return answer(received)
            faults = received.faults
            _show_faults(form, faults)
        form.with_new_key()
    context = {
        "form": form,
        "policy": chosen,
        "faults": faults,
        "environment": portal_environment(),
        "stopped": stopped_words(
            party_ids=[each.party_id for each in subscribers], service=service_of(chosen), at=clock.now()
        ),
    }
    return render(request, "requests/submit_request.html", context, status=422 if form.is_bound else 200)


def _submit(request: Any, form: RequestForm, policy: Policy) -> CertificateRequest:
    party_id = UUID(form.cleaned_data["subscriber"])
    by: Actor = request.acting(Role.PARTY_OFFICER, clause=services.SERVING, party_id=party_id)
    return services.hand_in(
        party_id=party_id,
        policy=policy,
        csr=form.csr(),
        submission_key=form.cleaned_data["submission_key"],
        by=by,
    )


def _show_faults(form: RequestForm, faults: list[dict[str, str]]) -> None:
    field = "file" if form.cleaned_data["file"] else "text"
    for fault in faults:
        form.add_error(field, f"{fault['field']}: {fault['message']} ({fault['source']})")


def answer(received: CertificateRequest) -> HttpResponse:
    """Wait two seconds at most for the worker, then show where the request stands."""
    if received.job_id is not None:
        jobs.wait_for(received.job_id, WAIT_SECONDS)
    return redirect("requests:request_detail", uid=received.uid)


def _found(request: Any, uid: UUID) -> CertificateRequest:
    rows = _visible(request).select_related("certificate", "submitted_by", "decided_by")
    return get_object_or_404(rows, uid=uid)


@require_safe
def request_detail(request: Any, uid: UUID) -> HttpResponse:
    """Where a request stands, and the Certificate once it is issued."""
    return render(request, "requests/request_detail.html", _context(request, uid))


@require_safe
def request_progress(request: Any, uid: UUID) -> HttpResponse:
    """What changes on that page while a Certificate is being issued; 204 where nothing is new.

    The state goes into the live region that is on the page: one that is itself replaced is not announced.
    """
    context = _context(request, uid)
    if request.GET.get("seen") == context["seen"]:
        response = HttpResponse(status=204)
    else:
        response = render(request, "requests/request_progress.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _held(found: CertificateRequest) -> str:
    """The clause under which a suspension holds the request; empty where none does. L2.14"""
    if found.state != BEING_ISSUED:
        return ""
    suspension = held_by(party_id=found.party_id, service=service_of(found.policy), at=clock.now())
    return CLAUSES[Ground(suspension.ground)] if suspension else ""


def _context(request: Any, uid: UUID) -> dict[str, Any]:
    found = _found(request, uid)
    certificate = found.certificate
    held = _held(found)
    return {
        "it": found,
        "held": held,
        "seen": f"{found.state} {held}",
        "certificate": certificate,
        "status": status_at(certificate, clock.now()) if certificate else None,
        "pem": CERTIFICATE_FORMS["pem"](bytes(certificate.der)).body.decode("ascii") if certificate else "",
        "may_check": Role.DCC_RA_OFFICER in request.roles,
        "may_resume": Role.DCC_CA_OPERATOR in request.roles,
        # For whoever has to mend it alone: it may name what only DCC knows.
        "cause": why_failed(found.job_id) if Role.DCC_CA_OPERATOR in request.roles else "",
    }


@require_safe
def download_certificate(request: Any, uid: UUID, form: str) -> HttpResponse:
    """The Certificate issued on a request, for its subscriber and DCC's officers. L8.3"""
    certificate = _found(request, uid).certificate
    if certificate is None or form not in CERTIFICATE_FORMS:
        raise Http404
    download = CERTIFICATE_FORMS[form](bytes(certificate.der))
    return download.as_attachment(f"certificate-{certificate.serial}.{form}")
