"""Into the queue, and out of it: each step one conditional write, the same on both databases."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from smki_pma.calendar import clock
from smki_pma.jobs import waiting, wake
from smki_pma.jobs.models import Job, JobState
from smki_pma.jobs.ordering import in_order
from smki_pma.jobs.registry import Lane, UnknownKind, handler_for
from smki_pma.statements import adapt_json, execute, fetch_one, insert_row

# First retry soon, for what a moment mends; then ever more slowly. The last value repeats.
BACKOFF = [timedelta(seconds=s) for s in (2, 10, 60, 300, 1800)]

_CLAIM = """
UPDATE jobs_job SET state = %s, claim = %s, worker = %s, attempts = attempts + 1, started_at = %s, leased_until = %s
{unsynced} WHERE id = %s AND state = 'queued' AND run_at <= %s RETURNING lane, payload, attempts
"""
# A claim that a failing server forgets leaves the job waiting, so the disk need not have it before the work begins.
_UNSYNCED = "FROM (SELECT set_config('synchronous_commit', 'off', true)) AS unsynced"
_END = """
UPDATE jobs_job SET state = %s, result = %s, error = %s, claim = NULL, leased_until = NULL, ended_at = %s
WHERE id = %s AND state = 'running' AND claim = %s
"""


def enqueue(
    kind: str,
    payload: dict[str, Any],
    *,
    key: str,
    run_at: datetime | None = None,
    due_at: datetime | None = None,
) -> Job:
    """Put a job in the queue, once for each key, and wake a worker when the transaction commits.

    kind: one that a tasks.py handles. payload: JSON, ids only. key: what the job is about; a second call
    with it gives the first job. run_at: not before this moment. due_at: by when it ought to be done, which
    orders the lane. Raises UnknownKind where nobody handles the kind.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("enqueue belongs inside the transaction of its cause.")
    handler = handler_for(kind)
    now = clock.now()
    run_at = run_at or now
    job = Job(
        kind=kind,
        lane=handler.lane,
        key=key,
        payload=payload,
        run_at=run_at,
        due_at=due_at or run_at,
        created_at=now,
    )
    if not insert_row(job, unless="key"):
        job = Job.objects.get(key=key)
    transaction.on_commit(partial(wake.up, handler.lane, job), robust=True)
    return job


def wait_for(job_id: uuid.UUID, seconds: float = 2) -> Job:
    """The job when it has ended, or as it stands after some seconds. Not for use inside a transaction."""
    await_end(job_id, seconds)
    return Job.objects.get(pk=job_id)


def await_end(job_id: uuid.UUID, seconds: float = 2) -> None:
    """Return when the job has ended, or after some seconds. Not for use inside a transaction."""
    waiting.until(partial(_has_ended, job_id), job_id, min(seconds, settings.SMKI_LONGEST_JOB_WAIT))


def _has_ended(job_id: uuid.UUID) -> bool:
    row = fetch_one("SELECT state FROM jobs_job WHERE id = %s", [job_id])
    return row is not None and row[0] in (JobState.DONE, JobState.FAILED)


def claim(job_id: uuid.UUID, kind: str, *, worker: str) -> Job | None:
    """Take this very job, if it waits and is due."""
    now = clock.now()
    job = Job(id=job_id, kind=kind, state=JobState.RUNNING, claim=uuid.uuid4(), worker=worker)
    statement = _CLAIM.format(unsynced=_UNSYNCED if connection.vendor == "postgresql" else "")
    taken = fetch_one(statement, [job.state, job.claim, worker, now, now + _lease(kind), job_id, now])
    if taken is None:
        return None
    job.lane, payload, job.attempts = taken
    job.payload = json.loads(payload)
    return job


def claim_next(lane: Lane, *, worker: str) -> Job | None:
    """Take the first job of a lane in the order in force; None where nothing is due."""
    while candidates := _due(lane):
        for job in candidates:
            if _claim(job, worker):
                return job
    return None


def _due(lane: Lane) -> Sequence[Job]:
    # Several, so that workers who read the same list do not all fight for its first row and lose the rest.
    due = Job.objects.filter(lane=lane, state=JobState.QUEUED, run_at__lte=clock.now())
    return list(in_order(due, lane)[:8])


def _claim(job: Job, worker: str) -> bool:
    now = clock.now()
    fields = {
        "state": JobState.RUNNING,
        "claim": uuid.uuid4(),
        "worker": worker,
        "attempts": job.attempts + 1,
        "started_at": now,
        "leased_until": now + _lease(job.kind),
    }
    # The row may have been taken, or taken and put back, since it was read: then the condition fails.
    unchanged = Job.objects.filter(pk=job.pk, state=JobState.QUEUED, attempts=job.attempts)
    if unchanged.update(**fields) == 0:
        return False
    for name, value in fields.items():
        setattr(job, name, value)
    return True


def _lease(kind: str) -> timedelta:
    try:
        return handler_for(kind).lease
    except UnknownKind:
        return timedelta(minutes=1)


def mark_done(job: Job, result: dict[str, Any] | None) -> bool:
    """End a job that is still ours. False where its claim has passed to somebody else."""
    return _end(job, state=JobState.DONE, result=result, error="")


def mark_failed(job: Job, error: str) -> bool:
    """Give a job up. False where its claim has passed to somebody else."""
    return _end(job, state=JobState.FAILED, result=None, error=error)


def _end(job: Job, *, state: str, result: dict[str, Any] | None, error: str) -> bool:
    return execute(_END, [state, adapt_json(result), error, clock.now(), job.pk, job.claim]) == 1


def put_back(job: Job, error: str) -> bool:
    """Queue a job again for a later attempt. False where its claim has passed to somebody else."""
    wait = BACKOFF[min(job.attempts, len(BACKOFF)) - 1]
    ours = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, claim=job.claim)
    return (
        ours.update(
            state=JobState.QUEUED, claim=None, leased_until=None, run_at=clock.now() + wait, error=error
        )
        == 1
    )


def held_by(worker: str) -> Q:
    """Jobs that a worker of this name, or a process of its pool, was doing: at its start, what it died over."""
    return Q(state=JobState.RUNNING) & (Q(worker=worker) | Q(worker__startswith=f"{worker}/"))


def lease_over() -> Q:
    """Jobs whose worker has not ended them in time."""
    return Q(state=JobState.RUNNING, leased_until__lt=clock.now())
