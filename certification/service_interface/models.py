"""Who may use the SMKI Service Interface, with what credential, and when it is down."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from certification.service_interface.states import ACTIVE, BEING_ISSUED, FAILED, LIFE_CYCLE
from repository.documents.models import Version
from smki_pma.ledger.gate import GovernedModel
from smki_pma.ledger.history import RowHistory
from smki_pma.parties.models import Holding, Party

ENVIRONMENTS = [("live", "Live"), ("test", "Test, for entry testing")]


class InterfaceAuthority(GovernedModel):
    """The authority that signs credentials. It is no SMKI Certification Authority and issues nothing else. L4.5

    key_reference: names the key among those that only the worker reaches. The newest one signs.
    """

    name = models.CharField(max_length=64)
    key_reference = models.CharField(max_length=80, unique=True)
    certificate = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]
        verbose_name_plural = "interface authorities"

    def __str__(self) -> str:
        return self.name


class Credential(GovernedModel):
    """A client certificate with which a Party's machine speaks to the SMKI Service Interface. L4.5

    holder, holding: the Party's officer in whose name the machine acts, and the office that empowers; the
    credential ends with it. sha256: of the certificate, by which a connection is recognised.
    replaces: the credential that this one is to take over from; both work until that one ends.
    """

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="interface_credentials")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    holding = models.ForeignKey(Holding, on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(max_length=8, choices=ENVIRONMENTS)
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=16, choices=LIFE_CYCLE.choices())
    public_key = models.BinaryField()
    public_key_sha256 = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    job_id = models.UUIDField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    issuer = models.ForeignKey(
        InterfaceAuthority, null=True, blank=True, on_delete=models.PROTECT, related_name="credentials"
    )
    serial = models.CharField(max_length=40, blank=True)
    certificate = models.BinaryField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, null=True, blank=True, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_reason = models.CharField(max_length=300, blank=True)

    history = RowHistory(without=["public_key", "certificate"])

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["public_key_sha256"], condition=~Q(state=FAILED), name="interface_credential_key_once"
            ),
            models.UniqueConstraint(
                fields=["issuer", "serial"], condition=~Q(serial=""), name="interface_credential_serial_once"
            ),
            models.CheckConstraint(
                condition=~Q(state=ACTIVE)
                | Q(sha256__isnull=False, certificate__isnull=False, expires_at__isnull=False),
                name="interface_credential_active_is_issued",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[BEING_ISSUED, ACTIVE], ended_at__isnull=True)
                | (~Q(state__in=[BEING_ISSUED, ACTIVE]) & Q(ended_at__isnull=False)),
                name="interface_credential_over_has_an_end",
            ),
        ]
        indexes = [models.Index(fields=["party", "asked_at"], name="interface_credential_of_party")]

    def __str__(self) -> str:
        return f"{self.name} of {self.party}"

    @property
    def is_active(self) -> bool:
        return self.state == ACTIVE


class TestAccess(GovernedModel):
    """A Party in SMKI Entry Process Testing may use the test interface, until the end. L4.1(b)"""

    __test__ = False  # its name is the Code's, not pytest's

    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="test_accesses")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    purpose = models.CharField(max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_reason = models.CharField(max_length=300, blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["-starts_at"]
        verbose_name_plural = "test accesses"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
                name="interface_test_access_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"Test access of {self.party}"


class MaintenanceWindow(GovernedModel):
    """Time announced for work on DCC's systems; only Planned Maintenance excuses an interface that is down. L4.2

    is_planned: within H8.3; other work is told too, and counts as time not available. live_down, test_down:
    which interface is down meanwhile. over_at: when the work was over, if earlier than its end.
    """

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_planned = models.BooleanField()
    live_down = models.BooleanField()
    test_down = models.BooleanField()
    what = models.CharField(max_length=300)
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="interface_window_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(over_at__isnull=True)
                | Q(over_at__gte=models.F("starts_at"), over_at__lte=models.F("ends_at")),
                name="interface_window_over_within",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(over_at__isnull=True),
                name="interface_window_cancelled_or_over",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def until(self) -> datetime:
        """When it is really over."""
        return self.over_at or self.ends_at


class AvailabilityFact(GovernedModel):
    """A dated fact from which the interface must be available; a later one of its kind stands beside it. L4.2"""

    class Kind(models.TextChoices):
        SERVICES = "services", "DCC is obliged to provide the SMKI Services from this date (L4.2(a))"
        TESTING = "testing", "Available for SMKI Entry Process Testing on these dates (L4.2(b))"

    kind = models.CharField(max_length=10, choices=Kind)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    extent = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="interface_fact_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.starts_on}"


class RecordedAnnex(GovernedModel):
    """The annex that belongs to a version of the SMKI Interface Design Specification, as machines read it. L4.4

    content: JSON text as the annex is served (machine/annex.py). The newest one is compared with what runs.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["recorded_at"]
        verbose_name_plural = "recorded annexes"

    def __str__(self) -> str:
        return f"Annex of {self.version}"
