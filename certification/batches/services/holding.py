"""Pausing and resuming a batch. DCC's operators alone: the Target Response Time runs against DCC. L8.1(b)"""

from datetime import datetime
from uuid import UUID

from certification.batches import queueing
from certification.batches.models import Batch, BatchChunk, ChunkState
from certification.batches.services.committing_anew import give_up_revoked, lock_prepared
from certification.batches.services.recording import address, locked, record_batch, tell
from certification.batches.states import LIFE_CYCLE, PAUSED
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import service, unchanged
from smki_pma.parties import authority
from smki_pma.parties.roles import Role

STOPPED = "batch.stopped"
_LONGEST_REASON = 500
_STOPPED_WORDS = "Something at DCC stopped this batch. DCC has been asked to mend the cause."


@service
def pause_batch(*, batch_uid: UUID, reason: str, by: Actor, at: datetime | None = None) -> Batch:
    """An operator holds a batch: what is being signed is finished, nothing more is begun. L3.5

    reason: for the subscriber, who sees it. The Target Response Time runs on.
    """
    at = at or clock.now()
    batch = locked(batch_uid)
    move = LIFE_CYCLE.move("pause", state=batch.state)
    authority.require(by, Role.DCC_CA_OPERATOR, clause=move.clause, at=at)
    if not reason.strip():
        raise RuleViolation("Say why the batch is paused.", clause=move.clause, field="reason")
    batch.state = move.target
    batch.pause_reason = reason.strip()[:_LONGEST_REASON]
    batch.save(update_fields=["state", "pause_reason"])
    tell(
        batch,
        clause=move.clause,
        subject=f"Your batch {batch.reference} is paused",
        body=f"DCC has paused the batch: {batch.pause_reason} It is not lost, and you need not send it again.",
    )
    facts: dict[str, object] = {"reason": batch.pause_reason, "answered": batch.answered}
    record_batch(move.event, move.clause, by=by, batch=batch, facts=facts)
    return batch


@service
def stop_batch(*, batch_uid: UUID, by: Actor, at: datetime | None = None) -> Batch:
    """Every attempt of the worker has failed: the batch waits, and an operator is asked to mend the cause. L3.5

    The job keeps the cause, which may name what only DCC knows; the Party reads the entry.
    """
    batch = locked(batch_uid)
    authority.require(by, "clock", clause="L3.5")
    if not LIFE_CYCLE.allows("stop", state=batch.state):
        # Another job of the same batch has stopped it, or it has ended.
        return unchanged(batch)
    move = LIFE_CYCLE.move("stop", state=batch.state)
    batch.state = move.target
    batch.pause_reason = _STOPPED_WORDS
    batch.save(update_fields=["state", "pause_reason"])
    open_duty(
        kind=STOPPED,
        clause=move.clause,
        title=f"Mend what stopped batch {batch.reference} and resume it",
        role=Role.DCC_CA_OPERATOR,
        subject=batch,
        due_at=batch.deadline_at,
        url=address(batch),
    )
    record_batch(move.event, move.clause, by=by, batch=batch, facts={"answered": batch.answered})
    return batch


@service
def resume_batch(*, batch_uid: UUID, by: Actor, at: datetime | None = None) -> Batch:
    """An operator lets the worker go on where it was. L3.4

    What was to be signed by an Authority that is revoked by now is given up, and committed to anew under its
    successor (L3.5).
    """
    at = at or clock.now()
    prepared = lock_prepared(batch_uid)
    batch = locked(batch_uid)
    move = LIFE_CYCLE.move(_way_on(batch), state=batch.state)
    authority.require(by, Role.DCC_CA_OPERATOR, clause=move.clause, at=at)
    if by.person_id is None:
        raise NotEntitled("A batch is resumed by people.", clause=move.clause)
    given_up = give_up_revoked(batch, prepared, person_id=by.person_id, at=at)
    batch.state = move.target
    batch.pause_reason = ""
    batch.save(update_fields=["state", "pause_reason"])
    queue_again(batch, stamp=at.isoformat())
    discharge_duties(kind=STOPPED, subject=batch)
    facts: dict[str, object] = {"answered": batch.answered}
    record_batch(move.event, move.clause, by=by, batch=batch, facts=facts | given_up)
    return batch


def _way_on(batch: Batch) -> str:
    if batch.state != PAUSED or batch.received_at is None:
        return "resume_checking"
    return "resume_issuing" if _is_unpacked(batch) else "resume_unpacking"


def _is_unpacked(batch: Batch) -> bool:
    last = BatchChunk.objects.filter(batch=batch).order_by("-number").first()
    return last is not None and last.first + last.count == batch.count


def queue_again(batch: Batch, *, stamp: str) -> None:
    """Queue whatever the batch still needs. stamp: tells these jobs from earlier ones, whose effect was none."""
    if batch.received_at is None or not _is_unpacked(batch):
        queueing.queue_check(batch, again=stamp)
    elif batch.answered == batch.count:
        queueing.queue_finish(batch, again=stamp)
    waiting = BatchChunk.objects.filter(batch=batch).exclude(state=ChunkState.DONE)
    for number in waiting.order_by("number").values_list("number", flat=True):
        queueing.queue_chunk(batch, number, again=stamp)
