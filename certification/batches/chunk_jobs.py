"""The worker's part: issuing the chunks of batches."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from certification.batches import chunks, issuers
from certification.batches.queueing import CHUNK_KIND
from certification.batches.services import stop_batch
from smki_pma.jobs import Lane, at_worker_start, job_handler, load_before_fork
from smki_pma.ledger.actors import Actor


def stop(payload: dict[str, Any], error: str) -> None:
    """Every attempt has failed: an operator is asked to mend the cause."""
    stop_batch(batch_uid=UUID(payload["batch"]), by=Actor.clock())


# Not atomic: the chunk's own two transactions are, and each finds out what the other left.
@job_handler(CHUNK_KIND, lane=Lane.BATCH, atomic=False, lease=timedelta(minutes=1), on_failure=stop)
def issue(payload: dict[str, Any]) -> None:
    """Issue one chunk."""
    chunks.issue(UUID(payload["batch"]), payload["number"], by=Actor.clock())


at_worker_start(issuers.warm)
load_before_fork("certification.linting.twin")
# A notice has the address of what it is about, and finding one loads every page: once, for all processes.
load_before_fork("smki_pma.urls")
