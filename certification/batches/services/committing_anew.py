"""What a chunk committed to is given up where it is never to be signed: its Authority or its batch is at an end."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from certification.authorities.issuing import is_revoked, issuing_authority
from certification.authorities.profiles import CertificateKind
from certification.batches.issuers import fields_of
from certification.batches.models import AbandonedIntents, Batch, BatchChunk, ChunkState
from certification.engine import intents as frames
from certification.engine.intents import Intents
from certification.engine.template import key_info
from certification.requests.reservations import release_devices, release_keys


def lock_prepared(batch_uid: UUID) -> list[BatchChunk]:
    """The chunks that have committed and not issued, which no worker issues until this transaction ends.

    Before the batch is locked, in the order of the service that issues one.
    """
    rows = BatchChunk.objects.select_for_update(of=("self",)).defer("requests").order_by("number")
    return list(rows.filter(batch__uid=batch_uid, state=ChunkState.PREPARED))


def give_up_revoked(
    batch: Batch, prepared: Iterable[BatchChunk], *, person_id: UUID, at: datetime
) -> dict[str, object]:
    """Give up the intents of these chunks whose Authority is revoked; the next attempt commits to others. L3.5

    Their public keys and places at devices are free until then. Gives what the ledger says of it. RuleViolation
    where there are such intents and no Authority has taken over.
    """
    abandoned = {}
    for chunk in prepared:
        intents = frames.unpack(bytes(chunk.intents or b""))
        if not is_revoked(intents.authority_id):
            continue
        issuing_authority(CertificateKind.DEVICE, batch.environment)
        abandoned[str(chunk.number)] = _give_up(batch, chunk, intents, person_id=person_id, at=at)
    return _facts(abandoned)


def give_up_all(batch: Batch, prepared: Iterable[BatchChunk], *, at: datetime) -> dict[str, object]:
    """Give up the intents of these chunks of a batch that has ended: whoever sends the requests again has the keys.

    Gives what the ledger says of it. L3.4, L3.5
    """
    return _facts(
        {
            str(chunk.number): _give_up(batch, chunk, frames.unpack(bytes(chunk.intents or b"")), at=at)
            for chunk in prepared
        }
    )


def _give_up(
    batch: Batch, chunk: BatchChunk, intents: Intents, *, person_id: UUID | None = None, at: datetime
) -> str:
    """The SHA-256 of what is given up."""
    packed = bytes(chunk.intents or b"")
    AbandonedIntents(
        batch=batch, number=chunk.number, intents=packed, abandoned_at=at, abandoned_by_id=person_id
    ).save()
    _release(intents)
    BatchChunk.objects.filter(batch=batch, number=chunk.number).update(
        state=ChunkState.WAITING, intents=None, prepared_at=None
    )
    return hashlib.sha256(packed).hexdigest()


def _facts(abandoned: dict[str, str]) -> dict[str, object]:
    return {"abandoned_intents_sha256": abandoned} if abandoned else {}


def _release(intents: Intents) -> None:
    fields = fields_of(intents)
    release_keys(hashlib.sha256(key_info(each.point)).digest() for each in fields)
    release_devices(Counter(each.eui64 for each in fields), environment=intents.environment)
