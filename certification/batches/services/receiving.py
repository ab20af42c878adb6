"""The worker checks the ZIP of a batch and unpacks it into chunks. Services of the clock."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from certification.authorities.faults import Fault
from certification.batches import queueing
from certification.batches.models import Batch, BatchChunk, ChunkState
from certification.batches.services.committing_anew import give_up_all, lock_prepared
from certification.batches.services.recording import address, locked, record_batch, tell
from certification.batches.states import LIFE_CYCLE, PARSING, PENDING
from certification.requests.rules import compute_batch_deadline
from certification.requests.suspension import await_work_in_hand
from smki_pma.calendar import clock
from smki_pma.clauses import clause
from smki_pma.duties.acts import open_duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import service, unchanged
from smki_pma.ledger.inserting import insert_rows
from smki_pma.parties import authority
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure

SERVING = clause("L8.1(b)").id
TAMPERED = "batch.tampered"
# What the subscriber does about such a batch. False: nothing of it was issued.
_WAY_ON = {
    False: "Please hand the same file in again as a new batch.",
    True: "Please hand in as a new batch what has no Certificate yet: the page of the batch shows what came of "
    "each request.",
}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Requests for one job. number, first: from 0; requests: as framing.pack made it."""

    number: int
    first: int
    count: int
    requests: bytes


@service
def reject_batch(
    *,
    batch_uid: UUID,
    faults: Sequence[Fault],
    count: int = 0,
    by: Actor,
    at: datetime | None = None,
) -> Batch:
    """A ZIP that cannot be taken, or holds too many requests, is refused whole: nothing of it is issued. L8.2

    count: requests in it, 0 where that is not known; refused or not, they were sent (L8.8).
    """
    batch = locked(batch_uid)
    if batch.state != PENDING:
        return unchanged(batch)
    authority.require(by, "clock", clause=SERVING)
    move = LIFE_CYCLE.move("reject", state=batch.state)
    batch.state = move.target
    batch.faults = [asdict(fault) for fault in faults]
    batch.count = count
    batch.save(update_fields=["state", "faults", "count"])
    tell(
        batch,
        clause=move.clause,
        subject=f"Your batch {batch.reference} was rejected",
        body=f"Nothing of the batch was issued. {faults[0].message}",
    )
    codes = [fault.code for fault in faults]
    record_batch(move.event, move.clause, by=by, batch=batch, facts={"faults": codes, "count": count})
    return batch


@service
def receive_batch(*, batch_uid: UUID, count: int, by: Actor, at: datetime | None = None) -> Batch:
    """Receipt: the ZIP has passed its checks, and the Target Response Time runs. L8.1(b), L8.3"""
    at = at or clock.now()
    batch = locked(batch_uid)
    if batch.state != PENDING:
        return unchanged(batch)
    authority.require(by, "clock", clause=SERVING)
    move = LIFE_CYCLE.move("receive", state=batch.state)
    batch.state = move.target
    batch.count = count
    batch.received_at = at
    batch.deadline_at = compute_batch_deadline(
        at,
        starts_hour=figure("requests.day_window_starts_hour", at=at),
        ends_hour=figure("requests.day_window_ends_hour", at=at),
    )
    batch.save(update_fields=["state", "count", "received_at", "deadline_at"])
    facts: dict[str, object] = {"count": count, "received_at": at, "deadline_at": batch.deadline_at}
    record_batch(move.event, move.clause, by=by, batch=batch, facts=facts)
    return batch


@service
def unpack_chunks(*, batch_uid: UUID, chunks: Sequence[Chunk], is_last: bool, by: Actor) -> Batch:
    """Some chunks, ready to be issued while the rest is still being unpacked. L8.1(b)

    Writes nothing where the batch has been paused meanwhile, or another worker unpacked these chunks.
    """
    batch = locked(batch_uid)
    if batch.state != PARSING or BatchChunk.objects.filter(batch=batch).count() != chunks[0].number:
        return unchanged(batch)
    authority.require(by, "clock", clause=SERVING)
    move = LIFE_CYCLE.move("queue" if is_last else "unpack", state=batch.state)
    waiting = ChunkState.WAITING.value
    rows = [(batch.pk, each.number, each.first, each.count, each.requests, waiting) for each in chunks]
    insert_rows(BatchChunk, ("batch_id", "number", "first", "count", "requests", "state"), rows)
    for each in chunks:
        queueing.queue_chunk(batch, each.number)
    batch.state = move.target
    batch.save(update_fields=["state"])
    unpacked = chunks[-1].first + chunks[-1].count
    record_batch(move.event, move.clause, by=by, batch=batch, facts={"unpacked": unpacked})
    return batch


@service
def report_tampering(*, batch_uid: UUID, reason: str, by: Actor, at: datetime | None = None) -> Batch:
    """The stored ZIP is not the one that was handed in: nothing more is issued of it, and people are told. L3.5

    What was committed to and not issued is given up, so that the same requests can be sent again (L3.4).
    """
    # No chunk commits to anything between the look at what is prepared and the end of the batch.
    await_work_in_hand()
    at = at or clock.now()
    prepared = lock_prepared(batch_uid)
    batch = locked(batch_uid)
    if batch.state not in (PENDING, PARSING):
        return unchanged(batch)
    authority.require(by, "clock", clause=SERVING)
    move = LIFE_CYCLE.move("tamper", state=batch.state)
    batch.state = move.target
    batch.save(update_fields=["state"])
    tell(
        batch,
        clause=move.clause,
        subject=f"Your batch {batch.reference} cannot be served",
        body="What is stored of the batch is no longer what you handed in. DCC is looking into it. "
        + _WAY_ON[batch.issued > 0],
    )
    open_duty(
        kind=TAMPERED,
        clause=move.clause,
        title=f"Find out what changed the stored file of batch {batch.reference}",
        role=Role.DCC_CA_OPERATOR,
        subject=batch,
        url=address(batch),
    )
    facts: dict[str, object] = {"reason": reason}
    facts |= give_up_all(batch, prepared, at=at)
    record_batch(move.event, move.clause, by=by, batch=batch, facts=facts)
    return batch
