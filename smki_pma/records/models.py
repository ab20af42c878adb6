"""Signed documents, and the key that signs them."""

from django.db import models
from django.utils.text import slugify

from smki_pma.ledger.gate import GovernedModel
from smki_pma.ledger.models import AUDIENCES


class RecordState(models.TextChoices):
    REQUESTED = "requested", "Being made"
    MADE = "made", "Made"


class Record(GovernedModel):
    """A PDF about one act, with the proof of that act's ledger entry inside.

    act_id: the act whose entry it proves. ledger_number: that entry, known once the document is made.
    template, context_builder: what it was made from; a dotted path to a function of the record.
    """

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200, help_text="publishable: it is in the file's name and metadata")
    subject_type = models.CharField(max_length=100)
    subject_id = models.CharField(max_length=100)
    template = models.CharField(max_length=200)
    context_builder = models.CharField(max_length=200)
    audience = models.CharField(max_length=10, choices=[(name, name) for name in AUDIENCES])
    party_id = models.UUIDField(null=True)
    act_id = models.UUIDField(db_index=True)
    requested_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=RecordState, default=RecordState.REQUESTED)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(null=True)
    ledger_number = models.BigIntegerField(null=True)
    checkpoint_size = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="record_by_subject")]
        constraints = [
            models.UniqueConstraint(fields=["act_id", "kind"], name="one_record_of_a_kind_per_act"),
            models.CheckConstraint(
                name="made_record_is_whole",
                condition=models.Q(state=RecordState.REQUESTED, sha256="", made_at__isnull=True)
                | models.Q(
                    state=RecordState.MADE,
                    size__isnull=False,
                    ledger_number__isnull=False,
                    checkpoint_size__isnull=False,
                    made_at__isnull=False,
                )
                & ~models.Q(sha256=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_made(self) -> bool:
        return self.state == RecordState.MADE

    @property
    def file_name(self) -> str:
        """The name that the file is downloaded under."""
        return f"{slugify(self.title)[:80] or self.kind}.pdf"


class DocumentKey(models.Model):
    """The certificate of a key that signs documents; the newest is in use, earlier ones stay published."""

    fingerprint = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of the certificate")
    certificate_pem = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Document key {self.fingerprint[:16]}"
