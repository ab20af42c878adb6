"""What is revoked, apart from the Certificates themselves; who asked for it; and what was rejected."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from certification.authorities.models import Authority
from certification.revocations.rules import REASONS, Origin
from certification.revocations.states import (
    AWAITING_CHECK,
    BEING_INVESTIGATED,
    REFUSED,
    REJECTION,
    REVOCATION_REQUEST,
    REVOKED,
)
from repository.certificates.models import Certificate
from smki_pma.ledger.gate import GovernedModel
from smki_pma.parties.models import Party

ORIGINS = [
    (Origin.SUBSCRIBER.value, "The subscriber"),
    (Origin.DCC.value, "DCC"),
    (Origin.PMA.value, "The SMKI PMA"),
]
REASON_CHOICES = [(reason.value, facts.title) for reason, facts in REASONS.items()]
_PERSON = settings.AUTH_USER_MODEL


class Revocation(GovernedModel):
    """One revoked Certificate, for good. Lists are made from this table and from nothing else. L3.5

    position: from 1 without a gap for each issuer, so that a list can show that it lost none. entry: its
    line of the list, encoded once from the columns beside it.
    """

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="revocation")
    issuer = models.ForeignKey(
        Authority, on_delete=models.PROTECT, related_name="revocations", db_index=False
    )
    position = models.PositiveIntegerField()
    serial = models.CharField(max_length=40)
    revoked_at = models.DateTimeField()
    reason = models.CharField(max_length=20, choices=REASON_CHOICES)
    entry = models.BinaryField(max_length=80)

    class Meta:
        ordering = ["issuer_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "position"], name="revocation_position_once"),
            models.UniqueConstraint(fields=["serial", "issuer"], name="revocation_serial_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="revocation_position_from_one"),
        ]

    def __str__(self) -> str:
        return f"Revocation of {self.serial}"


class RevocationRequest(GovernedModel):
    """Somebody asks for a revocation; a Registration Authority officer checks it. L3.4

    party: the subscriber, empty for an Authority's own Certificate. asked_by is empty where the SMKI PMA
    asks by a resolution. checks, evidence: what was checked when it was decided. due_at: by when.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="revocation_requests")
    party = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="revocation_requests"
    )
    origin = models.CharField(max_length=10, choices=ORIGINS)
    reason = models.CharField(max_length=20, choices=REASON_CHOICES)
    explanation = models.TextField()
    asked_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_in = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=REVOCATION_REQUEST.choices())
    decided_by = models.ForeignKey(_PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    checks = models.JSONField(default=list, blank=True)
    evidence = models.TextField(blank=True)
    refusal = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(state=AWAITING_CHECK),
                name="revocation_request_one_open",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(asked_by__isnull=True)
                | ~Q(decided_by=F("asked_by")),
                name="revocation_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(REVOKED, REFUSED))
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="revocation_decided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state=AWAITING_CHECK), name="revocation_request_queue"
            )
        ]

    def __str__(self) -> str:
        return f"Request to revoke {self.certificate.serial}"

    @property
    def reference(self) -> str:
        """A short name for people; addresses use the whole id."""
        return self.pk.hex[:8].upper()


class Rejection(GovernedModel):
    """The subscriber does not accept a Certificate that was issued to it. L3.4"""

    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="rejection")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="rejections")
    explanation = models.TextField()
    rejected_by = models.ForeignKey(_PERSON, on_delete=models.PROTECT, related_name="+")
    rejected_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=REJECTION.choices())
    finding = models.TextField(blank=True)
    concluded_by = models.ForeignKey(
        _PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    concluded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-rejected_at"]
        indexes = [
            models.Index(fields=["rejected_at"], condition=Q(state=BEING_INVESTIGATED), name="rejection_open")
        ]

    def __str__(self) -> str:
        return f"Rejection of {self.certificate.serial}"
