"""The jobs of a batch: checking the ZIP, issuing each chunk, making the results."""

from certification.batches.models import Batch
from smki_pma import jobs

CHECK_KIND = "batches.check"
CHUNK_KIND = "batches.chunk"
FINISH_KIND = "batches.finish"


def queue_check(batch: Batch, *, again: str = "") -> None:
    """Have the ZIP checked and unpacked. again: tells a repeat of the job apart."""
    jobs.enqueue(CHECK_KIND, {"batch": str(batch.uid)}, key=_key(CHECK_KIND, batch.uid, again))


def queue_chunk(batch: Batch, number: int, *, again: str = "") -> None:
    """Have a chunk issued."""
    payload = {"batch": str(batch.uid), "number": number}
    jobs.enqueue(CHUNK_KIND, payload, key=_key(CHUNK_KIND, batch.uid, number, again))


def queue_finish(batch: Batch, *, again: str = "") -> None:
    """Have the results made."""
    jobs.enqueue(FINISH_KIND, {"batch": str(batch.uid)}, key=_key(FINISH_KIND, batch.uid, again))


def _key(*parts: object) -> str:
    return ":".join(str(part) for part in parts if part != "")
