"""Credentials from the request to the end: asked for, issued by the worker, revoked, ended, replaced."""

import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.db import DatabaseError, transaction

from certification.service_interface import certificates, tasks
from certification.service_interface.authority import establish_authority
from certification.service_interface.credentials import (
    RENEW,
    ask_for_credential,
    issue_credential,
    lapse_credential,
    revoke_credential,
)
from certification.service_interface.entry_testing import grant_test_access
from certification.service_interface.models import Credential, InterfaceAuthority
from certification.subscribers.models import ResponsibleOfficer
from certification.subscribers.register import end_officer
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from smki_pma.notices.models import Delivery
from smki_pma.parties.roles import Role
from tests.clock import SetClock
from tests.samples.certification import Certification
from tests.samples.community import actor, party, person_in
from tests.samples.interface import client_csr, client_key, issued_credential

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BASE = "/certification/interface/"


def events(credential: Credential) -> list[str]:
    rows = EntryText.objects.filter(subject_id=str(credential.pk)).order_by("number")
    return [row.event for row in rows]


def ask(parties: Certification, **other: Any) -> Credential:
    arguments = {
        "party_id": parties.subscriber.pk,
        "environment": "live",
        "name": "Head-end",
        "csr": client_csr(),
        "by": parties.by(),
    }
    return ask_for_credential(**(arguments | other))


@pytest.mark.clause("L4.5")
def test_the_worker_issues_what_the_officer_asked_for(
    parties: Certification, run_jobs: Callable[[], int], tmp_path: Path
) -> None:
    key = client_key()
    credential = ask(parties, csr=client_csr(key))
    assert (credential.state, credential.certificate) == ("being_issued", None)
    run_jobs()
    credential.refresh_from_db()
    made = x509.load_der_x509_certificate(bytes(credential.certificate or b""))
    assert made.public_key() == key.public_key()
    [organisation] = made.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_NAME)
    assert organisation.value == str(parties.subscriber)
    assert str(parties.officer) not in made.subject.rfc4514_string()
    use = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(use) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert made.not_valid_after_utc == credential.expires_at
    assert f"{made.serial_number:X}" == credential.serial
    assert events(credential) == ["credential.asked", "credential.issued"]
    _verify_with_openssl(credential, tmp_path)


def _verify_with_openssl(credential: Credential, folder: Path) -> None:
    assert credential.issuer
    ca, leaf = folder / "ca.pem", folder / "leaf.pem"
    ca.write_text(certificates.pem(bytes(credential.issuer.certificate)))
    leaf.write_text(certificates.pem(bytes(credential.certificate or b"")))
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", str(ca), str(leaf)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.clause("L4.5")
def test_one_authority_signs_them_all_and_the_database_keeps_it(parties: Certification) -> None:
    first, second = issued_credential(parties), issued_credential(parties)
    assert first.issuer == second.issuer == establish_authority(by=Actor.clock())
    with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
        InterfaceAuthority.objects.all().delete()


def weak_requests() -> list[tuple[bytes, str]]:
    good = client_csr()
    return [
        (b"", "There is nothing here"),
        (b"hello", "request"),
        (good[:-40], "END CERTIFICATE REQUEST"),
        (client_csr(rsa.generate_private_key(65537, 2048)), "P-256"),
        (client_csr(ec.generate_private_key(ec.SECP384R1())), "P-256"),
        (_with_a_broken_signature(good), "signature"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "private key"),
    ]


def _with_a_broken_signature(pem: bytes) -> bytes:
    der = bytearray(x509.load_pem_x509_csr(pem).public_bytes(certificates.Encoding.DER))
    der[-1] ^= 1
    return bytes(der)


@pytest.mark.clause("L4.5")
def test_a_request_that_proves_no_good_key_is_refused_in_words(parties: Certification) -> None:
    for csr, words in weak_requests():
        with pytest.raises(RuleViolation, match=words) as refused:
            ask(parties, csr=csr)
        assert refused.value.field == "csr"
    assert not Credential.objects.exists()


@pytest.mark.clause("L4.5")
def test_a_key_serves_one_credential(parties: Certification) -> None:
    key = client_key()
    issued_credential(parties, key=key)
    with pytest.raises(RuleViolation, match="Make a new key"):
        ask(parties, csr=client_csr(key))


