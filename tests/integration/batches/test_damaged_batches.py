"""A ZIP that is no longer the one handed in, or cannot be found: nothing of it is lost and nothing issued wrongly."""

import hashlib

import pytest

from certification.batches import checking, issuers, services
from certification.batches.models import AbandonedIntents, BatchChunk
from certification.batches.states import COMPLETED, PAUSED, PENDING, TAMPERED
from certification.batches.tasks import stop
from certification.requests.models import DeviceCount
from smki_pma.duties.models import Duty
from smki_pma.files import store
from smki_pma.ledger.models import EntryText
from smki_pma.notices.models import Notice
from smki_pma.parties.roles import Role
from tests.integration.batches.test_life_of_a_batch import again, issued_to_devices, place_of
from tests.samples.batches import hand_in_files, issue
from tests.samples.signing_requests import device
from tests.samples.zips import device_requests, zip_of

pytestmark = pytest.mark.django_db


@pytest.mark.clause("L3.5")
def test_a_file_that_is_no_longer_the_one_handed_in(them, run_jobs):
    batch = hand_in_files(them, device_requests(2))
    place_of(batch).write_bytes(zip_of(device_requests(2)))
    run_jobs()
    assert again(batch).state == TAMPERED
    assert issued_to_devices() == 0
    assert Duty.objects.open().filter(kind="batch.tampered", role=Role.DCC_CA_OPERATOR).count() == 1
    assert Notice.objects.filter(subject__contains="cannot be served").exists()


@pytest.mark.clause("L3.4", "L3.5")
def test_what_a_tampered_batch_did_not_issue_can_be_sent_again(them, small_chunks, monkeypatch, run_jobs):
    files = device_requests(4) | {"one.csr": device(b"\1" * 8).make(), "two.csr": device(b"\1" * 8).make()}
    batch = hand_in_files(them, files)
    with monkeypatch.context() as patch:
        patch.setattr(checking, "_unpack", unpack_two_chunks)
        checking.check_and_unpack(batch.uid)
    issue(batch, 0)
    with monkeypatch.context() as patch:
        patch.setattr(issuers, "sign", lambda intents: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            issue(batch, 1)
    committed = bytes(BatchChunk.objects.get(batch=batch, number=1).intents)
    place_of(batch).write_bytes(b"another")
    run_jobs()
    assert (again(batch).state, again(batch).issued) == (TAMPERED, 2)
    given_up = AbandonedIntents.objects.get()
    assert (given_up.number, bytes(given_up.intents), given_up.abandoned_by) == (1, committed, None)
    digest = hashlib.sha256(committed).hexdigest()
    assert digest in EntryText.objects.get(event="batch.tampered").content
    assert "no Certificate yet" in Notice.objects.get(subject__contains="cannot be served").body

    anew = hand_in_files(them, files)
    run_jobs()

    assert (again(anew).state, again(anew).issued, again(anew).refused) == (COMPLETED, 4, 2)
    assert set(DeviceCount.objects.values_list("certificates", flat=True)) == {1, 2}
    assert issued_to_devices() == 6


def unpack_two_chunks(batch, container, *, by):
    chunks = [checking._chunk(container, number) for number in range(2)]
    return services.unpack_chunks(batch_uid=batch.uid, chunks=chunks, is_last=False, by=by)


@pytest.mark.clause("L3.4", "L3.5")
def test_a_file_that_cannot_be_found_is_looked_for_again_and_is_no_tampering(them, run_jobs):
    batch = hand_in_files(them, device_requests(2))
    content = place_of(batch).read_bytes()
    place_of(batch).unlink()
    with pytest.raises(store.DamagedFile, match="missing"):
        checking.check_and_unpack(batch.uid)
    assert again(batch).state == PENDING
    stop({"batch": str(batch.uid)}, "DamagedFile")
    assert again(batch).state == PAUSED

    place_of(batch).write_bytes(content)
    services.resume_batch(batch_uid=batch.uid, by=them.by(them.operator, Role.DCC_CA_OPERATOR))
    run_jobs()
    assert (again(batch).state, again(batch).issued) == (COMPLETED, 2)
