"""What the worker runs."""

import threading

from celery import shared_task
from django import db
from django.conf import settings

from smki_pma.jobs import every, execution, listening, sweep, workers  # noqa: F401
from smki_pma.jobs.registry import Lane

# In a worker of several threads one always stays free for the urgent lane.
_normal_threads = threading.BoundedSemaphore(max(1, settings.SMKI_WORKER_THREADS - 1))


@shared_task(name="jobs.work")  # type: ignore[untyped-decorator]
def work(lane: str) -> None:
    """Do every due job of a lane."""
    db.close_old_connections()
    if Lane(lane) is Lane.URGENT:
        execution.drain(Lane.URGENT, worker=workers.name())
    elif Lane(lane) in (Lane.BATCH, Lane.BACKGROUND):
        execution.drain_batches(worker=workers.name())
    elif _normal_threads.acquire(blocking=False):
        # Where none is free, those that are at it will find this call's job too, or the sweep will.
        try:
            execution.drain(Lane.NORMAL, worker=workers.name())
        finally:
            _normal_threads.release()


@shared_task(name="jobs.sweep")  # type: ignore[untyped-decorator]
def sweep_jobs() -> None:
    """The scheduler's tick."""
    db.close_old_connections()
    sweep.sweep()


@every("1d", name="jobs.forget_old_jobs")
def forget_old_jobs() -> dict[str, int]:
    return {"deleted": sweep.forget_old_jobs()}
