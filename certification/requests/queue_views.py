"""The Registration Authority officer's queue, and what an operator does about a stopped request."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from certification.requests import committing_anew, issuance, services
from certification.requests.forms import RefusalForm
from certification.requests.models import CertificateRequest
from certification.requests.selectors import organisation_checks, queue, visible_to
from certification.requests.states import AWAITING_CHECK
from certification.requests.views import answer
from smki_pma.parties.authentication import require_fresh_second_factor
from smki_pma.parties.roles import Role
from smki_pma.ui.forms import form_errors
from smki_pma.ui.paging import rising_page

QUEUE_PAGE = 50


@require_safe
def list_queue(request: Any) -> HttpResponse:
    """Organisation requests that wait for a check, oldest first. L3.4"""
    request.acting(Role.DCC_RA_OFFICER, clause=services.SERVING)
    page = rising_page(queue(), key="id", after=request.GET.get("after"), size=QUEUE_PAGE)
    return render(request, "requests/list_queue.html", {"page": page})


@require_safe
def request_check(request: Any, uid: UUID) -> HttpResponse:
    """Each check of one request with its result and reason. L3.4"""
    request.acting(Role.DCC_RA_OFFICER, clause=services.SERVING)
    found = _found(request, uid)
    if found.state != AWAITING_CHECK:
        return redirect("requests:request_detail", uid=uid)
    return _check_page(request, found, RefusalForm())


def _found(request: Any, uid: UUID) -> CertificateRequest:
    return get_object_or_404(visible_to(request.holdings).select_related("submitted_by"), uid=uid)


def _check_page(request: Any, found: CertificateRequest, form: RefusalForm) -> HttpResponse:
    checks = organisation_checks(found)
    context = {
        "it": found,
        "checks": checks,
        "passes": all(check.passed for check in checks),
        "is_own": found.submitted_by_id == request.user.pk,
        "form": form,
    }
    return render(request, "requests/request_check.html", context, status=422 if form.is_bound else 200)


@require_POST
def accept_request(request: Any, uid: UUID) -> HttpResponse:
    """Issue: the worker is given the job, and the page waits two seconds at most."""
    by = request.acting(Role.DCC_RA_OFFICER, clause=services.SERVING)
    require_fresh_second_factor(request)
    accepted = services.accept_request(request_uid=_found(request, uid).uid, by=by)
    messages.success(request, f"Request {accepted.reference} is accepted.")
    return answer(accepted)


@require_POST
def refuse_request(request: Any, uid: UUID) -> HttpResponse:
    """Refuse, with the reason."""
    by = request.acting(Role.DCC_RA_OFFICER, clause=services.SERVING)
    found = _found(request, uid)
    form = RefusalForm(request.POST)
    if form.is_valid():
        with form_errors(form):
            refused = services.refuse_request(request_uid=found.uid, by=by, **form.cleaned_data)
            messages.success(
                request, f"Request {refused.reference} is refused. The subscriber has been told."
            )
            return redirect("requests:list_queue")
    return _check_page(request, found, form)


@require_POST
def resume_request(request: Any, uid: UUID) -> HttpResponse:
    """An operator lets the worker try again."""
    by = request.acting(Role.DCC_CA_OPERATOR, clause=services.SERVING)
    require_fresh_second_factor(request)
    resumed = issuance.resume_request(request_uid=_found(request, uid).uid, by=by)
    return answer(resumed)


@require_POST
def commit_anew(request: Any, uid: UUID) -> HttpResponse:
    """An operator has the bytes to be signed made anew, where they must not be signed. L3.5"""
    by = request.acting(Role.DCC_CA_OPERATOR, clause=committing_anew.CLAUSE)
    require_fresh_second_factor(request)
    return answer(committing_anew.ask_for_new_bytes(request_uid=_found(request, uid).uid, by=by))
