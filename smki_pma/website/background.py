"""The background work, for those who keep the services running. It shows no payload."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from smki_pma.clauses import clause
from smki_pma.jobs.models import JobState
from smki_pma.jobs.selectors import jobs_in, number_by_state
from smki_pma.parties.roles import Role

# The clocks of the SMKI Services run while a job waits.
CLAUSE = clause("L8.1").id


@require_safe
def list_jobs(request: HttpRequest) -> HttpResponse:
    """Jobs in the state that the query names, or all, newest first."""
    request.acting(Role.DCC_CA_OPERATOR, Role.SECRETARIAT, clause=CLAUSE)
    wanted = request.GET.get("state", "")
    state = JobState(wanted) if wanted in JobState.values else None
    page = Paginator(jobs_in(state), 50).get_page(request.GET.get("page"))
    return render(
        request, "website/list_jobs.html", {"page": page, "state": state, "sections": _sections(state)}
    )


def _sections(chosen: JobState | None) -> list[tuple[str, str, bool]]:
    """Text, address and whether it is the one shown, as the sub-navigation wants them."""
    address = reverse("website:list_jobs")
    numbers = number_by_state()
    states = [
        (f"{state.label} ({numbers[state]})", f"{address}?state={state}", state == chosen)
        for state in JobState
    ]
    return [(f"All ({sum(numbers.values())})", address, chosen is None), *states]
