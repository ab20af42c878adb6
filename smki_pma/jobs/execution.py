"""Doing jobs."""

import logging
from typing import Any

from django.db import transaction
from django.db.models import Q

from smki_pma.clauses import Refusal
from smki_pma.jobs import giving_way, queue, waiting, wake
from smki_pma.jobs.models import Job
from smki_pma.jobs.registry import ATTEMPTS, Handler, Lane, UnknownKind, handler_for
from smki_pma.statements import fetch_one, locking

logger = logging.getLogger("smki_pma.jobs")
_HELD = "SELECT 1 FROM jobs_job WHERE id = %s"


class ClaimLost(Exception):
    """The job passed to another worker while this one was at it; what this one did is rolled back."""


def drain(lane: Lane, *, worker: str) -> int:
    """Do every due job of a lane, one after another. The number of jobs taken."""
    taken = 0
    while job := queue.claim_next(lane, worker=worker):
        do(job)
        taken += 1
    return taken


def drain_batches(*, worker: str) -> int:
    """Do every due job of the batches, and background work, one job at a time, when there is none."""
    taken = 0
    while job := _claim_unhurried(worker):
        do(job)
        taken += 1
    return taken


def _claim_unhurried(worker: str) -> Job | None:
    giving_way.give_way()
    return queue.claim_next(Lane.BATCH, worker=worker) or queue.claim_next(Lane.BACKGROUND, worker=worker)


def do(job: Job) -> None:
    """Do one claimed job and record how it ended. Raises nothing: a failure is the job's, not the worker's."""
    try:
        handler = handler_for(job.kind)
        if handler.atomic:
            _do_atomically(job, handler)
        else:
            _finish(job, handler.handle(job.payload))
    except ClaimLost:
        logger.warning("job lost its claim", extra={"job": str(job.pk), "kind": job.kind})
    except Exception as error:
        logger.exception("job did not succeed", extra={"job": str(job.pk), "kind": job.kind})
        _record_failure(job, error)
    else:
        logger.info("job done", extra={"job": str(job.pk), "kind": job.kind})
        _tell_end(job)


def _do_atomically(job: Job, handler: Handler) -> None:
    with transaction.atomic(durable=True):
        # Held to the end, so that nobody takes the job over while its effect is being made.
        fetch_one(f"{_HELD} {locking('FOR UPDATE')}", [job.pk])
        _finish(job, handler.handle(job.payload))


def _finish(job: Job, result: dict[str, Any] | None) -> None:
    if not queue.mark_done(job, result):
        raise ClaimLost


def _record_failure(job: Job, error: Exception) -> None:
    """A refusal stands: the rules would refuse again. Anything else is tried again, a bounded number of times."""
    if isinstance(error, Refusal) or job.attempts >= _allowed_attempts(job):
        give_up(job, describe(error))
    else:
        queue.put_back(job, describe(error))


def _tell_end(job: Job) -> None:
    if job.lane == Lane.URGENT:
        waiting.tell_end(job.pk)


def give_up(job: Job, error: str) -> None:
    """Mark a job failed and tell the handler's own last word, both or neither."""
    try:
        with transaction.atomic():
            if queue.mark_failed(job, error):
                _tell(job, error)
    except Exception:
        logger.exception("on_failure did not succeed", extra={"job": str(job.pk), "kind": job.kind})
        queue.mark_failed(job, error)
    _tell_end(job)


def _tell(job: Job, error: str) -> None:
    try:
        told = handler_for(job.kind).on_failure
    except UnknownKind:
        return
    if told:
        told(job.payload, error)


def describe(error: Exception) -> str:
    """What the row keeps of an error. Only a refusal's words are made for people; others might quote secrets."""
    return str(error)[:500] if isinstance(error, Refusal) else type(error).__name__


def recover(abandoned: Q) -> int:
    """Queue again what a dead worker left running; give up what has killed its worker too often."""
    found = 0
    for job in Job.objects.filter(abandoned):
        if job.attempts >= _allowed_attempts(job):
            give_up(job, "The worker stopped during each attempt.")
        else:
            queue.put_back(job, "The worker stopped during the attempt.")
        found += 1
    return found


def _allowed_attempts(job: Job) -> int:
    try:
        return handler_for(job.kind).attempts
    except UnknownKind:
        return ATTEMPTS


def recover_at_start(worker: str) -> None:
    """What a worker does first: take up what its predecessor of the same name died over."""
    recover(queue.held_by(worker))
    for lane in Lane:
        wake.up(lane)
