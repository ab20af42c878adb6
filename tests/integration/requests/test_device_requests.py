"""A Device Certificate, from the request to the Certificate."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography import x509

from certification.authorities.models import Intent
from certification.requests import services
from certification.requests.models import CertificateRequest, Outcome
from certification.requests.states import BEING_ISSUED, ISSUED, REFUSED
from certification.subscribers.register import end_officer, nominate_officer
from certification.subscribers.rules import Ground, Policy
from certification.subscribers.services import withdraw_subscriber
from repository.certificates.models import Certificate
from smki_pma.clauses import NotEntitled
from smki_pma.jobs.models import Job
from smki_pma.ledger.models import Entry, EntryText
from smki_pma.parties.roles import Role
from tests.samples.community import actor, party, person_in
from tests.samples.signing_requests import device, new_key

pytestmark = pytest.mark.django_db


@pytest.mark.clause("L3.4", "L8.1")
def test_a_sound_request_is_issued(them, run_jobs):
    request = them.submit(device().make())
    assert request.state == BEING_ISSUED

    run_jobs()

    request.refresh_from_db()
    assert request.state == ISSUED
    assert request.outcome == Outcome.CERTIFICATE
    certificate = x509.load_der_x509_certificate(bytes(request.certificate.der))
    assert f"{certificate.serial_number:032X}" == request.certificate.serial
    assert request.certificate.eui64 == "90B3D51F30010000"


@pytest.mark.clause("L8.1", "L8.3")
def test_receipt_deadline_and_sending_are_stored(them, run_jobs, clock):
    clock.set(datetime(2026, 10, 25, 0, 59, 50, tzinfo=UTC))
    request = them.submit(device().make())
    received, deadline = request.received_at, request.deadline_at
    clock.advance(timedelta(seconds=12))

    run_jobs()

    request.refresh_from_db()
    assert deadline - received == timedelta(seconds=30)
    assert timedelta(seconds=12) <= request.sent_at - received < timedelta(seconds=30)


def events():
    rows = EntryText.objects.filter(event__regex=r"^(request|certificate)\.").order_by("number")
    return list(rows.values_list("event", flat=True))


def test_one_entry_for_receipt_and_one_each_for_lodging_and_sending(them, run_jobs):
    before = len(events())
    them.submit(device().make())
    assert events()[before:] == ["request.received"]

    run_jobs()

    assert events()[before:] == ["request.received", "certificate.lodged", "request.issued"]


@pytest.mark.clause("L3.5")
def test_the_form_sent_twice_makes_one_request(them, run_jobs):
    key, csr = uuid4(), device().make()
    first = them.submit(csr, submission_key=key)
    second = them.submit(csr, submission_key=key)
    run_jobs()

    assert first.pk == second.pk
    assert CertificateRequest.objects.count() == 1
    assert Certificate.objects.filter(kind="device").count() == 1


@pytest.mark.clause("L3.5")
def test_a_public_key_is_certified_once(them, run_jobs):
    csr = device().make()
    them.submit(csr)

    again = them.submit(csr)
    run_jobs()

    assert again.state == REFUSED
    assert again.faults[0]["code"] == "csr.key.used"
    assert Certificate.objects.filter(kind="device").count() == 1


def test_a_refused_key_may_be_used_in_a_request_that_is_right(them):
    key = new_key()
    wrong = them.submit(device(usage=bytes.fromhex("03020204")).but(key=key).make())
    right = them.submit(device().but(key=key).make())

    assert (wrong.state, right.state) == (REFUSED, BEING_ISSUED)


@pytest.mark.clause("L8.8")
def test_a_refused_request_is_kept_and_counts(them):
    request = them.submit(b"-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n")

    assert request.state == REFUSED
    assert request.received_at is None
    assert (request.sent_at, request.outcome) == (request.submitted_at, Outcome.ERROR)
    assert EntryText.objects.order_by("-number").first().event == "request.refused"
    assert not Job.objects.filter(kind="certificates.issue").exists()


@pytest.mark.clause("L3.4")
def test_a_device_of_any_range_may_be_asked_for(them):
    outside = them.submit(device(eui64=bytes.fromhex("0011223344556677")).make())

    assert outside.state == BEING_ISSUED


@pytest.mark.clause("L3.4")
def test_a_device_holds_no_more_than_the_limit_in_force(them, monkeypatch):
    def three(key, *, at=None):
        return {"requests.most_certificates_per_device": 3}.get(key, 30)

    monkeypatch.setattr(services, "figure", three)
    states = [them.submit(device().make()).state for _ in range(4)]

    assert states == [BEING_ISSUED] * 3 + [REFUSED]


@pytest.mark.clause("L3.4")
def test_nobody_but_a_responsible_officer_hands_in(them):
    colleague = person_in("party-officer", "Nora Newcomer", for_party=them.subscriber)
    stranger = person_in("party-officer", "Stan Stranger", for_party=party("Other Energy"))
    before = Entry.objects.count()

    for person in (colleague, stranger):
        with pytest.raises(NotEntitled):
            them.submit(device().make(), by=actor(person, Role.PARTY_OFFICER))

    assert not CertificateRequest.objects.exists()
    assert Entry.objects.count() == before


@pytest.mark.clause("L3.4")
def test_a_nomination_that_ended_ends_the_right(them):
    second = person_in("party-officer", "Sally Second", for_party=them.subscriber)
    nominate_officer(party_id=them.subscriber.pk, person_id=second.pk, by=them.by())
    officer = them.subscriber.responsible_officers.get(person=them.officer)
    end_officer(officer_id=officer.pk, by=them.by_registrar)

    for person in (them.officer, second):
        with pytest.raises(NotEntitled):
            them.submit(device().make(), by=actor(person, Role.PARTY_OFFICER))


@pytest.mark.clause("L3.4")
def test_a_withdrawn_subscriber_is_not_served(them):
    subscriber = them.subscriber.authorisations.get(policy=Policy.DEVICE)
    withdraw_subscriber(subscriber_id=subscriber.pk, ground=Ground.PARTY_REQUEST, by=them.by())

    with pytest.raises(NotEntitled):
        them.submit(device().make())


@pytest.mark.clause("L3.5")
def test_the_web_process_cannot_issue(them, settings):
    request = them.submit(device().make())
    settings.SMKI_PROCESS = "web"

    from certification.authorities.keys import KeyUnavailable
    from certification.requests.issuance import issue_certificate
    from smki_pma.ledger.actors import Actor

    with pytest.raises(KeyUnavailable):
        issue_certificate(request_uid=request.uid, by=Actor.clock())
    assert Intent.objects.filter(reference=f"request:{request.uid}").count() == 1
    assert not Certificate.objects.filter(kind="device").exists()
