"""Copies of checkpoints leave the system, since only a copy held by others proves anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from smki_pma.ledger.models import Checkpoint


@dataclass(frozen=True, slots=True)
class Published:
    """A checkpoint on its way out."""

    log: str
    size: int
    note: str
    signed_at: datetime


Publisher = Callable[[Published], None]
_publishers: list[Publisher] = []


def register_publisher(publisher: Publisher) -> Publisher:
    """Register a function that takes a checkpoint out of the system: by mail, to a witness...

    It runs in the worker outside a transaction and at least once, so it keeps its own record.
    """
    if publisher not in _publishers:
        _publishers.append(publisher)
    return publisher


def publish(checkpoint: Checkpoint) -> None:
    """Store the checkpoint outside the database and hand it to every publisher."""
    _store(checkpoint)
    published = Published(checkpoint.log, checkpoint.size, checkpoint.note, checkpoint.signed_at)
    for publisher in _publishers:
        publisher(published)


def _store(checkpoint: Checkpoint) -> None:
    """One object for each checkpoint, never overwritten (the bucket may have object lock)."""
    storage = storages["checkpoints"]
    name = f"{checkpoint.log}/{checkpoint.size:012d}-{checkpoint.key_id[:8]}.txt"
    if not storage.exists(name):
        storage.save(name, ContentFile(checkpoint.note.encode()))
