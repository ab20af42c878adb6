"""The keys of forms that have acted, so that a repeated sending acts no second time."""

from datetime import datetime

from django.db import models

from smki_pma.calendar import clock


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def forget_before(self, moment: datetime) -> int:
        """Delete the keys of forms sent before a moment; gives their number."""
        return self.filter(at__lt=moment).delete()[0]


class Submission(models.Model):
    """One form that was sent and acted on. url: where its sender was taken."""

    key = models.UUIDField(primary_key=True)
    url = models.CharField(max_length=500)
    at = models.DateTimeField(default=clock.now)

    objects = SubmissionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.key)
