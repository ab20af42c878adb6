"""The jobs of a batch: checking the ZIP, issuing each chunk, making the results."""

from certification.batches.models import Batch
from smki_pma import jobs

CHECK_KIND = "batches.check"
CHUNK_KIND = "batches.chunk"
FINISH_KIND = "batches.finish"


def queue_check(batch: Batch, *, again: str = "") -> None:
    """Have the ZIP checked and unpacked. again: tells a repeat of the job apart."""
    _enqueue(CHECK_KIND, batch, key=_key(CHECK_KIND, batch.uid, again))


def queue_chunk(batch: Batch, number: int, *, again: str = "") -> None:
    """Have a chunk issued."""
    payload = {"batch": str(batch.uid), "number": number}
    jobs.enqueue(
        CHUNK_KIND, payload, key=_key(CHUNK_KIND, batch.uid, number, again), due_at=batch.deadline_at
    )


def queue_finish(batch: Batch, *, again: str = "") -> None:
    """Have the results made."""
    _enqueue(FINISH_KIND, batch, key=_key(FINISH_KIND, batch.uid, again))


def keys_of(batch: Batch) -> list[str]:
    """What the keys of its jobs begin with."""
    return [_key(kind, batch.uid) for kind in (CHECK_KIND, CHUNK_KIND, FINISH_KIND)]


def _enqueue(kind: str, batch: Batch, *, key: str) -> None:
    # Due when the batch was handed in, so before any chunk: its receipt and its answer wait for nothing.
    jobs.enqueue(kind, {"batch": str(batch.uid)}, key=key, due_at=batch.submitted_at)


def _key(*parts: object) -> str:
    return ":".join(str(part) for part in parts if part != "")
