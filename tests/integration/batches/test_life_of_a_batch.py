"""A batch from the ZIP that is handed in to the ZIP that answers it, and every way in which it goes otherwise."""

import csv
import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography import x509
from django.conf import settings as configured
from django.db import DatabaseError, transaction

from certification.batches import checking, faults, results, services
from certification.batches.models import Batch, BatchChunk, BatchItem
from certification.batches.states import COMPLETED, PARSING, PAUSED, PENDING, REJECTED
from certification.batches.tasks import finish, remove_results, stop
from certification.requests.states import BEING_ISSUED, ISSUED
from certification.requests.suspending import reinstate_services, suspend_services
from certification.requests.suspension_rules import Ground, Service
from repository.certificates.models import Certificate
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.files import store
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from smki_pma.notices.models import Notice
from smki_pma.parties.roles import Role
from tests.samples.batches import hand_in, hand_in_files
from tests.samples.community import party, person_in
from tests.samples.signing_requests import device, organisation
from tests.samples.zips import device_requests, many_entries, patched_central, zip_of

pytestmark = pytest.mark.django_db


def again(batch: Batch) -> Batch:
    return Batch.objects.get(pk=batch.pk)


def events(batch: Batch) -> list[str]:
    texts = EntryText.objects.filter(subject_type="batches.batch", subject_id=str(batch.pk))
    return list(texts.order_by("number").values_list("event", flat=True))


def place_of(batch: Batch) -> Path:
    return configured.DATA_DIR / "files" / batch.file_sha256[:2] / batch.file_sha256


def issued_to_devices() -> int:
    return Certificate.objects.filter(kind="device").count()


@pytest.mark.clause("L8.1(b)", "L8.2", "L8.3")
def test_every_request_is_answered_under_its_name(them, small_chunks, run_jobs):
    right = device_requests(5)
    files = {**right, "broken.csr": b"no request", "office.csr": organisation().make()}
    batch = hand_in_files(them, files)
    assert (batch.state, batch.count, batch.received_at) == (PENDING, 0, None)

    run_jobs()

    batch = again(batch)
    assert (batch.state, batch.count, batch.issued, batch.refused) == (COMPLETED, 7, 5, 2)
    assert batch.submitted_at <= batch.received_at <= batch.completed_at < batch.deadline_at
    assert batch.results_until == batch.completed_at + timedelta(days=30)
    answer = zipfile.ZipFile(io.BytesIO(store.read_verified(batch.result_sha256)))
    assert answer.testzip() is None
    assert set(answer.namelist()) == {name[:-4] + ".crt" for name in right} | {"report.csv"}
    for name, request in right.items():
        certificate = x509.load_pem_x509_certificate(answer.read(name[:-4] + ".crt"))
        assert certificate.public_key() == x509.load_der_x509_csr(request).public_key()
    report = list(csv.DictReader(io.StringIO(answer.read("report.csv").decode())))
    assert [row["name"] for row in report] == list(files)
    told = {row["name"]: (row["outcome"], row["error_code"]) for row in report}
    assert told["broken.csr"][0] == "error" and told["broken.csr"][1].startswith("csr.")
    assert told["office.csr"] == ("error", faults.ORGANISATION)
    assert all(told[name] == ("certificate", "") for name in right)
    assert all(row["explanation"] for row in report if row["outcome"] == "error")
    assert "".join(results.report_lines(batch)) == answer.read("report.csv").decode()


@pytest.mark.clause("L8.3")
def test_each_step_is_in_the_ledger_and_the_officer_is_told(them, small_chunks, run_jobs):
    batch = hand_in_files(them, device_requests(5))
    run_jobs()
    found = events(batch)
    assert found[:2] == ["batch.submitted", "batch.received"]
    assert found.count("batch.unpacked") == 2
    assert found.count("batch.chunk_issued") == 3
    assert found[-1] == "batch.completed"
    facts = EntryText.objects.get(event="batch.completed", subject_id=str(batch.pk))
    assert '"within_target":true' in facts.content
    assert facts.party_id == them.subscriber.pk
    assert Notice.objects.filter(subject__contains=f"{batch.reference} is complete").exists()


