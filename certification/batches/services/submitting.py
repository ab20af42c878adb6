"""Handing in a batch."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError

from certification.authorities.selectors import portal_environment
from certification.batches import files, queueing, rules
from certification.batches.container import RefusedContainer, open_container
from certification.batches.models import Batch
from certification.batches.services.recording import record_batch
from certification.batches.states import LIFE_CYCLE, NEW
from certification.requests.entitlement import require_entitled
from certification.requests.models import Source
from certification.requests.services import submit_request
from certification.requests.suspension import Service, check_not_suspended, hold_off_suspensions
from certification.subscribers.rules import Policy
from smki_pma.calendar import clock
from smki_pma.files import store
from smki_pma.files.store import Held, Readable, Stored
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import service, unchanged
from smki_pma.rules_in_force.selectors import figure

# A ZIP with one request in it is far smaller; a larger one is opened by the worker alone.
_MAY_BE_SINGLE = 64 * 1024


def hand_in_batch(*, content: bytes | Readable, **batch: Any) -> Batch:
    """`submit_batch` of a ZIP, bytes or a stream, which is stored only if it becomes a batch.

    Called once more where the same batch was being handed in at this very moment: the database lets one of the
    two in, and the other finds it then.
    """
    with store.hold(content) as held:
        try:
            return submit_batch(held=held, **batch)
        except IntegrityError:
            return submit_batch(held=held, **batch)


@service
def submit_batch(
    *,
    party_id: UUID,
    held: Held,
    file_name: str,
    submission_key: UUID,
    source: str = Source.PORTAL,
    environment: str | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Batch:
    """A subscriber's responsible officer hands in a ZIP of requests for Device Certificates. L3.4, L8.1(b), L8.2

    held: the ZIP, not stored yet; what is refused never is. The same submission_key again gives the first batch,
    SentBefore with another ZIP. A ZIP with one request is served as a single request, `batch.single`. Raises
    NotEntitled for anybody else. Pages and the interface call it through `hand_in_batch`.
    """
    hold_off_suspensions()
    at = at or clock.now()
    environment = environment or portal_environment()
    person_id = require_entitled(by, party_id=party_id, policy=Policy.DEVICE, environment=environment, at=at)
    stored = held.stored
    sent_before = _sent_before(party_id, submission_key, stored)
    if sent_before is not None:
        return unchanged(sent_before)
    rules.check_file_size(stored.size, megabytes=figure("requests.largest_batch_megabytes", at=at))
    check_not_suspended(party_id=party_id, policy=Policy.DEVICE, service=Service.BATCH, at=at)
    batch = Batch(
        party_id=party_id,
        environment=environment,
        state=NEW,
        source=source,
        submission_key=submission_key,
        file_sha256=stored.sha256,
        file_size=stored.size,
        file_name=rules.clean_file_name(file_name),
        submitted_at=at,
        submitted_by_id=person_id,
    )
    single = _only_request(held)
    if single is not None:
        return _hand_over(batch, single, by=by)
    return _take(batch, held, by=by)


def _sent_before(party_id: UUID, submission_key: UUID, stored: Stored) -> Batch | None:
    found = Batch.objects.filter(party_id=party_id, submission_key=submission_key).first()
    if found is not None:
        rules.check_same_file(sent_before=found.file_sha256, now=stored.sha256)
    return found


def _take(batch: Batch, held: Held, *, by: Actor) -> Batch:
    move = LIFE_CYCLE.move("submit", state=batch.state)
    files.hold(batch.file_sha256)
    store.keep(held)
    batch.state = move.target
    batch.save()
    queueing.queue_check(batch)
    record_batch(move.event, move.clause, by=by, batch=batch, facts={"file_size": batch.file_size})
    return batch


def _only_request(held: Held) -> bytes | None:
    """The one request of a ZIP that holds just one, or the private key in its place; None for any other ZIP."""
    if held.stored.size > _MAY_BE_SINGLE:
        return None
    held.file.seek(0)
    try:
        return open_container(held.file.read(), largest=1).first()
    except RefusedContainer:
        return None


def _hand_over(batch: Batch, csr: bytes, *, by: Actor) -> Batch:
    """One request is no batch: it is answered as a single one, within its 30 seconds. L8.1(a), L8.2

    The request is kept with its answer, unless it is a private key; the ZIP around it is not.
    """
    move = LIFE_CYCLE.move("hand_over", state=batch.state)
    batch.single = submit_request(
        party_id=batch.party_id,
        policy=Policy.DEVICE,
        csr=csr,
        # Of its own: the batch's key may mark a single request as well.
        submission_key=uuid5(batch.uid, "request"),
        environment=batch.environment,
        source=batch.source,
        by=by,
        at=batch.submitted_at,
    )
    batch.state = move.target
    batch.count = 1
    batch.completed_at = batch.submitted_at
    batch.save()
    record_batch(move.event, move.clause, by=by, batch=batch, facts={"request": batch.single.uid})
    return batch
