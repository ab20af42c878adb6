"""Batches of a subscriber, handed in through the service."""

from typing import Any
from uuid import uuid4

from certification.batches import chunks, services
from certification.batches.models import Batch, BatchChunk, BatchItem
from repository.certificates.models import Certificate
from smki_pma.ledger.actors import Actor
from tests.samples.certification import Certification
from tests.samples.zips import zip_of

# Tests put another in its place, so that no worker issues before they do.
_issue = chunks.issue


def issue(batch: Batch, number: int = 0) -> BatchChunk:
    """Have the worker issue one chunk of a batch."""
    _issue(batch.uid, number, by=Actor.clock())
    return BatchChunk.objects.get(batch=batch, number=number)


def issued_of(batch: Batch) -> list[Certificate]:
    return list(Certificate.objects.filter(reference__startswith=f"batch:{batch.uid}:").order_by("id"))


def nothing_issued(batch: Batch) -> bool:
    return not issued_of(batch) and not BatchItem.objects.filter(batch=batch).exists()


def hand_in(them: Certification, content: bytes, **changes: Any) -> Batch:
    """The ZIP as the subscriber's officer hands it in."""
    arguments = {
        "party_id": them.subscriber.pk,
        "content": content,
        "file_name": "requests.zip",
        "submission_key": uuid4(),
        "by": them.by(),
    } | changes
    return services.hand_in_batch(**arguments)


def hand_in_files(them: Certification, files: dict[str, bytes], **changes: Any) -> Batch:
    return hand_in(them, zip_of(files), **changes)
