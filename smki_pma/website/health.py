"""Whether this process lives, and whether the system can work. For supervisors, so open and without detail."""

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certification.revocations.selectors import are_lists_in_force
from repository.certificates import selectors as certificate_selectors
from smki_pma.calendar import clock
from smki_pma.jobs.selectors import longest_wait
from smki_pma.ledger import selectors as ledger_selectors
from smki_pma.notices.checkpoint_watch import longest_between

# A worker that is up takes a job within seconds; a minute means that none is.
LONGEST_WAIT = timedelta(minutes=1)
# The worker is called for a checkpoint in time; twice the time means that it cannot make one.
MARGIN = 2


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

    checkpoints: whether nothing waits for its checkpoint much longer than the rule in force allows.
    revocation_lists: whether every CRL and ARL is in force. An expired one is an alarm, but no reason to turn
    people away: it is here that they see why.
    """
    lists = True
    try:
        now = clock.now()
        migrated = _migrated()
        state = {"database": True, "migrations": migrated, "jobs": longest_wait() < LONGEST_WAIT}
        state["checkpoints"] = not migrated or _signed_in_time(at=now)
        lists = not migrated or are_lists_in_force(at=now)
    except DatabaseError:
        state = {"database": False}
    return JsonResponse(state | {"revocation_lists": lists}, status=200 if all(state.values()) else 503)


def _signed_in_time(*, at: datetime) -> bool:
    """By the oldest entry and Certificate without one: in a quiet system the last checkpoint is rightly old."""
    longest = MARGIN * longest_between(at=at)
    waiting = (ledger_selectors.first_unsigned_at(), certificate_selectors.first_unsigned_at())
    return all(since is None or at - since <= longest for since in waiting)


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
