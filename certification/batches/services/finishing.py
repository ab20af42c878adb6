"""Answering a batch: the results are made, kept for their time, and taken away. Services of the clock."""

from datetime import datetime
from uuid import UUID

from certification.batches import rules
from certification.batches.models import Batch, BatchChunk
from certification.batches.services.recording import locked, record_batch, tell
from certification.batches.states import LIFE_CYCLE, PROCESSING
from certification.requests.rules import is_within_target
from repository.certificates.log import ask_for_checkpoint
from smki_pma.calendar import clock
from smki_pma.calendar.clock import LONDON
from smki_pma.clauses import clause
from smki_pma.files.store import Stored
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import service, unchanged
from smki_pma.parties import authority
from smki_pma.rules_in_force.selectors import figure

KEEPING = clause("L8.3").id


@service
def complete_batch(*, batch_uid: UUID, results: Stored, by: Actor, at: datetime | None = None) -> Batch:
    """Sending: every request is answered and the results can be fetched from now on. L8.1(b), L8.3"""
    at = at or clock.now()
    batch = locked(batch_uid)
    if batch.state != PROCESSING or batch.answered != batch.count:
        return unchanged(batch)
    move = LIFE_CYCLE.move("complete", state=batch.state)
    authority.require(by, "clock", clause=move.clause)
    days = figure("requests.batch_result_days", at=at)
    batch.state = move.target
    batch.completed_at = at
    batch.result_sha256, batch.result_size = results.sha256, results.size
    batch.results_until = rules.compute_results_until(at, days=days)
    batch.save(
        update_fields=["state", "completed_at", "result_sha256", "result_size", "results_until"],
    )
    _tell_of_results(batch, clause=move.clause, days=days)
    record_batch(move.event, move.clause, by=by, batch=batch, facts=_facts(batch))
    ask_for_checkpoint()
    return batch


def _tell_of_results(batch: Batch, *, clause: str, days: int) -> None:
    until = (batch.results_until or batch.submitted_at).astimezone(LONDON)
    tell(
        batch,
        clause=clause,
        subject=f"Your batch {batch.reference} is complete",
        body=f"Of {batch.count:,} requests, {batch.issued:,} were answered with a Certificate and "
        f"{batch.refused:,} with an error. Fetch the results from the page of the batch within {days} days, "
        f"until {until:%-d %B %Y}.",
    )


def _facts(batch: Batch) -> dict[str, object]:
    in_time = (
        batch.deadline_at is not None
        and batch.completed_at is not None
        and is_within_target(deadline_at=batch.deadline_at, sent_at=batch.completed_at)
    )
    return {
        "count": batch.count,
        "issued": batch.issued,
        "refused": batch.refused,
        "results_sha256": batch.result_sha256,
        "received_at": batch.received_at,
        "deadline_at": batch.deadline_at,
        "sent_at": batch.completed_at,
        "within_target": in_time,
    }


@service
def remove_results(*, batch_uid: UUID, by: Actor, at: datetime | None = None) -> Batch:
    """The time for fetching is over: the results go; items stay, Certificates stay in the Repository. L8.3"""
    at = at or clock.now()
    batch = locked(batch_uid)
    if batch.removed_at is not None or batch.results_until is None or batch.results_until > at:
        return unchanged(batch)
    authority.require(by, "clock", clause=KEEPING)
    batch.removed_at = at
    batch.save(update_fields=["removed_at"])
    BatchChunk.objects.filter(batch=batch).delete()
    record_batch("batch.results_removed", KEEPING, by=by, batch=batch)
    return batch
