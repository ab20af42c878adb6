"""Copies of checkpoints leave the system, since only a copy held by others proves anything."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from smki_pma.ledger import copies
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
    copies.keep(checkpoint)
    published = Published(checkpoint.log, checkpoint.size, checkpoint.note, checkpoint.signed_at)
    for publisher in _publishers:
        publisher(published)