@pytest.mark.clause("L4.1(a)")
def test_who_may_not_ask(parties: Certification) -> None:
    colleague = person_in("party-officer", "Conny Colleague", for_party=parties.subscriber)
    with pytest.raises(RuleViolation, match="responsible officer"):
        ask(parties, by=parties.by(colleague))
    stranger = person_in("party-officer", "Stan Stranger", for_party=party("Other Energy"))
    with pytest.raises(NotEntitled) as refused:
        ask(parties, by=parties.by(stranger))
    assert refused.value.hidden
    with pytest.raises(NotEntitled):
        ask(parties, by=parties.by_registrar)
    assert not Credential.objects.exists()


@pytest.mark.clause("L4.5")
def test_revoked_by_an_officer_of_the_party_or_of_dcc_and_by_nobody_else(parties: Certification) -> None:
    own, by_dcc = issued_credential(parties), issued_credential(parties)
    colleague = person_in("party-officer", "Conny Colleague", for_party=parties.subscriber)
    stranger = person_in("party-officer", "Stan Stranger", for_party=party("Other Energy"))
    for nobody in (parties.by(stranger), parties.by(parties.operator, Role.DCC_CA_OPERATOR), Actor.clock()):
        with pytest.raises(NotEntitled):
            revoke_credential(credential_id=own.pk, reason="No.", by=nobody)
    revoke_credential(credential_id=own.pk, reason="Copied.", by=parties.by(colleague))
    revoke_credential(credential_id=by_dcc.pk, reason="Compromise.", by=parties.by_registrar)
    assert events(own)[-1] == events(by_dcc)[-1] == "credential.revoked"
    with pytest.raises(RuleViolation, match="revoked"):
        revoke_credential(credential_id=own.pk, reason="Again.", by=parties.by())
    told = Delivery.objects.filter(
        notice__subject="The credential Head-end is revoked", person=parties.officer
    )
    assert told.count() == 2


