"""Batches of a subscriber, handed in through the service."""

from typing import Any
from uuid import uuid4

from certification.batches import services
from certification.batches.models import Batch
from tests.samples.certification import Certification
from tests.samples.zips import zip_of


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
