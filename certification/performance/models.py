"""Forecasts of use, as each Authorised Subscriber provided them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from smki_pma.ledger.gate import GovernedModel
from smki_pma.parties.models import Party


class Forecast(GovernedModel):
    """One forecast of a Party for the eight months after the month in which it was provided. L8.7

    answers: the occasion that it meets ("December 2026"), the first forecast since that month began; empty for
    a revision. due_on: that occasion's day; is_late: provided after it.
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="forecasts")
    provided_at = models.DateTimeField()
    provided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answers = models.CharField(max_length=20, blank=True)
    due_on = models.DateField(null=True, blank=True)
    is_late = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-provided_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "answers"], condition=~Q(answers=""), name="forecast_answers_once"
            ),
            models.CheckConstraint(
                condition=Q(answers="", due_on__isnull=True, is_late=False)
                | (~Q(answers="") & Q(due_on__isnull=False)),
                name="forecast_answers_has_a_day",
            ),
        ]
        indexes = [models.Index(fields=["party", "provided_at"], name="forecast_of_party")]

    def __str__(self) -> str:
        return f"Forecast of {self.party}"


class ForecastMonth(GovernedModel):
    """The requests that a forecast expects in one month. L8.7

    month: its first day. single, batched: requests for Device Certificates, one by one and inside batches;
    organisation: those for Organisation Certificates.
    """

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    forecast = models.ForeignKey(Forecast, on_delete=models.PROTECT, related_name="months")
    month = models.DateField()
    single = models.PositiveIntegerField()
    batched = models.PositiveIntegerField()
    organisation = models.PositiveIntegerField()

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["forecast", "month"], name="forecast_month_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="forecast_month_is_a_first"),
        ]
        indexes = [models.Index(fields=["month"], name="forecast_for_month")]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"

    @property
    def device(self) -> int:
        """Requests for Device Certificates, both ways."""
        return self.single + self.batched

    @property
    def total(self) -> int:
        return self.device + self.organisation
