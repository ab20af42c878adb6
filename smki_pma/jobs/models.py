"""The job row."""

import uuid

from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class Job(models.Model):
    """One piece of background work, accepted when its row is committed.

    claim: set anew by whoever takes the job; only the holder of the present claim may end it. due_at: by
    when it ought to be done, which orders its lane (ordering.py); run_at where nobody said.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=100)
    lane = models.CharField(max_length=10)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    run_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=100, blank=True)
    claim = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["lane", "due_at", "run_at"],
                name="job_due",
                condition=models.Q(state=JobState.QUEUED),
            ),
            models.Index(
                fields=["leased_until"], name="job_leased", condition=models.Q(state=JobState.RUNNING)
            ),
            models.Index(fields=["kind", "state"], name="job_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_claimed_while_running",
                condition=models.Q(state=JobState.RUNNING, claim__isnull=False, leased_until__isnull=False)
                | ~models.Q(state=JobState.RUNNING),
            ),
            models.CheckConstraint(
                name="job_ended_has_time",
                condition=models.Q(state__in=[JobState.DONE, JobState.FAILED], ended_at__isnull=False)
                | models.Q(state__in=[JobState.QUEUED, JobState.RUNNING], ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def has_ended(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}
