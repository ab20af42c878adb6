"""The JSON interface: one request, its Certificate, its errors; nobody sees what is another Party's."""

from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.cache import caches

from certification.requests.models import CertificateRequest
from certification.requests.states import BEING_ISSUED, ISSUED, REFUSED
from certification.subscribers.rules import Policy
from smki_pma.jobs.models import Job
from smki_pma.notices.models import Notice
from smki_pma.parties.roles import Role
from tests.samples.certification import complete_tests
from tests.samples.community import actor, party, person_in
from tests.samples.interface import REQUESTS, Machine, front_extras, issued_credential, problem
from tests.samples.signing_requests import device, organisation

pytestmark = pytest.mark.django_db
TEST_REQUESTS = "/api/test/v1/requests"


@pytest.fixture
def machine(them, client, settings):
    caches["limits"].clear()
    return Machine(client, front_extras(settings, issued_credential(them)))


@pytest.mark.clause("L3.4", "L4.1", "L8.1")
def test_a_request_is_received_waited_for_and_fetched(machine, them, run_jobs):
    sent = machine.send(device().make())
    assert sent.status_code == 202
    assert sent["Retry-After"]
    assert sent.json()["state"] == BEING_ISSUED
    address = sent["Location"]
    problem(machine.get(f"{address}/certificate"), 409, "request.not_issued")

    run_jobs()

    answer = machine.get(address).json()
    row = CertificateRequest.objects.get(uid=answer["id"])
    assert (answer["state"], row.source, row.party_id) == (ISSUED, "interface", them.subscriber.pk)
    assert row.sent_at <= row.deadline_at
    pem = machine.get(f"{address}/certificate")
    der = machine.get(f"{address}/certificate", accept="application/pkix-cert")
    assert pem.content.decode() == answer["certificate"]
    assert der.content == bytes(row.certificate.der)
    assert x509.load_pem_x509_certificate(pem.content).serial_number == int(answer["serial"], 16)
    # The answer is the sending: nobody is mailed for what a program asked.
    assert not Notice.objects.filter(subject__contains=row.reference).exists()


@pytest.mark.clause("L8.1")
def test_a_request_issued_within_two_seconds_is_answered_at_once(machine, monkeypatch, run_jobs):
    from smki_pma import jobs

    monkeypatch.setattr(jobs, "await_end", lambda job_id, seconds: run_jobs())
    sent = machine.send(device().make())
    assert (sent.status_code, sent.json()["state"]) == (201, ISSUED)
    assert sent.json()["certificate"].startswith("-----BEGIN CERTIFICATE-----")


@pytest.mark.clause("L8.1")
def test_whoever_does_not_want_to_wait_does_not(machine, monkeypatch):
    from smki_pma import jobs

    monkeypatch.setattr(jobs, "await_end", lambda *waited: pytest.fail("it waited"))
    assert machine.send(device().make(), prefer="respond-async").status_code == 202


@pytest.mark.clause("L3.4", "L8.8")
def test_a_faulty_request_is_refused_with_every_fault_and_kept(machine):
    wrong = device().but(version=b"\x02\x01\x01", signature=b"\x30\x06\x02\x01\x01\x02\x01\x01").make()
    body = problem(machine.send(wrong), 422, "request.faulty")
    assert {fault["code"] for fault in body["faults"]} >= {"csr.version", "csr.signature.bad"}
    row = CertificateRequest.objects.get(uid=body["request"])
    assert (row.state, row.received_at) == (REFUSED, None)
    assert body["field"] == row.faults[0]["field"]
    problem(machine.get(f"{REQUESTS}/{row.uid}/certificate"), 422, "request.faulty")


def test_the_same_key_gives_the_same_answer_once(machine):
    csr = device().make()
    first = machine.send(csr, idempotency_key="order 17")
    again = machine.send(csr, idempotency_key="order 17")
    # The wrapping of the request is not the request.
    pem = x509.load_der_x509_csr(csr).public_bytes(Encoding.PEM)
    in_pem = machine.post(REQUESTS, {"policy": "device", "csr": pem.decode()}, idempotency_key="order 17")
    assert first.json()["id"] == again.json()["id"] == in_pem.json()["id"]
    assert CertificateRequest.objects.count() == Job.objects.filter(kind="certificates.issue").count() == 1

    problem(machine.send(device().make(), idempotency_key="order 17"), 422, "message.key_reused")
    problem(machine.send(csr, policy="organisation", idempotency_key="order 17"), 422, "message.key_reused")
    assert CertificateRequest.objects.count() == 1
    assert machine.send(csr, idempotency_key="order 18").status_code == 422  # its public key is used