def test_the_same_results_are_the_same_octets(them, run_jobs):
    batch = hand_in_files(them, device_requests(3))
    run_jobs()
    batch = again(batch)
    assert results.make_results(batch).sha256 == batch.result_sha256


@pytest.mark.clause("L8.1(a)", "L8.2")
def test_one_request_is_served_as_a_single_one(them, run_jobs):
    batch = hand_in_files(them, device_requests(1))
    request = batch.single
    assert batch.state == COMPLETED
    assert request.deadline_at - request.received_at == timedelta(seconds=30)
    run_jobs()
    request.refresh_from_db()
    assert request.state == ISSUED
    assert not BatchChunk.objects.filter(batch=batch).exists()


@pytest.mark.clause("L8.2")
def test_more_than_fifty_thousand_are_refused_whole(them, run_jobs):
    before = issued_to_devices()
    batch = hand_in(them, many_entries(50_001))
    run_jobs()
    batch = again(batch)
    assert (batch.state, batch.received_at, batch.count) == (REJECTED, None, 50_001)
    assert batch.faults[0]["source"] == "L8.2" and "50,001" in batch.faults[0]["message"]
    assert not BatchChunk.objects.filter(batch=batch).exists()
    assert issued_to_devices() == before
    assert Notice.objects.filter(subject__contains=f"{batch.reference} was rejected").exists()


@pytest.mark.clause("L8.2")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"PK\x03\x04 and no more", faults.BROKEN),
        (zip_of({"a.csr": b"x" * 20_000}), faults.TOO_LARGE),
        (patched_central(zip_of({"a.csr": b"x"}), 16, b"\0\0\0\0"), faults.DAMAGED),
        # So long that only the worker opens it.
        (zip_of({"a.csr": b"x"})[:-2] + b"\xff\xff" + b"." * 0xFFFF, faults.TOO_FEW),
    ],
)
def test_an_archive_that_cannot_be_taken(them, run_jobs, content, code):
    batch = hand_in(them, content)
    run_jobs()
    assert again(batch).state == REJECTED
    assert [fault["code"] for fault in again(batch).faults] == [code]


@pytest.mark.clause("L8.2")
def test_the_form_sent_twice_makes_one_batch(them):
    files, key = device_requests(2), uuid4()
    first = hand_in_files(them, files, submission_key=key)
    entries = EntryText.objects.count()
    assert hand_in_files(them, files, submission_key=key) == first
    assert EntryText.objects.count() == entries
    with pytest.raises(RuleViolation, match="sent before with another file"):
        hand_in_files(them, device_requests(3), submission_key=key)


@pytest.mark.clause("L3.4")
def test_only_the_subscribers_responsible_officer_hands_in(them):
    stranger = person_in("party-officer", "Stan Stranger", for_party=party("Other Energy"))
    content = zip_of(device_requests(2))
    for by in (them.by(stranger), them.by(them.registrar, Role.DCC_RA_OFFICER)):
        with pytest.raises(NotEntitled):
            hand_in(them, content, by=by)
    with pytest.raises(NotEntitled, match=r"Authorised Subscriber|verified by DCC"):
        hand_in(them, content, by=them.by(stranger), party_id=party("Other Energy").pk)
    assert not Batch.objects.exists()


@pytest.mark.clause("L3.4", "L8.1(a)")
def test_one_key_for_a_single_request_and_a_batch_loses_neither(them):
    key = uuid4()
    single = them.submit(device().make(), submission_key=key)
    batch = hand_in_files(them, {"a.csr": device(b"\1" * 8).make()}, submission_key=key)
    assert batch.single.uid != single.uid
    assert (batch.single.eui64, batch.single.state) == ("01" * 8, BEING_ISSUED)


