"""Formal notices, who received them and how."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from smki_pma.duties.models import Duty
from smki_pma.ledger.gate import GovernedModel
from smki_pma.notices.preferences import Preference

__all__ = ["Delivery", "DeliveryState", "Notice", "NoticeKind", "Preference", "Reminder"]


class NoticeKind(models.TextChoices):
    FORMAL = "formal", "Notice"
    REMINDER = "reminder", "Reminder"


class Notice(GovernedModel):
    """A notice as sent. Its text never holds confidential content (L9.12, L9.18): it links to it."""

    kind = models.CharField(max_length=10, choices=NoticeKind, default=NoticeKind.FORMAL)
    clause = models.CharField(max_length=20)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    url = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField()
    act_id = models.UUIDField(null=True)

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.subject


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    NOT_WANTED = "not_wanted", "Not by e-mail"


class Delivery(models.Model):
    """One recipient of a notice: when it was read here, and what became of the e-mail.

    person: null where somebody without an account has the notice by e-mail alone.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    address = models.EmailField()
    state = models.CharField(max_length=12, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-notice__sent_at"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["notice", "person"], name="notices_delivery_once"),
            models.UniqueConstraint(
                fields=["notice", "address"],
                condition=Q(person__isnull=True),
                name="notices_delivery_once_to_an_address",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} to {self.address}"


class Reminder(GovernedModel):
    """That a duty's holders were reminded at one stage: so that nobody is reminded of it twice."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="reminders")
    stage = models.CharField(max_length=20)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "stage"], name="notices_reminder_once")]

    def __str__(self) -> str:
        return f"{self.duty}: {self.stage}"
