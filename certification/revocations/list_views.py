"""The CRL and ARL as DCC keeps them: number, next update, margin; and a CRL now."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from certification.requests.sections import sections
from certification.requests.suspension import Service, is_held
from certification.revocations import publishing, services
from certification.revocations.rules import PRACTICE
from certification.revocations.selectors import standings
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.jobs.models import JobState
from smki_pma.parties.roles import Role

WAIT_SECONDS = 2


@require_safe
def list_standings(request: Any) -> HttpResponse:
    """Every list that DCC keeps, with its margin. L3.5"""
    request.acting(Role.DCC_CA_OPERATOR, Role.DCC_RA_OFFICER, clause=services.SERVING)
    at = clock.now()
    context = {
        "standings": standings(at=at),
        "may_issue": Role.DCC_CA_OPERATOR in request.roles,
        "is_held": is_held(party_id=None, service=Service.LISTS, at=at),
        **sections(request),
    }
    return render(request, "revocations/list_standings.html", context)


@require_POST
def issue_list(request: Any, pk: UUID) -> HttpResponse:
    """Have the worker make a CRL now; the page waits two seconds at most. L3.5"""
    by = request.acting(Role.DCC_CA_OPERATOR, clause=PRACTICE)
    job = publishing.ask_for_crl(authority_id=pk, by=by)
    if jobs.wait_for(job.pk, WAIT_SECONDS).state == JobState.DONE:
        messages.success(request, "The new CRL is in force.")
    else:
        messages.success(request, "The worker is making the CRL. Reload this page in a moment.")
    return redirect("revocations:list_standings")
