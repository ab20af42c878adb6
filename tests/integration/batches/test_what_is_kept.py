"""Which ZIPs stay in the files store: none that was refused, and none that holds a private key."""

import hashlib
from uuid import uuid4

import pytest
from django.conf import settings as configured

from certification.batches import faults, services
from certification.batches.models import Batch, BatchChunk, BatchItem
from certification.batches.states import COMPLETED, PAUSED, PENDING, REJECTED
from certification.requests.suspending import suspend_services
from certification.requests.suspension_rules import Ground, Service
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.parties.roles import Role
from tests.samples.batches import hand_in, hand_in_files
from tests.samples.community import party, person_in
from tests.samples.signing_requests import private_key
from tests.samples.zips import device_requests, zip_of

pytestmark = pytest.mark.django_db


def again(batch: Batch) -> Batch:
    return Batch.objects.get(pk=batch.pk)


def is_stored(content):
    sha256 = hashlib.sha256(content).hexdigest()
    return (configured.DATA_DIR / "files" / sha256[:2] / sha256).exists()


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize("wrapping", ["PEM", "DER", "Base64"])
def test_a_private_key_is_kept_nowhere(them, run_jobs, wrapping):
    key = private_key(wrapping)
    content, marked = zip_of({**device_requests(1), "oops.csr": key}), uuid4()
    batch = hand_in(them, content, submission_key=marked)
    run_jobs()
    batch = again(batch)
    assert (batch.issued, batch.refused) == (1, 1)
    assert "compromised" in BatchItem.objects.get(batch=batch, name="oops.csr").fault_detail
    assert not is_stored(content)
    assert all(key not in bytes(chunk.requests) for chunk in BatchChunk.objects.filter(batch=batch))
    # Sent once more, as a program does that has had no answer, it is stored no more.
    assert hand_in(them, content, submission_key=marked) == batch
    assert not is_stored(content)


@pytest.mark.clause("L3.5", "L8.1(a)")
@pytest.mark.parametrize("wrapping", ["PEM", "DER", "Base64"])
def test_a_private_key_alone_in_a_zip_is_refused_as_a_single_request(them, run_jobs, wrapping):
    content = zip_of({"oops.csr": private_key(wrapping)})
    batch = hand_in(them, content)
    run_jobs()
    assert again(batch).state == COMPLETED
    assert (batch.single.state, bytes(batch.single.csr)) == ("refused", b"")
    assert batch.single.faults[0]["code"] == "csr.private_key"
    assert "Compromised" in batch.single.reason
    assert not is_stored(content)


@pytest.mark.clause("L3.5")
def test_the_same_zip_with_a_key_handed_in_twice_is_no_alarm(them, run_jobs):
    content = zip_of({**device_requests(2), "oops.csr": private_key("DER")})
    first = hand_in(them, content)
    second = hand_in(them, content)
    paused = hand_in(them, content)
    operator = them.by(them.operator, Role.DCC_CA_OPERATOR)
    services.pause_batch(batch_uid=paused.uid, reason="Wait.", by=operator)
    run_jobs()
    assert [again(each).state for each in (first, second, paused)] == [COMPLETED, COMPLETED, PAUSED]
    assert is_stored(content), "one of them is still to be unpacked"
    services.resume_batch(batch_uid=paused.uid, by=operator)
    run_jobs()
    assert again(paused).state == COMPLETED
    assert not Duty.objects.filter(kind="batch.tampered").exists()
    assert not is_stored(content)


@pytest.mark.clause("L3.5", "L8.2")
def test_a_rejected_zip_is_not_kept_and_a_key_in_it_is_told(them, run_jobs):
    content = zip_of({**device_requests(2), "device.key": private_key("PEM")})
    batch = hand_in(them, content)
    assert is_stored(content)
    run_jobs()
    assert (again(batch).state, again(batch).count) == (REJECTED, 3)
    assert again(batch).faults[0]["code"] == faults.PRIVATE_KEY
    assert "device.key" in again(batch).faults[0]["field"]
    assert not is_stored(content)


@pytest.mark.clause("L8.2")
def test_a_zip_without_a_key_is_kept(them, run_jobs):
    content = zip_of(device_requests(2))
    batch = hand_in(them, content)
    run_jobs()
    assert again(batch).state == COMPLETED
    assert is_stored(content)


@pytest.mark.clause("L2.14", "L3.4")
def test_what_is_refused_is_never_stored(them):
    files, key = device_requests(2), uuid4()
    stranger = person_in("party-officer", "Stan Stranger", for_party=party("Other Energy"))
    content = zip_of(device_requests(2))
    with pytest.raises(NotEntitled):
        hand_in(them, content, by=them.by(stranger))
    hand_in_files(them, files, submission_key=key)
    with pytest.raises(RuleViolation, match="another file"):
        hand_in(them, content, submission_key=key)
    suspend_services(
        services=[Service.BATCH],
        party_id=them.subscriber.pk,
        ground=Ground.PMA_INSTRUCTION,
        instruction="Resolution 12",
        by=them.by_registrar,
    )
    with pytest.raises(RuleViolation, match="suspend this service"):
        hand_in(them, content)
    assert not is_stored(content)
    assert hand_in_files(them, files, submission_key=key).state == PENDING, "the first one again"
