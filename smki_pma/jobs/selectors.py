"""Reads of the queue."""

from collections.abc import Iterable
from datetime import timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from smki_pma.calendar import clock
from smki_pma.jobs.models import Job, JobState
from smki_pma.jobs.registry import Lane


def longest_wait() -> timedelta:
    """How long the longest waiting due job has been due; batches wait for one another, so not theirs."""
    now = clock.now()
    waiting = Job.objects.filter(lane__in=[Lane.URGENT, Lane.NORMAL], state=JobState.QUEUED, run_at__lte=now)
    first = waiting.aggregate(first=Min("run_at"))["first"]
    return now - first if first else timedelta()


def jobs_in(state: JobState | None) -> QuerySet[Job]:
    """Jobs in a state, or all, newest first, without what they were given and what they gave."""
    jobs = Job.objects.defer("payload", "result").order_by("-created_at", "id")
    return jobs.filter(state=state) if state else jobs


def number_by_state() -> dict[str, int]:
    """How many jobs are in each state; states without a job are 0."""
    counted = dict(Job.objects.values_list("state").annotate(number=Count("id")))
    return {state: counted.get(state, 0) for state in JobState.values}


def why_failed(job_id: UUID | None) -> str:
    """What a failed job keeps of its error: the words of a refusal, else the kind of the error. Empty for none."""
    if job_id is None:
        return ""
    failed = Job.objects.filter(pk=job_id, state=JobState.FAILED)
    return failed.values_list("error", flat=True).first() or ""


def why_last_failed(about: Iterable[str]) -> str:
    """The same of the job that failed last among those whose key begins with any of these."""
    begins = reduce(or_, (Q(key__startswith=each) for each in about))
    failed = Job.objects.filter(begins, state=JobState.FAILED).order_by("-ended_at")
    return failed.values_list("error", flat=True).first() or ""


def count_failed(about: str) -> int:
    """How many jobs whose key begins so have failed for good."""
    return Job.objects.filter(key__startswith=about, state=JobState.FAILED).count()
