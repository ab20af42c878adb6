"""The stored Certificates, CRL and ARL files: written once, by DCC, and never changed but for their status."""

from django.db import models
from django.db.models import Q

from repository.certificates.identifiers import format_eui64, format_serial
from repository.certificates.kinds import STORED_STATUSES, CertificateKind, ListKind, Status, Usage
from smki_pma.ledger.gate import GovernedModel

HAS_ROLE = Q(role_code__isnull=False)
NOT_DEVICE = ~Q(kind=CertificateKind.DEVICE.value)
NOT_IN_USE = ~Q(status=Status.IN_USE.value)


class Certificate(GovernedModel):
    """One Certificate lodged in the Repository; its columns are read from `der`. L5.1(a)-(d)

    id: its place in the certificate log, counted from 1 (lodging.py gives it). It grows with time so that a
    page is one step along the primary key, at any size. Few indexes, and none that a new Device Certificate
    touches at a random place but that of its EUI-64: issuing costs the same at any size.
    """

    id = models.BigIntegerField(primary_key=True)  # type: ignore[assignment]
    kind = models.CharField(max_length=12, choices=CertificateKind.choices)
    environment = models.CharField(max_length=8)
    serial = models.CharField(max_length=40)
    issuer = models.CharField(max_length=255)
    issuer_key_id = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    subject_cn = models.CharField(max_length=64, blank=True)
    eui64 = models.CharField(max_length=16, blank=True)
    role_code = models.PositiveSmallIntegerField(null=True, blank=True)
    usage = models.CharField(max_length=2, choices=Usage.choices)
    key_id = models.CharField(max_length=40, blank=True)
    public_key_sha256 = models.CharField(max_length=64)
    not_before_at = models.DateTimeField()
    not_after_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    der = models.BinaryField()
    status = models.CharField(max_length=1, choices=Status.choices, default=Status.IN_USE)
    status_changed_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    lodged_at = models.DateTimeField()
    lodged_by = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)

    class Meta:
        ordering = ["-id"]
        constraints = [
            # The serial number first: it serves a search by serial number too, and it begins with the time.
            models.UniqueConstraint(fields=["serial", "issuer"], name="certificate_serial_never_reused"),
            models.CheckConstraint(
                condition=Q(status__in=STORED_STATUSES), name="certificate_status_is_a_stored_one"
            ),
        ]
        indexes = [
            models.Index(fields=["eui64", "id"], name="certificate_eui64"),
            # A Device Certificate in use, which most are, is in none of these (selectors.py).
            models.Index(fields=["role_code", "id"], condition=HAS_ROLE, name="certificate_role"),
            models.Index(fields=["kind", "id"], condition=NOT_DEVICE, name="certificate_kind"),
            models.Index(fields=["issuer", "id"], condition=NOT_DEVICE, name="certificate_issuer"),
            models.Index(fields=["not_after_at"], condition=NOT_DEVICE, name="certificate_expiry"),
            models.Index(fields=["status", "id"], condition=NOT_IN_USE, name="certificate_status"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} Certificate {self.serial}"

    @property
    def eui64_shown(self) -> str:
        """The EUI-64 as people read it, empty for a Certificate of an authority."""
        return format_eui64(self.eui64)

    @property
    def serial_shown(self) -> str:
        return format_serial(self.serial)

    @property
    def serial_decimal(self) -> str:
        return str(int(self.serial, 16))


class RevocationList(GovernedModel):
    """One version of a CRL or ARL; every version stays. L5.1(j)-(k)"""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    list_kind = models.CharField(max_length=3, choices=ListKind.choices)
    environment = models.CharField(max_length=8)
    issuer_name = models.CharField(max_length=120)
    issuer = models.CharField(max_length=255)
    issuer_key_id = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=49)
    entries = models.PositiveIntegerField()
    this_update_at = models.DateTimeField()
    next_update_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, unique=True)
    der = models.BinaryField()
    lodged_at = models.DateTimeField()
    lodged_by = models.CharField(max_length=200)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "list_kind", "number"], name="revocation_list_number_once"
            ),
        ]
        indexes = [models.Index(fields=["list_kind", "id"], name="revocation_list_kind")]

    def __str__(self) -> str:
        return f"{self.get_list_kind_display()} {self.number} of {self.issuer_name}"