@pytest.mark.clause("L4.1")
def test_what_is_another_partys_does_not_exist(machine, them, settings, client, monkeypatch):
    mine = machine.send(device().make(), idempotency_key="1")
    other = party("Dark Energy")
    complete_tests(other)
    officer = person_in("party-officer", "Olive Other", for_party=other)
    them.authorise(other, officer, Policy.DEVICE)
    by = actor(officer, Role.PARTY_OFFICER)
    credential = issued_credential(them, party_id=other.pk, by=by)
    stranger = Machine(client, front_extras(settings, credential))

    for address in (mine["Location"], f"{mine['Location']}/certificate"):
        problem(stranger.get(address), 404, "message.not_found")
    # A key is each Party's own.
    theirs = stranger.send(device().make(), idempotency_key="1")
    assert theirs.status_code == 202
    assert theirs.json()["id"] != mine.json()["id"]


@pytest.mark.clause("L3.4")
def test_an_organisation_request_waits_for_its_check(machine):
    sent = machine.send(organisation().make(), policy="organisation")
    assert (sent.status_code, sent.json()["state"]) == (202, "awaiting_check")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[]", ""),
        (b'{"policy": "device"}', "csr"),
        (b'{"policy": "other", "csr": "x"}', "policy"),
        (b'{"policy": "device", "csr": 1}', "csr"),
        (b'{"policy": "device", "csr": "x", "more": 1}', "more"),
        (b"\xff\xfe", ""),
    ],
)
def test_a_malformed_message_is_told_what_is_wrong(machine, body, field):
    answer = problem(machine.post(REQUESTS, body), 400, "message.malformed")
    assert answer.get("field", "") == field
    assert not CertificateRequest.objects.exists()


def test_an_address_that_is_not_there_is_told_like_every_refusal(client):
    for address in ("/api/v1/", "/api/v1/nothing", "/api/test/v1/nothing"):
        problem(client.get(address), 404, "message.not_found")
        problem(client.post(address), 404, "message.not_found")


def test_limits_of_size_and_number(machine, settings, clock):
    problem(machine.post(REQUESTS, b"x" * 70_000), 413, "message.too_large")
    settings.SMKI_INTERFACE_READS_PER_10_SECONDS = 2
    address = f"{REQUESTS}/{uuid4()}"
    for _ in range(2):
        problem(machine.get(address), 404, "message.not_found")
    refused = machine.get(address)
    problem(refused, 429, "interface.limit")
    assert 1 <= int(refused["Retry-After"]) <= 11
    # Another kind of message, and the next stretch, are not touched.
    assert machine.send(device().make()).status_code == 202
    from datetime import timedelta

    clock.advance(timedelta(seconds=10))
    problem(machine.get(address), 404, "message.not_found")


def test_wrong_methods_and_addresses(machine):
    refused = machine.client.delete(REQUESTS, **machine.extras)
    problem(refused, 405, "message.method")
    assert "POST" in refused["Allow"]
    problem(machine.get(f"{REQUESTS}/no-uuid"), 400, "message.malformed")


@pytest.mark.clause("L4.5", "L4.1")
def test_nobody_comes_in_without_a_credential_of_the_environment(them, client, settings, machine):
    nobody = Machine(client, front_extras(settings, None))
    problem(nobody.send(device().make()), 401, "credential.missing")
    problem(machine.send(device().make(), address=TEST_REQUESTS), 403, "credential.wrong_environment")
    assert not CertificateRequest.objects.exists()


def test_a_fault_of_ours_is_told_without_its_words(machine, monkeypatch):
    from certification.service_interface.machine import single

    def fail(**request):
        raise RuntimeError("the secret of the day")

    monkeypatch.setattr(single, "hand_in", fail)
    answer = machine.send(device().make())
    problem(answer, 500, "interface.fault")
    assert b"secret" not in answer.content
