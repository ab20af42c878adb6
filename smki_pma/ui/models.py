"""The keys of forms that have acted, so that a repeated sending acts no second time."""

from django.db import models

from smki_pma.calendar import clock


class Submission(models.Model):
    """One form that was sent and acted on. url: where its sender was taken."""

    key = models.UUIDField(primary_key=True)
    url = models.CharField(max_length=500)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.key)
