"""Batches of requests for Device Certificates: as received, in chunks for the workers, and what came of each."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from certification.batches.states import COMPLETED, LIFE_CYCLE
from certification.requests.models import CertificateRequest, Source
from repository.certificates.identifiers import format_eui64
from repository.certificates.models import Certificate
from smki_pma.ledger.gate import GovernedModel
from smki_pma.parties.models import Party


class Outcome(models.TextChoices):
    CERTIFICATE = "certificate", "Certificate"
    ERROR = "error", "Error"


class ChunkState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    PREPARED = "prepared", "Prepared"
    DONE = "done", "Done"


class Batch(GovernedModel):
    """One Batched Certificate Signing Request from a Party. L8.2

    file_sha256, file_size: the ZIP as handed in; files.py says how long the files store keeps it. received_at:
    receipt (L8.3), when the ZIP had passed its checks; deadline_at: by when everything is to be sent (L8.1(b));
    completed_at: sending, when the results could be fetched. count: requests in the ZIP, of a rejected one where
    known; issued, refused: those answered. faults: why the ZIP was rejected, each with code, field, message and
    source. single: the request into which a ZIP with one request was turned. pause_reason: for people, empty
    unless paused. result_sha256: the ZIP of results in the files store, gone from it when removed_at is set.
    """

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="batches")
    environment = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=LIFE_CYCLE.choices())
    source = models.CharField(max_length=9, choices=Source.choices)
    submission_key = models.UUIDField()
    file_sha256 = models.CharField(max_length=64)
    file_size = models.PositiveBigIntegerField()
    file_name = models.CharField(max_length=120, blank=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    count = models.PositiveIntegerField(default=0)
    issued = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    pause_reason = models.CharField(max_length=500, blank=True)
    faults = models.JSONField(default=list, blank=True)
    single = models.OneToOneField(
        CertificateRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="from_batch"
    )
    result_sha256 = models.CharField(max_length=64, blank=True)
    result_size = models.PositiveBigIntegerField(null=True, blank=True)
    results_until = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "batches"
        constraints = [
            models.UniqueConstraint(fields=["party", "submission_key"], name="batch_submitted_once"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, deadline_at__isnull=True)
                | Q(received_at__isnull=False, deadline_at__isnull=False),
                name="batch_received_has_deadline",
            ),
            models.CheckConstraint(
                condition=(Q(state=COMPLETED, completed_at__isnull=False))
                | (~Q(state=COMPLETED) & Q(completed_at__isnull=True)),
                name="batch_completed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=COMPLETED) | Q(single__isnull=False) | ~Q(result_sha256=""),
                name="batch_completed_has_results",
            ),
            models.CheckConstraint(
                condition=Q(single__isnull=False) | Q(count__gte=models.F("issued") + models.F("refused")),
                name="batch_answers_no_more_than_asked",
            ),
        ]
        indexes = [
            models.Index(fields=["party", "id"], name="batch_of_party"),
            models.Index(fields=["file_sha256"], name="batch_of_file"),
            models.Index(
                fields=["deadline_at", "id"], condition=Q(completed_at__isnull=True), name="batch_in_hand"
            ),
            models.Index(
                fields=["results_until"],
                condition=Q(results_until__isnull=False, removed_at__isnull=True),
                name="batch_results_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"Batch {self.reference}"

    @property
    def reference(self) -> str:
        """A short name for people; addresses use the whole id."""
        return str(self.uid)[:8].upper()

    @property
    def answered(self) -> int:
        return self.issued + self.refused


class BatchChunk(GovernedModel):
    """Some requests of a batch, one job's work. number: from 0; first: the number of its first item, from 0.

    requests: names and requests as framing.py packs them. intents: serial and exact TBS bytes of each
    Certificate to be signed, committed before any is. They change only where the chunk goes back to waiting and
    has none: their Authority is revoked or their ZIP tampered with, and AbandonedIntents keeps them.
    """

    id = None  # type: ignore[assignment]
    pk = models.CompositePrimaryKey("batch_id", "number")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    requests = models.BinaryField()
    intents = models.BinaryField(null=True)
    state = models.CharField(max_length=8, choices=ChunkState.choices, default=ChunkState.WAITING)
    prepared_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["batch_id", "number"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ChunkState.DONE) | Q(done_at__isnull=False), name="chunk_done_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state=ChunkState.WAITING) | Q(intents__isnull=True),
                name="chunk_waiting_has_no_intents",
            ),
        ]

    def __str__(self) -> str:
        return f"Chunk {self.number} of batch {self.batch_id}"


class AbandonedIntents(GovernedModel):
    """What a chunk had committed to and never signs: its Authority was revoked, or its batch tampered with. L3.5

    number: of the chunk. intents: the column as it was. abandoned_by: who resumed the batch; nobody where it ended.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="abandoned_intents")
    number = models.PositiveIntegerField()
    intents = models.BinaryField()
    abandoned_at = models.DateTimeField()
    abandoned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["abandoned_at"]
        verbose_name_plural = "abandoned intents"

    def __str__(self) -> str:
        return f"Abandoned: chunk {self.number} of batch {self.batch_id}"


class BatchItem(GovernedModel):
    """What came of one request of a batch, written once. number: its place in the ZIP, from 0.

    name: the file's, with its .csr. certificate: no constraint in the database, for it is written with the
    Certificate in one transaction and neither row is ever deleted. sent_at: when the Certificate could be
    found in the Repository, or the error be read.
    """

    id = None  # type: ignore[assignment]
    pk = models.CompositePrimaryKey("batch_id", "number")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="items", db_index=False)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=128)
    outcome = models.CharField(max_length=11, choices=Outcome.choices)
    fault_code = models.CharField(max_length=60, blank=True, db_default="")
    fault_detail = models.TextField(blank=True, db_default="")
    eui64 = models.CharField(max_length=16, blank=True, db_default="")
    certificate = models.ForeignKey(
        Certificate,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["batch_id", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=Outcome.CERTIFICATE, certificate__isnull=False, fault_code="")
                | (Q(outcome=Outcome.ERROR, certificate__isnull=True) & ~Q(fault_code="")),
                name="item_has_certificate_or_fault",
            ),
        ]
        indexes = [
            # Certificates are found along the primary key; errors are few, so they have an index of their own.
            models.Index(
                fields=["batch", "number"], condition=Q(outcome=Outcome.ERROR), name="item_in_error"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of batch {self.batch_id}"

    @property
    def base_name(self) -> str:
        """The file's name without its .csr."""
        return self.name[:-4]

    @property
    def eui64_shown(self) -> str:
        return format_eui64(self.eui64)
