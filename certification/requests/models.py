"""Requests for Certificates, as received, with every time that a Target Response Time is measured by."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from certification.requests.states import AWAITING_CHECK, ISSUED, LIFE_CYCLE
from certification.requests.suspension_rules import GROUND_TITLES, Ground, name_services
from certification.subscribers.models import POLICIES
from repository.certificates.identifiers import format_eui64
from repository.certificates.kinds import Usage
from repository.certificates.models import Certificate
from smki_pma.ledger.gate import GovernedModel
from smki_pma.parties.models import Party


class Source(models.TextChoices):
    PORTAL = "portal", "Portal"
    INTERFACE = "interface", "SMKI Service Interface"


class Outcome(models.TextChoices):
    CERTIFICATE = "certificate", "Certificate sent"
    ERROR = "error", "Error sent"


class CertificateRequest(GovernedModel):
    """One Certificate Signing Request from a Party under one Certificate Policy.

    received_at, sent_at: receipt and sending as rules.py defines them (L8.3); received_at is empty where the
    request never passed validation. eui64 and public_key_sha256 are empty where none could be read.
    faults: what validation found, each with code, field, message and source. submission_key: the form's, so
    that the same form sent twice makes one request. uid: names the request to people and in addresses, for
    the number would tell each Party how much the others ask for.
    """

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="certificate_requests")
    policy = models.CharField(max_length=12, choices=POLICIES)
    environment = models.CharField(max_length=8)
    state = models.CharField(max_length=20, choices=LIFE_CYCLE.choices())
    csr = models.BinaryField()
    csr_sha256 = models.CharField(max_length=64)
    public_key_sha256 = models.CharField(max_length=64, blank=True)
    eui64 = models.CharField(max_length=16, blank=True)
    role_code = models.PositiveSmallIntegerField(null=True, blank=True)
    usage = models.CharField(max_length=2, blank=True, choices=Usage.choices)
    common_name = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=9, choices=Source.choices, default=Source.PORTAL)
    submission_key = models.UUIDField()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True, choices=Outcome.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)
    faults = models.JSONField(default=list, blank=True)
    job_id = models.UUIDField(null=True, blank=True)
    certificate = models.OneToOneField(
        Certificate, null=True, blank=True, on_delete=models.PROTECT, related_name="request"
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["party", "submission_key"], name="request_submitted_once"),
            models.CheckConstraint(
                condition=Q(state=ISSUED, certificate__isnull=False)
                | (~Q(state=ISSUED) & Q(certificate__isnull=True)),
                name="request_issued_has_certificate",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, outcome="") | (Q(sent_at__isnull=False) & ~Q(outcome="")),
                name="request_sent_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, deadline_at__isnull=True)
                | Q(received_at__isnull=False, deadline_at__isnull=False),
                name="request_received_has_deadline",
            ),
        ]
        indexes = [
            models.Index(fields=["party", "id"], name="request_of_party"),
            models.Index(fields=["eui64"], name="request_eui64"),
            models.Index(fields=["submitted_at"], name="request_submitted"),
            models.Index(fields=["submitted_at"], condition=Q(state=AWAITING_CHECK), name="request_queue"),
        ]

    def __str__(self) -> str:
        return f"Request {self.reference}"

    @property
    def reference(self) -> str:
        """A short name for people; addresses use the whole id."""
        return str(self.uid)[:8].upper()

    @property
    def eui64_shown(self) -> str:
        return format_eui64(self.eui64)


class Suspension(GovernedModel):
    """An instruction that suspends services until it is reinstated; it never expires. L2.14, M8.4(f)

    party: empty for everybody. services: values of Service. instruction, reinstatement: who gave it, when, its
    reference; for DCC and the SMKI PMA only.
    """

    party = models.ForeignKey(
        Party, null=True, blank=True, on_delete=models.PROTECT, related_name="suspensions"
    )
    services = models.JSONField()
    ground = models.CharField(
        max_length=20, choices=[(ground.value, GROUND_TITLES[ground]) for ground in Ground]
    )
    provision = models.CharField(max_length=200, blank=True)
    instruction = models.TextField()
    starts_at = models.DateTimeField()
    suspended_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)
    reinstatement = models.TextField(blank=True)
    reinstated_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, reinstatement="", reinstated_by="")
                | Q(ended_at__isnull=False) & ~Q(reinstatement="") & ~Q(reinstated_by=""),
                name="suspension_ends_by_a_reinstatement",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], condition=Q(ended_at__isnull=True), name="suspension_running"),
        ]

    def __str__(self) -> str:
        return f"Suspension of {self.scope}"

    @property
    def scope(self) -> str:
        """Whom it stops, in words."""
        return str(self.party) if self.party else "every subscriber"

    @property
    def services_shown(self) -> str:
        return name_services(self.services)


class UsedPublicKey(GovernedModel):
    """A public key that a request has taken for itself, single or in a batch; no other may have it. L3.5

    digest: SHA-256 of the SubjectPublicKeyInfo, 32 octets. Nothing else: there is a row for each Certificate.
    """

    id = None  # type: ignore[assignment]
    digest = models.BinaryField(primary_key=True, max_length=32)

    def __str__(self) -> str:
        return bytes(self.digest).hex()


class DeviceCount(GovernedModel):
    """How many Certificates a device has in an environment, with the requests in hand. eui64: 8 octets. L3.4"""

    id = None  # type: ignore[assignment]
    pk = models.CompositePrimaryKey("eui64", "environment")
    eui64 = models.BinaryField(max_length=8)
    environment = models.CharField(max_length=8)
    certificates = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.certificates} Certificates of {format_eui64(bytes(self.eui64).hex().upper())}"
