"""Batches over the JSON interface: handed in, watched, paged, fetched; nobody sees what is another Party's."""

import hashlib
import io
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.core.cache import caches

from certification.batches.models import Batch
from certification.batches.states import COMPLETED, PENDING
from certification.batches.tasks import remove_results
from certification.requests.models import CertificateRequest
from certification.requests.states import BEING_ISSUED
from certification.requests.suspending import suspend_services
from certification.requests.suspension_rules import Ground, Service
from certification.service_interface.machine import batching
from certification.subscribers.rules import Policy
from smki_pma.files import store
from smki_pma.notices.models import Notice
from smki_pma.parties.roles import Role
from tests.samples.batches import hand_in_files
from tests.samples.certification import complete_tests
from tests.samples.community import actor, party, person_in
from tests.samples.interface import REQUESTS, Machine, front_extras, issued_credential, problem
from tests.samples.signing_requests import device, private_key
from tests.samples.zips import device_requests, zip_of

pytestmark = pytest.mark.django_db
BATCHES, ZIP = "/api/v1/batches", "application/zip"


@pytest.fixture
def machine(them, client, settings):
    caches["limits"].clear()
    return Machine(client, front_extras(settings, issued_credential(them)))


@pytest.fixture
def stranger(machine, them, settings, client):
    """The program of another Party that may hand in batches as well."""
    other = party("Dark Energy")
    complete_tests(other)
    officer = person_in("party-officer", "Olive Other", for_party=other)
    them.authorise(other, officer, Policy.DEVICE)
    credential = issued_credential(them, party_id=other.pk, by=actor(officer, Role.PARTY_OFFICER))
    return Machine(client, front_extras(settings, credential))


def send(machine, content, **headers):
    return machine.post(BATCHES, content, content_type=ZIP, **headers)


def is_stored(content):
    sha256 = hashlib.sha256(content).hexdigest()
    return (configured.DATA_DIR / "files" / sha256[:2] / sha256).exists()


@pytest.mark.clause("L4.1", "L8.1(b)", "L8.2", "L8.3")
def test_a_batch_is_handed_in_watched_and_fetched(machine, them, run_jobs):
    files = {**device_requests(3), "broken.csr": b"?"}
    sent = send(machine, zip_of(files))
    assert (sent.status_code, sent.json()["state"]) == (202, PENDING)
    assert sent["Retry-After"]
    address = sent["Location"]
    problem(machine.get(f"{address}/result"), 409, "batch.not_completed")
    assert machine.get(f"{address}/items").json() == {"items": [], "next": None}

    run_jobs()

    answer = machine.get(address).json()
    row = Batch.objects.get(uid=answer["id"])
    assert (answer["state"], answer["count"], answer["issued"], answer["refused"]) == (COMPLETED, 4, 3, 1)
    assert (row.source, row.party_id) == ("interface", them.subscriber.pk)
    fetched = machine.get(f"{address}/result")
    content = b"".join(fetched)
    assert (fetched["Content-Type"], int(fetched["Content-Length"])) == (ZIP, len(content))
    assert f"batch-{row.reference}.zip" in fetched["Content-Disposition"]
    assert hashlib.sha256(content).hexdigest() == answer["result_sha256"]
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == 4
    # The answer is the sending: nobody is mailed for what a program asked.
    assert not Notice.objects.filter(subject__contains=row.reference).exists()


def test_a_zip_may_come_as_the_file_of_a_form(machine):
    upload = io.BytesIO(zip_of(device_requests(2)))
    upload.name = "meters.zip"
    sent = machine.client.post(BATCHES, {"file": upload}, **machine.extras)
    assert (sent.status_code, sent.json()["file_name"]) == (202, "meters.zip")
    problem(machine.client.post(BATCHES, {"other": "x"}, **machine.extras), 400, "message.malformed")
    problem(machine.post(BATCHES, {}), 415, "message.media_type")


@pytest.mark.clause("L4.1")
def test_what_is_another_partys_does_not_exist(machine, stranger, run_jobs):
    mine = send(machine, zip_of(device_requests(2)), idempotency_key="1")
    run_jobs()
    address, uid = mine["Location"], mine.json()["id"]
    for path in (address, f"{address}/items", f"{address}/result", f"{BATCHES}?before={uid}"):
        problem(stranger.get(path), 404, "message.not_found")
    assert stranger.get(BATCHES).json() == {"batches": [], "next": None}
    problem(machine.get(f"{BATCHES}/{uuid4()}"), 404, "message.not_found")
    # A key is each Party's own.
    theirs = send(stranger, zip_of(device_requests(2)), idempotency_key="1")
    assert theirs.status_code == 202
    assert theirs.json()["id"] != uid
    assert [each["id"] for each in machine.get(BATCHES).json()["batches"]] == [uid]


def test_the_same_key_gives_the_same_batch_once(machine):
    content, other = zip_of(device_requests(2)), zip_of(device_requests(3))
    first = send(machine, content, idempotency_key="order 17")
    assert send(machine, content, idempotency_key="order 17").json()["id"] == first.json()["id"]
    refused = problem(send(machine, other, idempotency_key="order 17"), 422, "message.key_reused")
    assert refused["field"] == "Idempotency-Key"
    assert Batch.objects.count() == 1
    assert not is_stored(other)


