"""Counting what is answered: called in the transaction that issues a chunk."""

from datetime import datetime

from django.db.models import Case, F, Value, When

from certification.batches import queueing
from certification.batches.models import Batch
from certification.batches.states import ISSUING, PROCESSING, QUEUED
from certification.requests.suspension import Service, is_held


def may_issue(batch: Batch, *, at: datetime) -> bool:
    """Whether the worker issues for a batch now: it is unpacked or being so, and nothing holds it. L2.14, L8.1(b)"""
    return batch.state in ISSUING and not is_batch_held(batch, at=at)


def is_batch_held(batch: Batch, *, at: datetime) -> bool:
    """Whether a suspension of batches, or of issuing to devices, holds this batch. L2.14"""
    return is_held(party_id=batch.party_id, service=Service.BATCH, at=at)


def count_chunk(batch_id: int, *, issued: int, refused: int) -> None:
    """Add a chunk's answers; the last one asks for the results. L8.1(b)"""
    Batch.objects.filter(pk=batch_id).update(
        issued=F("issued") + issued,
        refused=F("refused") + refused,
        state=Case(When(state=QUEUED, then=Value(PROCESSING)), default=F("state")),
    )
    batch = Batch.objects.only("uid", "count", "issued", "refused", "submitted_at").get(pk=batch_id)
    if batch.answered == batch.count:
        queueing.queue_finish(batch)
