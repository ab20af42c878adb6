"""Issuing one chunk of a batch: two short transactions, with all arithmetic outside them.

First the requests are checked, outside any transaction. Then, in one, keys and places at devices are taken
and the exact bytes of every Certificate are committed (`prepare_chunk`). They are signed, outside again. At
last, in one more, the Certificates are lodged, each request gets its answer and the ledger its entry
(`issue_chunk`). Killed before the first commit nothing has happened; before the second, the same bytes are
signed again. See docs/adr/0040.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from certification.authorities.builder import new_serial
from certification.authorities.environments import environment as environment_of
from certification.authorities.issuing import check_not_revoked
from certification.authorities.models import Authority
from certification.authorities.states import ACTIVE
from certification.batches import issuers, progress
from certification.batches.faults import item_fault, words
from certification.batches.framing import Entry, unpack
from certification.batches.issuers import BatchIssuer
from certification.batches.models import Batch, BatchChunk, BatchItem, ChunkState, Outcome
from certification.batches.reserving import Checked, reserve
from certification.batches.services.recording import record_batch
from certification.engine import intents as frames
from certification.engine.intents import Intents, Refused
from certification.engine.requests import RequestChecker
from certification.engine.signing import Issued
from certification.engine.template import key_info
from certification.requests.suspension import hold_off_suspensions
from repository.certificates.lodging import Item, lodge_many
from smki_pma.calendar import clock
from smki_pma.clauses import clause
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import service, unchanged
from smki_pma.ledger.inserting import insert_rows
from smki_pma.parties import authority
from smki_pma.statements import execute_with_bytes, fetch_bytes

SERVING = clause("L3.4").id
COMMITTING = clause("L3.5").id


class IssuerReplaced(Exception):
    """The Authority ceased to issue between choosing it and committing to it. The job is tried again."""


_ANSWER = (
    "batch_id",
    "number",
    "name",
    "outcome",
    "fault_code",
    "fault_detail",
    "eui64",
    "certificate_id",
    "sent_at",
)


def issue(batch_uid: UUID, number: int, *, by: Actor) -> None:
    """Issue a chunk, or whatever of that is still to be done; a repeat does no harm. L3.4, L3.5

    Only in a worker. Raises what stops the whole chunk: KeyUnavailable, LintFailed, TemplateRefused, Misshapen.
    """
    found = BatchChunk.objects.select_related("batch").defer("requests")
    chunk = found.get(batch__uid=batch_uid, number=number)
    batch = chunk.batch
    if not _may_issue(batch):
        return
    entries = list(unpack(_requests_of(chunk)))
    if chunk.state == ChunkState.WAITING:
        checked = check_requests(entries, batch.environment)
        issuer = issuers.issuer_for(batch.environment, at=clock.now())
        chunk = prepare_chunk(batch_uid=batch_uid, number=number, checked=checked, issuer=issuer, by=by)
    if chunk.state == ChunkState.PREPARED:
        intents = frames.unpack(chunk.intents or b"")
        issued = issuers.sign(intents)
        names = [entry.name for entry in entries]
        issue_chunk(batch_uid=batch_uid, number=number, names=names, intents=intents, issued=issued, by=by)


def _may_issue(batch: Batch) -> bool:
    """Asked while no suspension begins or ends: a reinstatement would not see a chunk that leaves meanwhile."""
    with transaction.atomic():
        hold_off_suspensions()
        return progress.may_issue(batch, at=clock.now())


_checkers: dict[str, RequestChecker] = {}


def check_requests(entries: Iterable[Entry], environment_key: str) -> list[Checked]:
    """What each request of a chunk asks for, or why it is refused; arithmetic alone. L3.4"""
    environment = environment_of(environment_key)
    # Kept from chunk to chunk: the requests of a batch, and often of a manufacturer, are of one shape.
    checker = _checkers.setdefault(environment.key, RequestChecker(environment))
    checked: list[Checked] = []
    for entry in entries:
        verdict = (Refused(entry.fault, words(entry.fault))) if entry.fault else checker.check(entry.csr)
        if isinstance(verdict, tuple):
            verdict = Refused(*item_fault(entry.csr, verdict, environment))
        checked.append(verdict)
    return checked


@service
def prepare_chunk(
    *,
    batch_uid: UUID,
    number: int,
    checked: Sequence[Checked],
    issuer: BatchIssuer,
    by: Actor,
    at: datetime | None = None,
) -> BatchChunk:
    """Commit to the exact bytes of each Certificate of a chunk before any is signed. L3.5

    Takes each public key and each place at a device, so that no other request can have them. checked: what
    `check_requests` found. Nothing happens where another worker was quicker or the batch is held.
    """
    hold_off_suspensions()
    at = at or clock.now()
    chunk = _locked(batch_uid, number)
    if chunk.state != ChunkState.WAITING or not progress.may_issue(chunk.batch, at=at):
        return unchanged(chunk)
    authority.require(by, "clock", clause=SERVING)
    _check_still_active(issuer)
    batch = chunk.batch
    outcomes = reserve(checked, environment=batch.environment, at=at)
    intents = Intents(
        authority_id=issuer.authority_id,
        environment=batch.environment,
        not_before=issuer.not_before,
        outcomes=[_intent(outcome, issuer, at) for outcome in outcomes],
    )
    packed = frames.pack(intents)
    _commit_to(chunk, packed, at=at)
    facts = {
        "chunk": number,
        "to_issue": len(intents.tbs),
        "authority": issuer.authority_id,
        "intents_sha256": hashlib.sha256(packed).hexdigest(),
    }
    record_batch("batch.chunk_prepared", COMMITTING, by=by, batch=batch, facts=facts)
    return chunk


def _requests_of(chunk: BatchChunk) -> bytes:
    statement = "SELECT requests FROM batches_batchchunk WHERE batch_id = %s AND number = %s"
    return fetch_bytes(statement, [chunk.batch_id, chunk.number])


def _commit_to(chunk: BatchChunk, packed: bytes, *, at: datetime) -> None:
    BatchChunk.check_bulk_write("_commit_to")
    execute_with_bytes(
        "UPDATE batches_batchchunk SET intents = %s, state = %s, prepared_at = %s "
        "WHERE batch_id = %s AND number = %s",
        [packed, ChunkState.PREPARED.value, at, chunk.batch_id, chunk.number],
    )
    chunk.intents, chunk.state, chunk.prepared_at = packed, ChunkState.PREPARED, at


def _check_still_active(issuer: BatchIssuer) -> None:
    if not Authority.objects.filter(pk=issuer.authority_id, state=ACTIVE).exists():
        raise IssuerReplaced("Another Issuing DCA became active at this moment: the next attempt takes it.")


def _intent(outcome: Checked, issuer: BatchIssuer, at: datetime) -> bytes | Refused:
    if isinstance(outcome, Refused):
        return outcome
    return issuer.template.splice(new_serial(at), outcome.point, outcome.usage, outcome.eui64)


@service
def issue_chunk(
    *,
    batch_uid: UUID,
    number: int,
    names: Sequence[str],
    intents: Intents,
    issued: Sequence[Issued],
    by: Actor,
    at: datetime | None = None,
) -> BatchChunk:
    """Lodge the Certificates of a prepared chunk and answer each of its requests, all or nothing. L3.4, L3.5

    names: of the requests; issued: the intents, signed; both in order. Nothing happens where another worker
    was quicker or the batch is held: what was signed is dropped then, and later the same bytes are signed.
    RuleViolation where the Authority was revoked meanwhile: none of it is lodged.
    """
    hold_off_suspensions()
    at = at or clock.now()
    chunk = _locked(batch_uid, number)
    if chunk.state != ChunkState.PREPARED or not progress.may_issue(chunk.batch, at=at):
        return unchanged(chunk)
    authority.require(by, "clock", clause=SERVING)
    check_not_revoked(intents.authority_id)
    batch = chunk.batch
    items = list(_items(batch, chunk.first, intents, issued))
    _move(chunk, state=ChunkState.DONE, done_at=at)
    lodged = lodge_many(alike=issuers.alike_in_repository(intents), items=items, by=by, at=at)
    answers = _answers(chunk, names, intents, issued, first_id=lodged.ids.start, at=at)
    insert_rows(BatchItem, _ANSWER, answers)
    refused = chunk.count - len(issued)
    progress.count_chunk(batch.pk, issued=len(issued), refused=refused)
    facts = {"chunk": number, "issued": len(issued), "refused": refused} | lodged.facts()
    record_batch("batch.chunk_issued", SERVING, by=by, batch=batch, facts=facts)
    return chunk


def _items(batch: Batch, first: int, intents: Intents, issued: Sequence[Issued]) -> Iterator[Item]:
    """The columns of each Certificate; they stand in its bytes, where the template put them."""
    served = (place for place, outcome in enumerate(intents.outcomes, first) if isinstance(outcome, bytes))
    for number, one in zip(served, issued, strict=True):
        fields = one.fields
        yield (
            fields.serial.hex().upper(),
            fields.eui64.hex().upper(),
            fields.usage.value,
            fields.key_id.hex().upper(),
            hashlib.sha256(key_info(fields.point)).hexdigest(),
            one.sha256,
            one.der,
            f"batch:{batch.uid}:{number}",
        )


def _answers(
    chunk: BatchChunk,
    names: Sequence[str],
    intents: Intents,
    issued: Sequence[Issued],
    *,
    first_id: int,
    at: datetime,
) -> Iterator[tuple[Any, ...]]:
    """A row for each request: the Certificate's number, or the refusal."""
    batch_id, certificates = chunk.batch_id, enumerate(issued, first_id)
    certificate, error = Outcome.CERTIFICATE.value, Outcome.ERROR.value
    for number, (name, outcome) in enumerate(zip(names, intents.outcomes, strict=True), chunk.first):
        if isinstance(outcome, Refused):
            yield (
                batch_id,
                number,
                name,
                error,
                outcome.code,
                outcome.detail,
                outcome.eui64.hex().upper(),
                None,
                at,
            )
        else:
            id, one = next(certificates)
            yield (batch_id, number, name, certificate, "", "", one.fields.eui64.hex().upper(), id, at)


def _locked(batch_uid: UUID, number: int) -> BatchChunk:
    """The chunk with its batch, without its bytes, nobody else's to change until the transaction ends."""
    rows = BatchChunk.objects.select_for_update(of=("self",)).select_related("batch")
    return rows.defer("requests", "intents").get(batch__uid=batch_uid, number=number)


def _move(chunk: BatchChunk, **fields: Any) -> None:
    BatchChunk.objects.filter(batch_id=chunk.batch_id, number=chunk.number).update(**fields)
    for name, value in fields.items():
        setattr(chunk, name, value)
