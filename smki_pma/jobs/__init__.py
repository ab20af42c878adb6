"""Background work. The job's row is the truth; the broker only wakes the worker.

A caller enqueues inside its transaction, so that the job exists exactly when the change does. An atomic
handler runs in one transaction with marking the job done, so that its effect happens exactly once whoever
is killed when. Payloads carry ids, never documents and never secrets.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from smki_pma.jobs.registry import Lane, at_worker_start, every, job_handler, load_before_fork

if TYPE_CHECKING:
    from smki_pma.jobs.models import Job

__all__ = [
    "Lane",
    "at_worker_start",
    "await_end",
    "enqueue",
    "every",
    "job_handler",
    "load_before_fork",
    "wait_for",
]


def enqueue(
    kind: str,
    payload: dict[str, Any],
    *,
    key: str,
    run_at: datetime | None = None,
    due_at: datetime | None = None,
) -> Job:
    """Put a job in the queue, once for each key; see smki_pma.jobs.queue.enqueue."""
    from smki_pma.jobs import queue  # the models can be imported only when Django is ready

    return queue.enqueue(kind, payload, key=key, run_at=run_at, due_at=due_at)


def await_end(job_id: UUID, seconds: float = 2) -> None:
    """Wait for a job's end, some seconds at most; see smki_pma.jobs.queue.await_end."""
    from smki_pma.jobs import queue

    queue.await_end(job_id, seconds)


def wait_for(job_id: UUID, seconds: float = 2) -> Job:
    """The job when it has ended, or as it stands after some seconds; see smki_pma.jobs.queue.wait_for."""
    from smki_pma.jobs import queue

    return queue.wait_for(job_id, seconds)
