"""The tick that makes the broker dispensable: it finds every job that nobody was woken for."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from smki_pma.calendar import clock
from smki_pma.jobs import execution, queue, wake
from smki_pma.jobs.models import Job, JobState
from smki_pma.jobs.registry import Lane, Recurring, recurring

KEEP_DONE = timedelta(days=30)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def sweep() -> None:
    """Take back what dead workers hold, queue what recurs, wake a worker for every lane that has work."""
    execution.recover(queue.lease_over())
    for one in recurring():
        enqueue_if_due(one)
    waiting = Job.objects.filter(state=JobState.QUEUED, run_at__lte=clock.now())
    for lane in waiting.values_list("lane", flat=True).distinct():
        wake.up(Lane(lane))


def enqueue_if_due(one: Recurring) -> None:
    """Queue a recurring job for the present interval, unless it was queued or the last one still runs."""
    now = clock.now()
    slot = (now - _EPOCH) // one.interval
    key = f"{one.kind}:{slot}"
    if Job.objects.filter(key=key).exists():
        return
    if Job.objects.filter(kind=one.kind, state__in=[JobState.QUEUED, JobState.RUNNING]).exists():
        return
    with transaction.atomic():
        queue.enqueue(one.kind, {}, key=key)


def forget_old_jobs() -> int:
    """Delete done jobs after a month. Failed ones stay: somebody has to look at them."""
    old = Job.objects.filter(state=JobState.DONE, ended_at__lt=clock.now() - KEEP_DONE)
    return old.delete()[0]
