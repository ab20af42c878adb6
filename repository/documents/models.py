"""Documents of L5.1(e)-(m), each with all of its versions."""

from django.db import models
from django.db.models import Q

from repository.documents.kinds import GROUNDS, ONE_OF_A_KIND, Capacity, DocumentKind, Purpose
from repository.documents.states import CURRENT, LIFE_CYCLE
from smki_pma.files.kinds import KINDS, FileKind
from smki_pma.ledger.gate import GovernedModel
from smki_pma.ledger.history import RowHistory


class Document(GovernedModel):
    """A document under its title; what it says is in its versions. L5.1(e)-(m)"""

    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    title = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind__in=[kind.value for kind in ONE_OF_A_KIND]),
                name="documents_document_one_of_a_kind",
            ),
            models.UniqueConstraint(fields=["kind", "title"], name="documents_document_title_once"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ground(self) -> str:
        return GROUNDS[DocumentKind(self.kind)]


class Version(GovernedModel):
    """One version as lodged; only its state and its signed manifest are written later. L5.1, L5.3"""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    dated_on = models.DateField()
    state = models.CharField(max_length=12, choices=LIFE_CYCLE.choices(), default=CURRENT)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    file_kind = models.CharField(
        max_length=4, choices=[(kind.value, kind.value.upper()) for kind in FileKind]
    )
    lodged_at = models.DateTimeField()
    lodged_by = models.CharField(max_length=200)
    lodged_role = models.CharField(max_length=30)
    capacity = models.CharField(max_length=3, choices=Capacity.choices)
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    resolution_ref = models.CharField(max_length=60, blank=True)
    manifest = models.TextField()
    manifest_signature = models.BinaryField(null=True)
    manifest_key = models.CharField(max_length=64, blank=True)

    history = RowHistory(without=["manifest", "manifest_signature"])

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="documents_version_number_once"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state=CURRENT), name="documents_version_one_current"
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="documents_version_sha256")]

    def __str__(self) -> str:
        return f"{self.document.title}, version {self.number}"

    @property
    def file_title(self) -> str:
        return KINDS[FileKind(self.file_kind)].title


class SecretariatLodging(GovernedModel):
    """A resolution of the PMA that lets the Secretariat lodge for it, until another ends it. L5.3(b)"""

    resolution_id = models.UUIDField(unique=True)
    resolution_ref = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    ended_ref = models.CharField(max_length=60, blank=True)

    history = RowHistory()

    class Meta:
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return f"The Secretariat lodges by {self.resolution_ref}"


class Delivery(GovernedModel):
    """One version sent to a reader: when it was asked for and when it was sent. L8.4"""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="deliveries")
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at"]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return f"{self.version} at {self.sent_at:%Y-%m-%d %H:%M:%S}"
