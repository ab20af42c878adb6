from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from smki_pma.jobs import Lane, execution, queue, sweep
from smki_pma.jobs.models import Job, JobState
from smki_pma.jobs.registry import every, job_handler
from tests.clock import SetClock

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, 0, 1, tzinfo=UTC)


def test_a_recurring_job_runs_once_in_each_interval(clock: SetClock) -> None:
    ran: list[int] = []
    every("1h", name="test.tick")(lambda: ran.append(1))
    clock.set(NOON)
    for minutes in (0, 10, 10, 40, 1, 60):
        clock.advance(timedelta(minutes=minutes))
        sweep.sweep()
        execution.drain(Lane.NORMAL, worker="a")
    assert len(ran) == 3


def test_missed_intervals_are_not_made_up_for(clock: SetClock) -> None:
    ran: list[int] = []
    every("1h", name="test.tick")(lambda: ran.append(1))
    clock.set(NOON)
    sweep.sweep()
    clock.advance(timedelta(days=3))
    sweep.sweep()
    execution.drain(Lane.NORMAL, worker="a")
    sweep.sweep()
    execution.drain(Lane.NORMAL, worker="a")
    assert len(ran) == 2


def test_a_job_whose_lease_ran_out_is_queued_again(queued: Callable[..., Job], clock: SetClock) -> None:
    job_handler("test.kind", lease=timedelta(minutes=1))(lambda payload: None)
    job = queued()
    queue.claim_next(Lane.NORMAL, worker="dead")
    sweep.sweep()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING
    clock.advance(timedelta(minutes=2))
    sweep.sweep()
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_done_jobs_are_forgotten_failed_ones_stay(
    queued: Callable[..., Job], run_jobs: Callable[[], int], clock: SetClock
) -> None:
    job_handler("test.good")(lambda payload: None)
    job_handler("test.bad", attempts=1)(lambda payload: 1 / 0)
    queued("test.good", key="good")
    queued("test.bad", key="bad")
    run_jobs()
    clock.advance(timedelta(days=31))
    assert sweep.forget_old_jobs() == 1
    assert Job.objects.get().kind == "test.bad"
