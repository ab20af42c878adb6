"""Which job is next: by lane, then by deadline, or as another policy says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from smki_pma.calendar import clock as now
from smki_pma.jobs import Lane, enqueue, execution, giving_way, queue, selectors, workers
from smki_pma.jobs.models import Job, JobState
from smki_pma.jobs.registry import job_handler
from tests.clock import SetClock

pytestmark = pytest.mark.django_db
done: list[str] = []


def note(payload: dict[str, Any]) -> None:
    done.append(payload["name"])


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


@pytest.fixture
def put() -> Callable[..., None]:
    """Queue a job of a lane with its hours to the deadline."""
    kinds = {lane: f"test.{lane}" for lane in Lane}
    for lane, kind in kinds.items():
        job_handler(kind, lane=lane)(note)

    def put(lane: Lane, name: str, hours: float = 0) -> None:
        with transaction.atomic():
            due_at = now.now() + timedelta(hours=hours) if hours else None
            enqueue(kinds[lane], {"name": name}, key=name, due_at=due_at)

    return put


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], object]]:
    """What happens at each pause of whoever gives way, in order; each pause takes its time on a clock of its own."""
    events: list[Callable[[], object]] = []
    moment = [0.0]

    def sleep(seconds: float) -> None:
        moment[0] += seconds
        if events:
            events.pop(0)()

    monkeypatch.setattr(giving_way.time, "monotonic", lambda: moment[0])
    monkeypatch.setattr(giving_way.time, "sleep", sleep)
    monkeypatch.setattr(giving_way, "_waited", False)
    return events


def by_name(due: QuerySet[Job], lane: Lane) -> QuerySet[Job]:
    """A policy of somebody else's."""
    return due.order_by("key")


@pytest.mark.clause("L8.11")
def test_batches_go_by_deadline_then_by_arrival(put: Callable[..., None]) -> None:
    for name, hours in (("b late", 24), ("c soon", 1), ("a late", 24)):
        put(Lane.BATCH, name, hours)

    execution.drain_batches(worker="a")

    assert done == ["c soon", "b late", "a late"]


@pytest.mark.clause("L8.11")
def test_the_policy_can_be_replaced(put: Callable[..., None], settings: Any) -> None:
    settings.SMKI_JOB_ORDER = "tests.integration.jobs.test_lanes.by_name"
    for name, hours in (("z", 1), ("y", 2), ("x", 3)):
        put(Lane.BATCH, name, hours)

    execution.drain_batches(worker="a")

    assert done == ["x", "y", "z"]


def test_background_work_waits_for_every_batch(put: Callable[..., None]) -> None:
    put(Lane.BACKGROUND, "lint", 0)
    put(Lane.BATCH, "chunk", 24)

    execution.drain_batches(worker="a")

    assert done == ["chunk", "lint"]


def test_a_worker_of_batches_takes_nothing_else(put: Callable[..., None]) -> None:
    put(Lane.URGENT, "single")
    put(Lane.NORMAL, "mail")
    assert execution.drain_batches(worker="a") == 0
    assert {lane.queue for lane in Lane} == {"urgent", "normal", "batch"}


def test_batches_that_wait_do_not_make_the_system_unready(put: Callable[..., None], clock: SetClock) -> None:
    put(Lane.BATCH, "chunk", 24)
    clock.advance(timedelta(hours=1))
    assert selectors.longest_wait() == timedelta()


def test_a_process_of_a_pool_takes_up_what_died_in_its_place(put: Callable[..., None]) -> None:
    for place in (0, 1):
        put(Lane.BATCH, f"chunk {place}")
        queue.claim_next(Lane.BATCH, worker=f"host-batch/{place}")

    execution.recover_at_start("host-batch/1")
    assert states() == {"chunk 0": JobState.RUNNING, "chunk 1": JobState.QUEUED}
    execution.recover_at_start("host")
    assert states()["chunk 0"] == JobState.RUNNING, "another worker's"
    execution.recover_at_start("host-batch")
    assert states()["chunk 0"] == JobState.QUEUED, "the pool's master takes up everything of its pool"


def states() -> dict[str, str]:
    return dict(Job.objects.values_list("key", "state"))


def test_the_name_of_a_process_alone_is_the_workers(settings: Any) -> None:
    settings.SMKI_WORKER_NAME = "host-batch"
    assert workers.name() == "host-batch"


def test_a_preparation_that_fails_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    ran: list[int] = []
    monkeypatch.setattr(workers, "preparations", lambda: [fail, lambda: ran.append(1)])
    workers.prepare()
    assert ran == [1]


def do_urgent() -> None:
    execution.drain(Lane.URGENT, worker="u")


@pytest.mark.clause("L8.11")
def test_a_batch_waits_until_no_single_request_is_in_hand(
    put: Callable[..., None], pauses: list[Callable[[], object]]
) -> None:
    put(Lane.BATCH, "chunk")
    put(Lane.URGENT, "first")
    pauses += [lambda: None, do_urgent, lambda: put(Lane.URGENT, "second"), lambda: None, do_urgent]

    execution.drain_batches(worker="a")

    assert done == ["first", "second", "chunk"]


@pytest.mark.clause("L8.1")
def test_a_batch_moves_on_however_many_single_requests_come(
    put: Callable[..., None], pauses: list[Callable[[], object]]
) -> None:
    put(Lane.BATCH, "chunk")
    put(Lane.URGENT, "never done")

    execution.drain_batches(worker="a")

    assert done == ["chunk"]


def test_a_batch_does_not_wait_for_what_cannot_be_done_yet(
    put: Callable[..., None], pauses: list[Callable[[], object]]
) -> None:
    put(Lane.BATCH, "chunk")
    put(Lane.URGENT, "tried again later")
    Job.objects.filter(key="tried again later").update(run_at=now.now() + timedelta(minutes=1))
    pauses.append(lambda: pytest.fail("it paused"))

    execution.drain_batches(worker="a")

    assert done == ["chunk"]
