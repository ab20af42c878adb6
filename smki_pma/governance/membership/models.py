"""What an appointment and a Member Confirmation rest on. Who holds what when stands in `parties`."""

from django.db import models

from smki_pma.ledger.gate import GovernedModel


class Appointment(GovernedModel):
    """The ground of one holding of a seat: who decided, when, and what the Code asks to be recorded.

    starts_on: the first day as decided; a Chair who follows a Chair staying on starts with the Member
    Confirmation, if that comes later. finding, remuneration, holdover_days: of the Chair alone (L1.5).
    notice_on: of a representative alone, the day of the Sub-Committee's notice (L1.10).
    """

    holding = models.OneToOneField("parties.Holding", on_delete=models.PROTECT, related_name="appointment")
    decided_on = models.DateField()
    starts_on = models.DateField()
    decision = models.CharField(max_length=200)
    finding = models.TextField(blank=True)
    remuneration = models.TextField(blank=True)
    holdover_days = models.PositiveSmallIntegerField(null=True, blank=True)
    notice_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Appointment of {self.holding}"


class MemberConfirmation(GovernedModel):
    """The written confirmation of C6.9, without which a term does not count."""

    holding = models.OneToOneField("parties.Holding", on_delete=models.PROTECT, related_name="confirmation")
    given_on = models.DateField()
    employer_letter = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Member Confirmation of {self.holding}"
