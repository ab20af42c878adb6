from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from smki_pma.calendar import clock as now
from smki_pma.jobs import Lane, queue
from smki_pma.jobs.models import Job, JobState
from smki_pma.jobs.registry import UnknownKind, job_handler
from tests.clock import SetClock

pytestmark = pytest.mark.django_db


def nothing(payload: object) -> None:
    return None


def test_a_key_gives_one_job(queued: Callable[..., Job]) -> None:
    job_handler("test.kind")(nothing)
    first = queued(key="about this", payload={"n": 1})
    second = queued(key="about this", payload={"n": 2})
    assert second.pk == first.pk
    assert Job.objects.get().payload == {"n": 1}


def test_unknown_kind_is_not_accepted(queued: Callable[..., Job]) -> None:
    with pytest.raises(UnknownKind):
        queued("no.such")


@pytest.mark.django_db(transaction=True)
def test_enqueue_outside_a_transaction_is_refused() -> None:
    job_handler("test.kind")(nothing)
    with pytest.raises(transaction.TransactionManagementError):
        queue.enqueue("test.kind", {}, key="one")
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_job_is_rolled_back_with_its_cause() -> None:
    job_handler("test.kind")(nothing)
    with transaction.atomic():
        queue.enqueue("test.kind", {}, key="one")
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_claim_takes_a_job_once(queued: Callable[..., Job]) -> None:
    job_handler("test.kind")(nothing)
    queued()
    claimed = queue.claim_next(Lane.NORMAL, worker="a")
    assert claimed is not None
    assert (claimed.state, claimed.worker, claimed.attempts) == (JobState.RUNNING, "a", 1)
    assert queue.claim_next(Lane.NORMAL, worker="b") is None


def test_claim_waits_for_run_at(queued: Callable[..., Job], clock: SetClock) -> None:
    job_handler("test.kind")(nothing)
    queued(run_at=now.now() + timedelta(hours=1))
    assert queue.claim_next(Lane.NORMAL, worker="a") is None
    clock.advance(timedelta(hours=1, seconds=1))
    assert queue.claim_next(Lane.NORMAL, worker="a") is not None


def test_longest_due_comes_first(queued: Callable[..., Job]) -> None:
    job_handler("test.kind")(nothing)
    queued(key="later", run_at=now.now() - timedelta(hours=1))
    queued(key="earlier", run_at=now.now() - timedelta(hours=2))
    claimed = queue.claim_next(Lane.NORMAL, worker="a")
    assert claimed is not None and claimed.key == "earlier"


def test_urgent_jobs_have_a_lane_of_their_own(queued: Callable[..., Job]) -> None:
    job_handler("test.slow")(nothing)
    job_handler("test.quick", lane=Lane.URGENT)(nothing)
    for n in range(20):
        queued("test.slow", key=f"slow {n}")
    quick = queued("test.quick", key="quick")
    claimed = queue.claim_next(Lane.URGENT, worker="a")
    assert claimed is not None and claimed.pk == quick.pk


def test_a_lost_claim_ends_nothing(queued: Callable[..., Job]) -> None:
    job_handler("test.kind")(nothing)
    queued()
    first = queue.claim_next(Lane.NORMAL, worker="a")
    assert first is not None
    queue.put_back(first, "")
    Job.objects.update(run_at=now.now())
    second = queue.claim_next(Lane.NORMAL, worker="b")
    assert second is not None
    assert not queue.mark_done(first, None)
    assert not queue.mark_failed(first, "")
    assert not queue.put_back(first, "")
    assert queue.mark_done(second, {"by": "b"})
    assert Job.objects.get().result == {"by": "b"}


def test_wait_for_gives_the_job_as_it_stands(queued: Callable[..., Job]) -> None:
    job_handler("test.kind")(nothing)
    job = queued()
    assert queue.wait_for(job.pk).state == JobState.QUEUED


@pytest.mark.parametrize(
    "fields", [{"state": JobState.RUNNING}, {"state": JobState.DONE}, {"ended_at": now.now()}]
)
def test_database_refuses_half_a_state(queued: Callable[..., Job], fields: dict[str, object]) -> None:
    job_handler("test.kind")(nothing)
    queued()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.update(**fields)
