"""What somebody owes by when."""

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from smki_pma.ledger.gate import GovernedModel, GovernedQuerySet
from smki_pma.parties.models import Holding, Party, Person
from smki_pma.parties.roles import Role


def _or_none(column: str) -> Coalesce:
    """The column with a value in the place of null, since no two nulls are equal to a unique index."""
    none = models.Value(UUID(int=0), output_field=models.UUIDField())
    return Coalesce(column, none, output_field=models.UUIDField())


class DutyQuerySet(GovernedQuerySet["Duty"]):
    def about(self, kind: str, subject: models.Model) -> "DutyQuerySet":
        """Duties of a kind about a subject, whoever holds them."""
        return self.filter(kind=kind, subject_type=subject._meta.label, subject_id=str(subject.pk))

    def open(self) -> "DutyQuerySet":
        return self.filter(discharged_at__isnull=True, withdrawn_at__isnull=True)

    def overdue(self, moment: datetime) -> "DutyQuerySet":
        return self.open().filter(due_at__lte=moment)

    def held_by(self, holdings: list[Holding]) -> "DutyQuerySet":
        """Duties of these holdings: of the very holding, or of its role (and Party, where the duty names one)."""
        owed = Q(holding__in=[holding.pk for holding in holdings])
        for holding in holdings:
            of_party = Q(party__isnull=True) | Q(party_id=holding.party_id)
            owed |= Q(role=holding.office.role, holding__isnull=True) & of_party
        return self.filter(owed)


class Duty(GovernedModel):
    """One thing owed. `title` may be shown to anybody: it never holds confidential text (L9.12, L9.18).

    Its holder is a role, a role of one Party, or one holding of an office. due_at is open if null.
    """

    kind = models.SlugField(max_length=60)
    clause = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    role = models.CharField(max_length=30, choices=[(role.value, role.title) for role in Role], blank=True)
    holding = models.ForeignKey(
        Holding, null=True, blank=True, on_delete=models.PROTECT, related_name="duties"
    )
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="duties")
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    url = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    discharged_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    opened_act = models.UUIDField(null=True)
    closed_act = models.UUIDField(null=True)

    objects = DutyQuerySet.as_manager()  # type: ignore[misc]  # a class attribute, as on the base

    class Meta:
        ordering = [models.F("due_at").asc(nulls_last=True), "opened_at"]
        verbose_name_plural = "duties"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "kind"]),
            models.Index(fields=["role", "due_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(role="") | Q(holding__isnull=False), name="duties_duty_has_a_holder"
            ),
            models.UniqueConstraint(
                "kind",
                "subject_type",
                "subject_id",
                "role",
                _or_none("holding"),
                _or_none("party"),
                condition=Q(discharged_at__isnull=True, withdrawn_at__isnull=True),
                name="duties_duty_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.discharged_at is None and self.withdrawn_at is None


class Period(GovernedModel):
    """The occasion of a recurring duty: one row for each kind and period, so that a repeat opens nothing."""

    kind = models.SlugField(max_length=60)
    period = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "period"], name="duties_period_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}"


class CalendarAddress(models.Model):
    """A person's secret calendar address, by the digest of its secret. A personal means, like a password."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="calendar_addresses")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "calendar addresses"

    def __str__(self) -> str:
        return f"Calendar of {self.person}"