@pytest.mark.clause("L4.5")
def test_nothing_brings_a_credential_back_and_nothing_changes_what_was_issued(parties: Certification) -> None:
    standing, over = issued_credential(parties), issued_credential(parties)
    revoke_credential(credential_id=over.pk, reason="", by=parties.by())
    for pk, change in (
        (over.pk, {"state": "active", "ended_at": None}),
        (standing.pk, {"sha256": "0" * 64}),
        (standing.pk, {"holder_id": parties.registrar.pk}),
        (standing.pk, {"environment": "test"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
            Credential.objects.filter(pk=pk).update(**change)


@pytest.mark.clause("L4.1(a)")
def test_the_schedule_writes_down_what_the_interface_refuses_already(parties: Certification) -> None:
    credential = issued_credential(parties)
    tasks.end_credentials()
    credential.refresh_from_db()
    assert credential.is_active
    end_officer(officer_id=ResponsibleOfficer.objects.get(person=parties.officer).pk, by=parties.by())
    tasks.end_credentials()
    credential.refresh_from_db()
    assert (credential.state, events(credential)[-1]) == ("ended", "credential.ended")
    assert "no responsible officer" in credential.ended_reason
    lapse_credential(credential_id=credential.pk, by=Actor.clock())
    assert events(credential).count("credential.ended") == 1


@pytest.mark.clause("L4.5")
def test_before_it_expires_the_party_is_asked_once_to_replace_it(
    parties: Certification, clock: SetClock
) -> None:
    credential = issued_credential(parties)
    assert credential.expires_at
    tasks.ask_for_renewals()
    assert not Duty.objects.filter(kind=RENEW).exists()
    clock.set(credential.expires_at - timedelta(days=29))
    tasks.ask_for_renewals()
    tasks.ask_for_renewals()
    duty = Duty.objects.get(kind=RENEW)
    assert (duty.due_at, duty.party, duty.role) == (
        credential.expires_at,
        parties.subscriber,
        Role.PARTY_OFFICER,
    )
    successor = ask(parties, replaces_id=credential.pk)
    issue_credential(credential_id=successor.pk, by=Actor.clock())
    assert not Duty.objects.open().filter(kind=RENEW).exists()
    clock.set(credential.expires_at)
    tasks.end_credentials()
    credential.refresh_from_db()
    assert (credential.state, credential.ended_reason) == ("ended", "It has expired.")


@pytest.mark.clause("L4.5")
def test_a_worker_without_keys_issues_nothing_and_says_so(
    parties: Certification, run_jobs: Callable[[], int], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SMKI_PROCESS = "web"
    monkeypatch.setattr("smki_pma.jobs.queue.BACKOFF", [timedelta()])
    credential = ask(parties)
    run_jobs()
    credential.refresh_from_db()
    assert credential.state == "failed"
    assert Delivery.objects.filter(notice__subject="The credential Head-end was not issued").exists()


@pytest.fixture
def officer(parties: Certification, client: Any) -> Any:
    client.force_login(parties.officer, backend=BACKEND)
    return client


def fields_of(page: Any) -> dict[str, Any]:
    return {"submission_key": str(page.context["form"]["submission_key"].value())}


@pytest.mark.clause("L4.5")
def test_on_the_pages_from_asking_to_the_download(
    parties: Certification, officer: Any, run_jobs: Callable[[], int]
) -> None:
    address = f"{BASE}credentials/ask/{parties.subscriber.pk}/"
    page = officer.get(address)
    fields = fields_of(page) | {"environment": "live", "name": "Head-end", "text": client_csr().decode()}
    wrong = officer.post(address, fields | {"text": "nonsense"})
    assert wrong.status_code == 422
    sent = officer.post(address, fields)
    assert officer.post(address, fields)["Location"] == sent["Location"]
    assert Credential.objects.count() == 1
    assert "being issued" in officer.get(sent["Location"]).content.decode()
    run_jobs()
    shown = officer.get(sent["Location"]).content.decode()
    assert "curl --cert" in shown
    downloaded = officer.get(f"{sent['Location']}certificate.pem").content
    assert len(x509.load_pem_x509_certificates(downloaded)) == 2
    revoked = officer.post(f"{sent['Location']}revoke/", {"reason": "Test over"}, follow=True)
    assert "It opens nothing any more" in revoked.content.decode()


@pytest.mark.clause("L4.1(b)")
def test_a_party_in_entry_testing_asks_for_the_test_interface_on_the_pages(
    parties: Certification, client: Any
) -> None:
    tester = party("Novice Networks")
    person = person_in("party-officer", "Nora Novice", for_party=tester)
    client.force_login(person, backend=BACKEND)
    assert "Ask for a credential" not in client.get(BASE).content.decode()
    grant_test_access(party_id=tester.pk, purpose="Entry testing", by=parties.by_registrar)
    assert "Ask for a credential" in client.get(BASE).content.decode()
    address = f"{BASE}credentials/ask/{tester.pk}/"
    fields = fields_of(client.get(address)) | {"name": "Test rig", "text": client_csr().decode()}
    assert client.post(address, fields | {"environment": "live"}).status_code == 422
    assert client.post(address, fields | {"environment": "test"}).status_code == 302
    assert Credential.objects.get().holding_id == actor(person, Role.PARTY_OFFICER).holding_id


@pytest.mark.clause("L4.5")
def test_another_partys_credential_does_not_exist(parties: Certification, client: Any) -> None:
    credential = issued_credential(parties)
    client.force_login(
        person_in("party-officer", "Stan Stranger", for_party=party("Other Energy")), backend=BACKEND
    )
    for page in ("", "certificate.pem", "revoke/"):
        assert client.get(f"{BASE}credentials/{credential.pk}/{page}").status_code == 404
    assert "Head-end" not in client.get(f"{BASE}?all").content.decode()


@pytest.mark.clause("L4.5")
@pytest.mark.parametrize("page", ["credentials/ask/{party}/", "test-access/grant/"])
def test_where_a_second_factor_is_on_it_must_be_fresh(
    parties: Certification, client: Any, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr("smki_pma.parties.authentication.needs_second_factor", lambda request: True)
    person = parties.registrar if "test-access" in page else parties.officer
    client.force_login(person, backend=BACKEND)
    for answer in (
        client.get(BASE + page.format(party=parties.subscriber.pk)),
        client.post(BASE + page.format(party=parties.subscriber.pk), {"name": "x"}),
    ):
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]
    assert not Credential.objects.exists()
