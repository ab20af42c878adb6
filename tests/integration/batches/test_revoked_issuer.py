"""A chunk whose Authority is revoked before it has signed: nothing of it is lodged, and it is committed to anew."""

import hashlib
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from certification.authorities.profiles import CertificateKind
from certification.authorities.services import complete_ceremony, prepare_ceremony
from certification.batches import issuers
from certification.batches.models import AbandonedIntents, Batch, BatchChunk, ChunkState
from certification.batches.services import resume_batch, stop_batch
from certification.engine import intents as frames
from certification.requests.models import DeviceCount, UsedPublicKey
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from smki_pma.parties.roles import Role
from tests.samples.batches import issue, issued_of, nothing_issued
from tests.samples.operators import Operators, revoke_active
from tests.samples.signing_requests import device
from tests.samples.zips import device_requests

pytestmark = [pytest.mark.django_db, pytest.mark.clause("L3.5")]
CLOCK = Actor.clock()


@pytest.fixture
def prepared(unpacked: Any, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """A batch whose chunk has committed and not signed; three of its requests are for one device."""
    batch: Batch = unpacked(device_requests(3) | {"same.csr": device().make(), "device.csr": device().make()})

    def stop(intents: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(issuers, "sign", stop)
        with pytest.raises(ZeroDivisionError):
            issue(batch)
    return batch


def succeed(them: Any, name: str) -> None:
    """Revoke the Issuing DCA and put another in its place."""
    operators = Operators(first=them.operator, second=them.second_operator, registrar=them.registrar)
    revoked = revoke_active(CertificateKind.ISSUING_DCA)
    ceremony = operators.approved(operators.roll_over(revoked, name))
    prepare_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    complete_ceremony(ceremony_id=ceremony.pk, by=CLOCK)


def resume(them: Any, batch: Batch) -> None:
    resume_batch(batch_uid=batch.uid, by=them.by(them.operator, Role.DCC_CA_OPERATOR))


def test_a_revoked_authority_signs_no_chunk(prepared: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    revoke_active(CertificateKind.ISSUING_DCA)
    with pytest.raises(RuleViolation, match="is revoked and issues nothing"):
        issue(prepared)
    assert nothing_issued(prepared)


def test_what_was_signed_just_before_the_revocation_is_not_lodged(
    prepared: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign = issuers.sign

    def revoked_meanwhile(intents: Any) -> Any:
        issued = sign(intents)
        revoke_active(CertificateKind.ISSUING_DCA)
        return issued

    monkeypatch.setattr(issuers, "sign", revoked_meanwhile)
    with pytest.raises(RuleViolation, match="is revoked and issues nothing"):
        issue(prepared)
    assert nothing_issued(prepared)


def test_resumed_after_a_revocation_other_bytes_are_committed_to(them: Any, prepared: Batch) -> None:
    old = BatchChunk.objects.get(batch=prepared)
    devices = dict(DeviceCount.objects.values_list("eui64", "certificates"))
    succeed(them, "D2")
    stop_batch(batch_uid=prepared.uid, by=CLOCK)

    resume(them, prepared)

    given_up = AbandonedIntents.objects.get()
    assert (given_up.number, bytes(given_up.intents)) == (old.number, bytes(old.intents))
    assert given_up.abandoned_by == them.operator
    digest = hashlib.sha256(bytes(old.intents)).hexdigest()
    assert digest in EntryText.objects.get(event="batch.resumed").content
    assert not UsedPublicKey.objects.exists()
    assert set(DeviceCount.objects.values_list("certificates", flat=True)) == {0}

    issue(prepared)

    issued = issued_of(prepared)
    assert {each.issuer_key_id for each in issued} != {them_key(old)}
    assert not {each.serial for each in issued} & serials(old)
    assert len(issued) == UsedPublicKey.objects.count() == 5
    assert dict(DeviceCount.objects.values_list("eui64", "certificates")) == devices
    assert max(devices.values()) == 3


def serials(chunk: BatchChunk) -> set[str]:
    fields = issuers.fields_of(frames.unpack(bytes(chunk.intents)))
    return {each.serial.hex().upper() for each in fields}


def them_key(chunk: BatchChunk) -> str:
    intents = frames.unpack(bytes(chunk.intents))
    return issuers.alike_in_repository(intents).issuer_key_id


def test_without_a_successor_nothing_is_given_up(them: Any, prepared: Batch) -> None:
    revoke_active(CertificateKind.ISSUING_DCA)
    stop_batch(batch_uid=prepared.uid, by=CLOCK)
    with pytest.raises(RuleViolation, match="hold the key ceremony first"):
        resume(them, prepared)
    assert not AbandonedIntents.objects.exists()
    assert BatchChunk.objects.get(batch=prepared).state == ChunkState.PREPARED


def test_a_worker_that_was_slow_lodges_nothing_of_the_old_bytes(
    them: Any, prepared: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has signed; meanwhile the chunk is committed to anew, so that it is prepared once more."""
    sign = issuers.sign

    def slow(intents: Any) -> Any:
        issued = sign(intents)
        succeed(them, "D2")
        stop_batch(batch_uid=prepared.uid, by=CLOCK)
        resume(them, prepared)
        with monkeypatch.context() as patch:
            patch.setattr(issuers, "sign", lambda intents: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                issue(prepared)
        return issued

    with monkeypatch.context() as patch:
        patch.setattr(issuers, "sign", slow)
        with pytest.raises(RuleViolation, match="is revoked and issues nothing"):
            issue(prepared)
    assert nothing_issued(prepared)
    issue(prepared)
    assert len(issued_of(prepared)) == 5


def test_what_an_authority_that_is_not_revoked_has_committed_to_stays(them: Any, prepared: Batch) -> None:
    stop_batch(batch_uid=prepared.uid, by=CLOCK)
    resume(them, prepared)
    assert BatchChunk.objects.get(batch=prepared).state == ChunkState.PREPARED
    assert not AbandonedIntents.objects.exists()


def test_intents_are_never_replaced_by_others(prepared: Batch) -> None:
    chunk = BatchChunk.objects.filter(batch=prepared)
    for changes in ({"intents": b"x"}, {"intents": None}, {"state": ChunkState.WAITING}):
        with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
            chunk.update(**changes)
    with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
        chunk.update(state=ChunkState.WAITING, intents=b"x")
