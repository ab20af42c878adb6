"""The worker's part: checking ZIPs, making results, and taking them away when their time is over."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from certification.batches import (
    checking,
    chunk_jobs,  # noqa: F401  it registers the issuing of chunks
    files,
    results,
    services,
)
from certification.batches.models import Batch
from certification.batches.queueing import CHECK_KIND, FINISH_KIND
from certification.batches.states import PROCESSING
from smki_pma.calendar import clock
from smki_pma.files import store
from smki_pma.jobs import Lane, every, job_handler
from smki_pma.ledger.actors import Actor

Payload = dict[str, Any]


def stop(payload: Payload, error: str) -> None:
    """Every attempt has failed: an operator is asked to mend the cause."""
    services.stop_batch(batch_uid=UUID(payload["batch"]), by=Actor.clock())


# Not atomic: each step commits by itself, so that chunks are issued while the rest is unpacked.
@job_handler(CHECK_KIND, lane=Lane.BATCH, atomic=False, lease=timedelta(minutes=2), on_failure=stop)
def check(payload: Payload) -> None:
    """Check and unpack a batch."""
    checking.check_and_unpack(UUID(payload["batch"]))


@job_handler(FINISH_KIND, lane=Lane.BATCH, atomic=False, lease=timedelta(minutes=2), on_failure=stop)
def finish(payload: Payload) -> None:
    """Make the results of a batch, outside the transaction that completes it: making them takes a second."""
    batch = Batch.objects.get(uid=UUID(payload["batch"]))
    if batch.state == PROCESSING and batch.answered == batch.count:
        made = results.make_results(batch)
        # Before it is completed: killed in between, the next attempt does both again.
        files.remove_unless_kept(batch.file_sha256)
        services.complete_batch(batch_uid=batch.uid, results=made, by=Actor.clock())


@every("1h", name="batches.remove_results", atomic=False)
def remove_results() -> Payload:
    """Take away the results whose time is over."""
    over = Batch.objects.filter(results_until__lte=clock.now(), removed_at=None)
    removed = 0
    for batch in over.only("uid", "result_sha256"):
        # The file first: killed in between, the next run does both again.
        store.remove(batch.result_sha256)
        services.remove_results(batch_uid=batch.uid, by=Actor.clock())
        removed += 1
    return {"removed": removed}
