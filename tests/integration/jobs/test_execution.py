from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from smki_pma.calendar import clock as now
from smki_pma.clauses import RuleViolation
from smki_pma.jobs import Lane, execution, queue
from smki_pma.jobs.models import Job, JobState
from smki_pma.jobs.registry import job_handler
from tests.clock import SetClock

pytestmark = pytest.mark.django_db
SECRET = "the words that nobody may read"


def write_row(payload: dict[str, Any]) -> dict[str, Any]:
    """An effect in the database, to see whether it happened, and how often."""
    effect = Job(
        kind="effect", lane="none", key=f"effect {payload.get('n', '')}", payload={}, run_at=now.now()
    )
    effect.created_at = effect.due_at = now.now()
    effect.save(force_insert=True)
    return {"wrote": 1}


def effects() -> int:
    return Job.objects.filter(kind="effect").count()


def failing(payload: dict[str, Any]) -> None:
    write_row(payload)
    raise ZeroDivisionError(SECRET)


def test_a_job_is_done_with_its_result(queued: Callable[..., Job], run_jobs: Callable[[], int]) -> None:
    job_handler("test.kind")(write_row)
    job = queued()
    assert run_jobs() == 1
    job.refresh_from_db()
    assert (job.state, job.result, job.claim) == (JobState.DONE, {"wrote": 1}, None)
    assert effects() == 1


def test_a_job_that_fails_leaves_no_effect_and_is_tried_again(
    queued: Callable[..., Job], run_jobs: Callable[[], int]
) -> None:
    job_handler("test.kind")(failing)
    job = queued()
    run_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempts, effects()) == (JobState.QUEUED, 1, 0)
    assert job.run_at > now.now()


def test_attempts_are_bounded_and_the_last_word_is_told(
    queued: Callable[..., Job], run_jobs: Callable[[], int], clock: SetClock
) -> None:
    told: list[tuple[object, str]] = []
    job_handler("test.kind", attempts=3, on_failure=lambda p, e: told.append((p, e)))(failing)
    job = queued(payload={"id": "7"})
    attempts = 0
    for _ in range(6):
        attempts += run_jobs()
        clock.advance(timedelta(hours=1))
    job.refresh_from_db()
    assert attempts == 3
    assert job.state == JobState.FAILED
    assert told == [({"id": "7"}, "ZeroDivisionError")]


def test_each_wait_is_longer(
    queued: Callable[..., Job], run_jobs: Callable[[], int], clock: SetClock
) -> None:
    job_handler("test.kind")(failing)
    job = queued()
    waits = []
    for _ in range(4):
        run_jobs()
        job.refresh_from_db()
        waits.append(job.run_at - now.now())
        clock.advance(waits[-1] + timedelta(seconds=1))
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]


def test_a_refusal_is_not_tried_again(queued: Callable[..., Job], run_jobs: Callable[[], int]) -> None:
    def refuse(payload: object) -> None:
        raise RuleViolation("Ask for it again tomorrow.", clause="L1.13")

    job_handler("test.kind")(refuse)
    job = queued()
    run_jobs()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error == "Ask for it again tomorrow. (L1.13)"


def test_the_row_keeps_no_words_of_an_unexpected_error(
    queued: Callable[..., Job], run_jobs: Callable[[], int]
) -> None:
    job_handler("test.kind")(failing)
    job = queued()
    run_jobs()
    job.refresh_from_db()
    assert job.error == "ZeroDivisionError"


def test_effect_of_a_lost_claim_is_rolled_back(queued: Callable[..., Job]) -> None:
    job_handler("test.kind")(write_row)
    queued()
    claimed = queue.claim_next(Lane.NORMAL, worker="slow")
    assert claimed is not None
    Job.objects.filter(pk=claimed.pk).update(state=JobState.QUEUED, claim=None, leased_until=None)
    execution.do(claimed)
    assert effects() == 0
    execution.drain(Lane.NORMAL, worker="quick")
    assert effects() == 1


def test_worker_takes_up_what_its_predecessor_died_over(queued: Callable[..., Job]) -> None:
    job_handler("test.kind")(write_row)
    mine, other = queued(key="mine"), queued(key="other")
    for worker in ("a", "b"):
        queue.claim_next(Lane.NORMAL, worker=worker)
    execution.recover_at_start(Job.objects.get(pk=mine.pk).worker)
    assert Job.objects.get(pk=mine.pk).state == JobState.QUEUED
    assert Job.objects.get(pk=other.pk).state == JobState.RUNNING


def test_a_job_that_kills_its_worker_is_given_up(queued: Callable[..., Job], clock: SetClock) -> None:
    job_handler("test.kind", attempts=2)(write_row)
    job = queued()
    for _ in range(2):
        clock.advance(timedelta(hours=1))
        assert queue.claim_next(Lane.NORMAL, worker="a")
        execution.recover_at_start("a")
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_outside_effects_run_without_a_transaction_of_the_job(
    queued: Callable[..., Job], run_jobs: Callable[[], int]
) -> None:
    job_handler("test.kind", atomic=False)(failing)
    queued()
    run_jobs()
    assert effects() == 1
