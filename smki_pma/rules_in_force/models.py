"""Later values of the rules, each set by a resolution, and one-off days."""

from django.db import models
from django.db.models import Q

from smki_pma.ledger.gate import GovernedModel


class RuleChange(GovernedModel):
    """A value that a carried motion gave to a rule from a moment on."""

    key = models.CharField(max_length=80)
    value = models.JSONField()
    effective_from = models.DateTimeField()
    reason = models.TextField()
    resolution_id = models.UUIDField()
    resolution_ref = models.CharField(max_length=40)

    class Meta:
        ordering = ["effective_from"]
        indexes = [models.Index(fields=["key", "effective_from"])]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class NonWorkingDay(GovernedModel):
    """A one-off day that is not a Working Day, added by the Secretariat (house rule on Working Days).

    It counts until `removed_at` (null: it counts).
    """

    day = models.DateField()
    reason = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["day"], condition=Q(removed_at__isnull=True), name="rules_in_force_day_counts_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.reason}"
