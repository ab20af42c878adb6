"""What the background lint has read, and what it found."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from repository.certificates.models import Certificate, RevocationList
from smki_pma.ledger.gate import GovernedModel


class Subject(models.TextChoices):
    CERTIFICATE = "certificate", "Certificates"
    LIST = "list", "CRLs and ARLs"


class LintRun(GovernedModel):
    """One stretch of the Repository, linted whole: every row from first_id to last_id. L3.5

    Each run begins where the one before ended, so the runs together show that nothing was left out.
    judgement: what an operator says of the findings, once.
    """

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    subject = models.CharField(max_length=12, choices=Subject.choices)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    linter = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    judgement = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "first_id"], name="lint_run_begins_once"),
            models.CheckConstraint(condition=Q(last_id__gte=F("first_id")), name="lint_run_goes_on"),
            models.CheckConstraint(
                condition=Q(judged_at__isnull=True, judgement="", judged_by__isnull=True)
                | (Q(judged_at__isnull=False, judged_by__isnull=False) & ~Q(judgement="")),
                name="lint_run_judged_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["subject", "last_id"], name="lint_run_last"),
            models.Index(fields=["id"], condition=Q(found__gt=0), name="lint_run_with_findings"),
        ]

    def __str__(self) -> str:
        return f"Lint run {self.pk}"

    @property
    def awaits_judgement(self) -> bool:
        return self.found > 0 and self.judged_at is None


class LintFinding(GovernedModel):
    """One thing that a lint found in one Certificate or list."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    run = models.ForeignKey(LintRun, on_delete=models.PROTECT, related_name="findings")
    certificate = models.ForeignKey(
        Certificate, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    revocation_list = models.ForeignKey(
        RevocationList, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    code = models.CharField(max_length=120)
    message = models.TextField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(certificate__isnull=False, revocation_list__isnull=True)
                | Q(certificate__isnull=True, revocation_list__isnull=False),
                name="lint_finding_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.code
