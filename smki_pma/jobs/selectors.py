"""Reads of the queue."""

from datetime import timedelta

from django.db.models import Min, QuerySet

from smki_pma.calendar import clock
from smki_pma.jobs.models import Job, JobState


def longest_wait() -> timedelta:
    """How long the longest waiting due job has been due."""
    now = clock.now()
    first = Job.objects.filter(state=JobState.QUEUED, run_at__lte=now).aggregate(first=Min("run_at"))["first"]
    return now - first if first else timedelta()


def unfinished_first() -> QuerySet[Job]:
    """Jobs for the operator's page, without what they were given and what they gave."""
    return Job.objects.defer("payload", "result").order_by("-created_at", "id")