@pytest.mark.clause("L3.4", "L8.1(a)")
def test_a_key_may_number_requests_and_batches_alike(machine):
    single = machine.send(device().make(), idempotency_key="17")
    one = send(machine, zip_of({"a.csr": device(b"\1" * 8).make()}), idempotency_key="17").json()
    assert (one["state"], one["count"]) == (COMPLETED, 1)
    assert one["single"] != single.json()["id"]
    served = machine.get(f"{REQUESTS}/{one['single']}").json()
    assert (served["eui64"], served["state"]) == ("01" * 8, BEING_ISSUED)
    answer = problem(machine.get(f"{BATCHES}/{one['id']}/result"), 409, "batch.not_completed")
    assert one["single"] in answer["detail"]
    assert CertificateRequest.objects.count() == 2


@pytest.mark.clause("L3.5")
def test_a_key_alone_in_a_zip_is_told_and_not_kept(machine):
    content = zip_of({"a.csr": private_key("DER")})
    for _ in range(2):
        one = send(machine, content, idempotency_key="oops").json()
        told = machine.get(f"{REQUESTS}/{one['single']}").json()
        assert [fault["code"] for fault in told["faults"]] == ["csr.private_key"]
        assert not is_stored(content)
    assert CertificateRequest.objects.count() == 1


@pytest.mark.clause("L2.14")
def test_what_is_refused_is_never_stored(machine, them):
    suspend_services(
        services=[Service.BATCH],
        party_id=them.subscriber.pk,
        ground=Ground.PMA_INSTRUCTION,
        instruction="Resolution 12",
        by=them.by_registrar,
    )
    content = zip_of(device_requests(2))
    problem(send(machine, content), 409, "rule.forbids")
    assert not is_stored(content)


@pytest.mark.clause("L8.2")
def test_the_largest_zip_is_that_of_the_page(machine, monkeypatch):
    monkeypatch.setattr(batching, "figure", lambda key: 1)
    # Too large by one octet; as large as it may be, and then no archive, which the worker finds.
    problem(send(machine, bytes(1024 * 1024 + 1)), 413, "message.too_large")
    assert send(machine, bytes(1024 * 1024)).status_code == 202


@pytest.mark.clause("L8.3")
def test_results_lost_from_the_store_are_made_again(machine, run_jobs):
    address = send(machine, zip_of(device_requests(2)))["Location"]
    run_jobs()
    sha256 = machine.get(address).json()["result_sha256"]
    store.remove(sha256)
    content = b"".join(machine.get(f"{address}/result"))
    assert hashlib.sha256(content).hexdigest() == sha256


@pytest.mark.clause("L8.3")
def test_results_are_gone_when_their_time_is_over(machine, run_jobs, clock):
    address = send(machine, zip_of(device_requests(2)))["Location"]
    run_jobs()
    clock.advance(timedelta(days=31))
    # Also before the hourly task has taken them away.
    problem(machine.get(f"{address}/result"), 410, "batch.results_gone")
    remove_results()
    problem(machine.get(f"{address}/result"), 410, "batch.results_gone")
    assert len(machine.get(f"{address}/items").json()["items"]) == 2


@pytest.mark.clause("L8.3")
def test_items_come_in_pages_with_the_device_of_each(machine, run_jobs):
    csr = device(b"\1" * 8).make()
    files = {**device_requests(3), "once.csr": csr, "twice.csr": csr}
    address = send(machine, zip_of(files))["Location"]
    run_jobs()
    found, after = [], -1
    while after is not None:
        page = machine.get(f"{address}/items?after={after}&limit=2").json()
        assert len(page["items"]) <= 2
        found += page["items"]
        after = page["next"]
    assert [(each["number"], each["name"]) for each in found] == list(enumerate(files))
    assert [each["outcome"] for each in found] == [*["certificate"] * 4, "error"]
    assert (found[-1]["fault_code"], found[-1]["eui64"]) == ("csr.key.used", "01" * 8)
    for wrong in ("limit=0", "limit=1001", "after=-2", "after=x"):
        problem(machine.get(f"{address}/items?{wrong}"), 400, "message.malformed")


def test_the_list_comes_in_pages_the_newest_first(machine, them):
    made = [str(hand_in_files(them, device_requests(2)).uid) for _ in range(5)]
    found, path = [], f"{BATCHES}?limit=2"
    while path:
        page = machine.get(path).json()
        found += [each["id"] for each in page["batches"]]
        path = page["next"] and f"{BATCHES}?limit=2&before={page['next']}"
    assert found == made[::-1]


@pytest.mark.clause("L8.2", "L8.8")
def test_a_rejected_batch_says_how_many_requests_it_held(machine, run_jobs):
    address = send(machine, zip_of({**device_requests(2), "read me.txt": b"?"}))["Location"]
    run_jobs()
    answer = machine.get(address).json()
    assert (answer["state"], answer["count"]) == ("rejected", 3)
    assert [fault["code"] for fault in answer["faults"]] == ["batch.name.not_csr"]
