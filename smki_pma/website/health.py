"""Whether this process lives, and whether the system can work. For supervisors, so open and without detail."""

from datetime import timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certification.revocations.selectors import are_lists_in_force
from smki_pma.calendar import clock
from smki_pma.jobs.selectors import longest_wait

# A worker that is up takes a job within seconds; a minute means that none is.
LONGEST_WAIT = timedelta(minutes=1)


@login_not_required
@require_safe
@never_cache
def livez(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"alive": True})


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, migrations and worker are as they should be, else 503 with what is not.

    revocation_lists: whether every CRL and ARL is in force. An expired one is an alarm, but no reason to turn
    people away: it is here that they see why.
    """
    lists = True
    try:
        state = {"database": True, "migrations": _migrated(), "jobs": longest_wait() < LONGEST_WAIT}
        lists = not state["migrations"] or are_lists_in_force(at=clock.now())
    except DatabaseError:
        state = {"database": False}
    return JsonResponse(state | {"revocation_lists": lists}, status=200 if all(state.values()) else 503)


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
