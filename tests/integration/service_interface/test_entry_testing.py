"""A Party in entry testing, from its test credential to test Certificates; and where that ends. L4.1(b)"""

import base64
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from django.core.cache import caches
from django.test import Client

from certification.authorities.environments import TEST
from certification.batches import states as batch_states
from certification.batches.models import Batch
from certification.batches.services import hand_in_batch
from certification.requests.models import CertificateRequest
from certification.requests.services import accept_request, hand_in
from certification.requests.states import ISSUED
from certification.service_interface.entry_testing import end_test_access, grant_test_access
from certification.service_interface.models import TestAccess
from certification.subscribers.models import AuthorisedSubscriber
from certification.subscribers.register import assign_range
from certification.subscribers.rules import Policy
from repository.certificates.models import Certificate
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from tests.samples.certification import Certification, make_authorities
from tests.samples.community import actor, party, person_in
from tests.samples.interface import front_extras, issued_credential
from tests.samples.signing_requests import EUI64, device, organisation
from tests.samples.zips import zip_of

pytestmark = pytest.mark.django_db
REQUESTS, BATCHES = "/api/test/v1/requests", "/api/test/v1/batches"


@dataclass
class Novice:
    """A Party in entry testing: no Authorised Subscriber, no verified officer, its program behind the TLS front."""

    party: Party
    by: Actor
    access: TestAccess
    client: Client
    extras: dict[str, Any]

    def get(self, address: str) -> Any:
        return self.client.get(address, **self.extras)

    def send(self, address: str, content: bytes, content_type: str) -> Any:
        return self.client.post(address, content, content_type=content_type, **self.extras)

    def ask(self, csr: bytes, *, policy: str = "device", address: str = REQUESTS) -> Any:
        message = {"policy": policy, "csr": base64.b64encode(csr).decode()}
        return self.send(address, json.dumps(message).encode(), "application/json")


@pytest.fixture
def tester(them: Certification, client: Client, settings: Any) -> Novice:
    caches["limits"].clear()
    make_authorities(them.operator, them.second_operator, environment="test")
    novice = party("Novice Networks")
    by = actor(person_in("party-officer", "Nora Novice", for_party=novice), Role.PARTY_OFFICER)
    access = grant_test_access(party_id=novice.pk, purpose="Entry testing", by=them.by_registrar)
    credential = issued_credential(them, environment="test", party_id=novice.pk, by=by)
    return Novice(novice, by, access, client, front_extras(settings, credential))


def csr_of(number: int = 0) -> bytes:
    eui64 = (int.from_bytes(EUI64, "big") + number).to_bytes(8, "big")
    return device(eui64=eui64, hw_type=TEST.hw_type).make()


@pytest.mark.clause("L4.1(b)")
def test_one_request_comes_back_as_a_test_certificate(tester: Novice, run_jobs: Any) -> None:
    sent = tester.ask(csr_of())
    assert sent.status_code == 202, sent.content
    run_jobs()

    answer = tester.get(sent["Location"]).json()
    assert (answer["state"], answer["environment"]) == (ISSUED, "test")
    row = Certificate.objects.get(serial=answer["serial"])
    assert (row.environment, row.kind) == ("test", "device")
    issuing = Certificate.objects.get(environment="test", kind="issuing_dca")
    x509.load_der_x509_certificate(bytes(row.der)).verify_directly_issued_by(
        x509.load_der_x509_certificate(bytes(issuing.der))
    )
    assert not AuthorisedSubscriber.objects.filter(party=tester.party).exists()


@pytest.mark.clause("L4.1(b)")
def test_a_batch_comes_back_as_test_certificates(tester: Novice, run_jobs: Any) -> None:
    content = zip_of({f"{number}.csr": csr_of(number) for number in range(3)})
    sent = tester.send(BATCHES, content, "application/zip")
    assert sent.status_code == 202, sent.content
    run_jobs()

    answer = tester.get(sent["Location"]).json()
    assert (answer["state"], answer["issued"]) == (batch_states.COMPLETED, 3)
    result = b"".join(tester.get(f"{sent['Location']}/result").streaming_content)
    names = [name for name in zipfile.ZipFile(io.BytesIO(result)).namelist() if name.endswith(".crt")]
    assert len(names) == 3
    assert Certificate.objects.filter(kind="device", environment="test").count() == 3
    assert not Certificate.objects.filter(kind="device", environment="live").exists()


@pytest.mark.clause("L4.1(b)", "L3.4")
def test_an_organisation_request_passes_its_check_while_the_access_lasts(
    tester: Novice, them: Certification, run_jobs: Any
) -> None:
    eui64 = bytes.fromhex("90B3D51F30090000")
    span = "90-B3-D5-1F-30-09-00-00"
    assign_range(party_id=tester.party.pk, first=span, last=span, role_codes=[2], by=them.by_registrar)
    for _ in range(2):
        assert tester.ask(organisation(eui64=eui64).make(), policy="organisation").status_code == 202
    first, second = CertificateRequest.objects.order_by("pk")
    accept_request(request_uid=first.uid, by=them.by_registrar)
    run_jobs()
    first.refresh_from_db()
    assert first.certificate is not None
    assert first.certificate.environment == "test"

    end_test_access(access_id=tester.access.pk, reason="Tests done.", by=them.by_registrar)
    with pytest.raises(RuleViolation, match="is not, or is no longer, an Authorised Subscriber"):
        accept_request(request_uid=second.uid, by=them.by_registrar)


@pytest.mark.clause("L4.1(a)", "L4.1(b)")
def test_it_gets_nothing_in_the_live_environment_by_any_way(tester: Novice) -> None:
    refused = tester.ask(csr_of(), address="/api/v1/requests")
    assert (refused.status_code, refused.json()["code"]) == (403, "credential.wrong_environment")
    content = zip_of({f"{number}.csr": csr_of(number) for number in range(2)})
    refused = tester.send("/api/v1/batches", content, "application/zip")
    assert (refused.status_code, refused.json()["code"]) == (403, "credential.wrong_environment")
    _gets_nothing(tester, environment="live")


@pytest.mark.clause("L4.1(b)")
def test_it_gets_nothing_once_its_access_has_ended(tester: Novice, them: Certification) -> None:
    end_test_access(access_id=tester.access.pk, reason="Tests done.", by=them.by_registrar)
    refused = tester.ask(csr_of())
    assert (refused.status_code, refused.json()["code"]) == (403, "party.no_test_access")
    _gets_nothing(tester, environment="test")


def _gets_nothing(tester: Novice, *, environment: str) -> None:
    """Also by the services themselves, whichever page or program calls them."""
    common = {"party_id": tester.party.pk, "by": tester.by, "environment": environment}
    for policy in Policy:
        with pytest.raises(NotEntitled):
            hand_in(policy=policy, csr=csr_of(), submission_key=uuid4(), **common)
    content = zip_of({f"{number}.csr": csr_of(number) for number in range(2)})
    with pytest.raises(NotEntitled):
        hand_in_batch(content=content, file_name="a.zip", submission_key=uuid4(), **common)
    assert not CertificateRequest.objects.exists()
    assert not Batch.objects.exists()