@pytest.mark.clause("L8.1(b)")
@pytest.mark.parametrize(
    ("received", "due"),
    [
        # Spring: the clocks go forward at 1am on 29 March 2026. In the day before, and on the day.
        (datetime(2026, 3, 28, 19, 59, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),
        (datetime(2026, 3, 28, 20, 0, tzinfo=UTC), datetime(2026, 3, 29, 20, 0, tzinfo=UTC)),
        (datetime(2026, 3, 29, 7, 0, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)),
        (datetime(2026, 3, 29, 6, 59, tzinfo=UTC), datetime(2026, 3, 30, 6, 59, tzinfo=UTC)),
        # Autumn: they go back at 2am on 25 October 2026.
        (datetime(2026, 10, 24, 18, 59, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)),
        (datetime(2026, 10, 24, 19, 0, tzinfo=UTC), datetime(2026, 10, 25, 19, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 8, 0, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),
    ],
)
def test_when_a_batch_is_due(them, clock, received, due):
    batch = hand_in_files(them, device_requests(2))
    batch = services.receive_batch(batch_uid=batch.uid, count=2, by=Actor.clock(), at=received)
    assert (batch.received_at, batch.deadline_at) == (received, due)


@pytest.mark.clause("L3.5")
def test_an_operator_pauses_and_resumes_at_any_stage(them, small_chunks, run_jobs, monkeypatch):
    operator = them.by(them.operator, Role.DCC_CA_OPERATOR)
    batch = hand_in_files(them, device_requests(5))
    services.pause_batch(batch_uid=batch.uid, reason="A key is being moved.", by=operator)
    run_jobs()
    assert (again(batch).state, again(batch).pause_reason) == (PAUSED, "A key is being moved.")
    assert "A key is being moved." in Notice.objects.get(subject__contains=batch.reference).body

    assert services.resume_batch(batch_uid=batch.uid, by=operator).state == PENDING
    unpack = services.receiving.unpack_chunks
    monkeypatch.setattr(checking, "unpack_chunks", pause_after_one(unpack, operator))
    run_jobs()
    assert again(batch).state == PAUSED
    assert 0 < BatchChunk.objects.filter(batch=batch).count() < 3

    monkeypatch.setattr(checking, "unpack_chunks", unpack)
    assert services.resume_batch(batch_uid=batch.uid, by=operator).state == PARSING
    run_jobs()
    assert (again(batch).state, again(batch).issued) == (COMPLETED, 5)
    assert issued_to_devices() == 5


def pause_after_one(unpack, operator):
    def run(**arguments):
        batch = unpack(**arguments)
        return services.pause_batch(batch_uid=batch.uid, reason="Wait.", by=operator)

    return run


@pytest.mark.clause("L3.5")
def test_nobody_else_pauses_or_resumes(them):
    batch = hand_in_files(them, device_requests(2))
    for by in (them.by(), them.by_registrar):
        with pytest.raises(NotEntitled):
            services.pause_batch(batch_uid=batch.uid, reason="No.", by=by)
    services.pause_batch(batch_uid=batch.uid, reason="Yes.", by=them.by(them.operator, Role.DCC_CA_OPERATOR))
    for by in (them.by(), them.by_registrar):
        with pytest.raises(NotEntitled):
            services.resume_batch(batch_uid=batch.uid, by=by)


@pytest.mark.clause("L3.5")
def test_a_batch_that_fails_asks_an_operator_and_goes_on_when_mended(them, run_jobs):
    batch = hand_in_files(them, device_requests(3))
    for _ in range(2):  # two chunks fail, one duty
        stop({"batch": str(batch.uid)}, "OSError")
    assert again(batch).state == PAUSED
    assert Duty.objects.open().filter(kind="batch.stopped").count() == 1
    run_jobs()
    assert issued_to_devices() == 0

    services.resume_batch(batch_uid=batch.uid, by=them.by(them.operator, Role.DCC_CA_OPERATOR))
    assert not Duty.objects.open().filter(kind="batch.stopped").exists()
    run_jobs()
    assert again(batch).state == COMPLETED


@pytest.mark.clause("L3.5")
def test_checking_done_twice_has_the_effect_of_once(them, small_chunks, run_jobs):
    batch = hand_in_files(them, device_requests(5))
    checking.check_and_unpack(batch.uid)
    entries = EntryText.objects.count()
    checking.check_and_unpack(batch.uid)
    assert EntryText.objects.count() == entries
    run_jobs()
    assert (again(batch).issued, issued_to_devices()) == (5, 5)


@pytest.mark.clause("L2.14")
def test_a_suspended_batch_waits_for_the_reinstatement(them, small_chunks, run_jobs, client):
    by = them.by_registrar
    batch = hand_in_files(them, device_requests(5))
    suspension = suspend_services(
        services=[Service.ISSUE_DEVICE],
        party_id=them.subscriber.pk,
        ground=Ground.PMA_INSTRUCTION,
        instruction="The SMKI PMA, 22 November 2026, resolution 7",
        by=by,
    )
    run_jobs()
    assert again(batch).received_at is not None and again(batch).issued == 0
    with pytest.raises(RuleViolation, match="suspend this service"):
        hand_in_files(them, device_requests(2))
    client.force_login(them.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert b"waits for the reinstatement" in client.get(f"/certification/batches/{batch.uid}/").content

    reinstate_services(suspension_id=suspension.pk, instruction="Lifted by resolution 8", by=by)
    run_jobs()
    assert (again(batch).state, again(batch).issued, issued_to_devices()) == (COMPLETED, 5, 5)


@pytest.mark.clause("L8.3")
def test_a_worker_killed_over_the_results_makes_the_same_ones_again(them, run_jobs, monkeypatch):
    batch = hand_in_files(them, device_requests(3))
    job = {"batch": str(batch.uid)}

    def die(**arguments):
        raise SystemError

    monkeypatch.setattr(services, "complete_batch", die)
    run_jobs()
    assert again(batch).answered == 3 and again(batch).state != COMPLETED
    monkeypatch.undo()
    finish(job)
    done = again(batch)
    finish(job)
    assert (again(batch).state, again(batch).completed_at) == (COMPLETED, done.completed_at)
    assert events(batch).count("batch.completed") == 1


@pytest.mark.clause("L8.3")
def test_results_are_kept_for_thirty_days(them, clock, run_jobs):
    batch = hand_in_files(them, device_requests(2))
    run_jobs()
    clock.advance(timedelta(days=29, hours=23))
    assert remove_results() == {"removed": 0}
    clock.advance(timedelta(hours=2))
    assert remove_results() == {"removed": 1}
    assert remove_results() == {"removed": 0}
    with pytest.raises(store.DamagedFile):
        store.read_verified(again(batch).result_sha256)
    assert not BatchChunk.objects.filter(batch=batch).exists()
    assert BatchItem.objects.filter(batch=batch).count() == issued_to_devices() == 2


@pytest.mark.clause("L8.3")
def test_what_was_sent_stays_sent(them, run_jobs):
    batch = hand_in_files(them, device_requests(2))
    run_jobs()
    rows = Batch.objects.filter(pk=batch.pk)
    items = BatchItem.objects.filter(batch=batch)
    for change in (
        lambda: rows.update(issued=1),
        lambda: rows.update(deadline_at=datetime(2030, 1, 1, tzinfo=UTC)),
        lambda: rows.update(file_sha256="0" * 64),
        lambda: items.update(name="another.csr"),
        lambda: items.delete(),
        lambda: BatchChunk.objects.filter(batch=batch).update(requests=b""),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
            change()


@pytest.mark.clause("L8.2")
def test_the_database_refuses_more_answers_than_requests(them):
    batch = hand_in_files(them, device_requests(2))
    with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
        Batch.objects.filter(pk=batch.pk).update(issued=1)


@pytest.mark.clause("L3.5")
def test_a_key_is_certified_once_however_it_comes(them, run_jobs):
    files = device_requests(3)
    one = next(iter(files.values()))
    single = them.submit(one)
    batch = hand_in_files(them, {**files, "twice.csr": list(files.values())[1]})
    run_jobs()
    assert single.state != "refused"
    assert (again(batch).issued, again(batch).refused) == (2, 2)
    errors = BatchItem.objects.filter(batch=batch, outcome="error")
    assert set(errors.values_list("fault_code", flat=True)) == {"csr.key.used"}
