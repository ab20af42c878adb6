"""The worker's first task with a batch: check its ZIP, then unpack it, chunk by chunk."""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from uuid import UUID

from certification.authorities.faults import Fault
from certification.batches import faults, files
from certification.batches.container import Container, RefusedContainer, open_container
from certification.batches.framing import CHUNK, pack
from certification.batches.models import Batch, BatchChunk
from certification.batches.rules import compute_chunks
from certification.batches.services.receiving import (
    Chunk,
    receive_batch,
    reject_batch,
    report_tampering,
    unpack_chunks,
)
from certification.batches.states import PARSING, PENDING, REJECTED
from certification.requests.rules import SMALLEST_BATCH
from smki_pma.files.store import DamagedFile, open_verified
from smki_pma.ledger.actors import Actor
from smki_pma.rules_in_force.selectors import figure

# Chunks in one transaction. The first ones come alone, so that the other workers can begin.
_CHUNKS_AT_ONCE = 5


def check_and_unpack(batch_uid: UUID) -> None:
    """Check the ZIP of a batch and unpack it, or whatever of that is still to be done; a repeat does no harm."""
    batch = Batch.objects.get(uid=batch_uid)
    if batch.state in (PENDING, PARSING):
        batch = _check_and_unpack(batch)
    if batch.state == REJECTED:
        files.remove_unless_kept(batch.file_sha256)


def _check_and_unpack(batch: Batch) -> Batch:
    by = Actor.clock()
    try:
        with _content(batch) as content:
            container = _checked(content, batch)
            received = receive_batch(batch_uid=batch.uid, count=len(container), by=by)
            return _unpack(received, container, by=by)
    except RefusedContainer as refusal:
        return reject_batch(batch_uid=batch.uid, faults=refusal.faults, count=refusal.count, by=by)
    except DamagedFile as damage:
        if isinstance(damage.__cause__, OSError):
            raise  # the disk, or a folder that is not there, and not the file: try again
        return report_tampering(batch_uid=batch.uid, reason=damage.reason, by=by)


@contextmanager
def _content(batch: Batch) -> Iterator[bytes | mmap.mmap]:
    """The octets that were handed in, checked against their hash, without holding them in memory."""
    with open_verified(batch.file_sha256) as stored, _mapped(stored) as content:
        yield content


def _mapped(stored: IO[bytes]) -> mmap.mmap:
    return mmap.mmap(stored.fileno(), 0, access=mmap.ACCESS_READ)


def _checked(content: bytes | mmap.mmap, batch: Batch) -> Container:
    """The archive, in which every check of the first stage has passed. L8.2"""
    container = open_container(content, largest=figure("requests.largest_batch", at=batch.submitted_at))
    if len(container) < SMALLEST_BATCH:
        raise RefusedContainer(_fault_of_only(container), count=len(container))
    return container


def _fault_of_only(container: Container) -> Fault:
    """Why a single request was not taken on its own when it was handed in."""
    [only] = container.entries(0, 1)
    return faults.fault(only.fault, name=only.name) if only.fault else faults.fault(faults.TOO_FEW)


def _unpack(batch: Batch, container: Container, *, by: Actor) -> Batch:
    done = BatchChunk.objects.filter(batch=batch).count()
    total = compute_chunks(len(container), size=CHUNK)
    while done < total and batch.state == PARSING:
        until = min(total, done + (_CHUNKS_AT_ONCE if done else 1))
        chunks = [_chunk(container, number) for number in range(done, until)]
        batch = unpack_chunks(batch_uid=batch.uid, chunks=chunks, is_last=until == total, by=by)
        done = until
    return batch


def _chunk(container: Container, number: int) -> Chunk:
    first = number * CHUNK
    count = min(CHUNK, len(container) - first)
    return Chunk(number, first, count, pack(container.entries(first, count)))
