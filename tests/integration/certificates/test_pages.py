"""Searching, reading and fetching Certificates, each read logged."""

import hashlib

import pytest
from django.urls import reverse

from certification.authorities.encoding import Name
from certification.authorities.profiles import CertificateKind as Profile
from certification.authorities.profiles import KeyUsage
from repository.certificates.models import Certificate
from repository.certificates.services import lodge_certificate, set_certificate_status
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.models import AccessLog
from tests.samples.authority_keys import Hierarchy
from tests.samples.community import everybody

pytestmark = pytest.mark.django_db
OWNER = Actor.owner("the test")
LIST = "/repository/certificates/"
OTHER = bytes.fromhex("90B3D51F30020000")


def lodge(hierarchy, kind, **changes):
    der = hierarchy.certificate(kind, **changes)
    return lodge_certificate(der=der, kind=kind.value, environment="test", by=OWNER)


@pytest.fixture
def stored(db):
    hierarchy = Hierarchy()
    rows = {kind.value: lodge(hierarchy, kind) for kind in Profile}
    rows["other"] = lodge(hierarchy, Profile.DEVICE, eui64=OTHER, usage=KeyUsage.KA)
    rows["network"] = lodge(hierarchy, Profile.ORGANISATION, subject=Name("Network", 3, OTHER))
    return rows


@pytest.fixture
def people(db):
    return everybody()


@pytest.fixture
def reads(client, people):
    def run(role="party_officer", purpose="Checking our devices"):
        client.force_login(people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
        page = client.get("/repository/documents/purpose/")
        key = page.context["form"].fields["key"].choices[0][0]
        client.post("/repository/documents/purpose/", {"key": key, "purpose": purpose})
        return client

    return run


def found(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    return {certificate.pk for certificate, _ in response.context["rows"]}


@pytest.mark.clause("L6.4")
def test_search_by_each_column(stored, reads):
    client = reads()
    pk = {name: row.pk for name, row in stored.items()}
    device = stored["device"]

    assert found(client) == set(pk.values())
    for text in ("90-B3-D5-1F-30-02-00-00", "90b3d51f30020000", "90:B3:D5:1F:30:02"):
        assert found(client, eui64=text) == {pk["other"], pk["network"]}
    for text in (device.serial, device.serial_decimal, device.serial_shown.lower()):
        assert found(client, serial=text) == {pk["device"]}
    assert found(client, role=3) == {pk["network"]}
    assert found(client, usage="KA") == {pk["other"]}
    assert found(client, kind="organisation") == {pk["organisation"], pk["network"]}
    assert found(client, kind="device", eui64="90B3D51F3001") == {pk["device"]}
    set_certificate_status(certificate_id=pk["network"], status="R", by=OWNER)
    assert found(client, status="R") == {pk["network"]}
    assert pk["network"] not in found(client, status="I")
    assert found(client, issuer=device.issuer) >= {pk["device"], pk["other"]}
    assert found(client, issuer=device.issuer).isdisjoint({pk["organisation"]})


@pytest.mark.clause("L6.4")
def test_an_expired_certificate_is_found_as_expired(stored, reads, clock):
    from datetime import UTC, datetime

    clock.set(datetime(2040, 1, 1, tzinfo=UTC))

    assert found(reads(), status="E", kind="organisation") == {
        stored["organisation"].pk,
        stored["network"].pk,
    }
    assert found(reads(), status="I", kind="device") == {stored["device"].pk, stored["other"].pk}


@pytest.mark.parametrize(
    "query", [{"eui64": "nonsense"}, {"serial": "xyz"}, {"role": "two"}, {"status": "Q"}]
)
def test_a_search_that_cannot_be_read_is_explained(stored, reads, query):
    response = reads().get(LIST, query)

    assert response.status_code == 422
    assert b"There is a problem" in response.content


@pytest.mark.clause("L5.6", "L5.11")
def test_the_purpose_is_asked_first_and_every_read_is_logged(stored, client, people, reads):
    client.force_login(people["party_officer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    asked = client.get(LIST)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/repository/documents/purpose/")
    before = AccessLog.objects.count()

    client = reads()
    pk = stored["device"].pk
    client.get(LIST)
    client.get(reverse("certificates:show_certificate", args=[pk]))
    client.get(reverse("certificates:download_certificate", args=[pk, "der"]))

    rows = list(AccessLog.objects.order_by("number"))[before:]
    assert [row.subject_id for row in rows][1:] == [str(pk), str(pk)]
    assert len(rows) == 3
    assert all(row.purpose.startswith("Checking our devices") for row in rows)
    assert all(row.person_id == people["party_officer"].pk for row in rows)


@pytest.mark.clause("L5.5", "L5.6", "L7.1")
@pytest.mark.parametrize(
    "role", ["secretariat", "auditor", "assurance_provider", "smki_specialist", "party_untested"]
)
def test_nobody_else_reads_by_any_address(stored, client, people, role):
    client.raise_request_exception = False
    client.force_login(people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    pk = stored["device"].pk
    before = AccessLog.objects.count()

    for address in (
        LIST,
        f"{LIST}?eui64=90B3D51F30010000",
        reverse("certificates:show_certificate", args=[pk]),
        reverse("certificates:download_certificate", args=[pk, "pem"]),
        reverse("certificates:list_revocation_lists"),
        reverse("certificates:download_revocation_list", args=[1]),
    ):
        response = client.get(address)
        assert response.status_code == 403, address
        assert b"90-B3-D5" not in response.content
    assert AccessLog.objects.count() == before


def test_the_downloads_are_the_signed_bytes(stored, reads):
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    client, certificate = reads(), stored["device"]
    der = client.get(reverse("certificates:download_certificate", args=[certificate.pk, "der"]))
    pem = client.get(reverse("certificates:download_certificate", args=[certificate.pk, "pem"]))

    assert hashlib.sha256(der.content).hexdigest() == certificate.sha256
    assert x509.load_pem_x509_certificate(pem.content).public_bytes(Encoding.DER) == der.content
    assert der["Content-Disposition"] == f'attachment; filename="certificate-{certificate.serial}.der"'
    assert (
        client.get(reverse("certificates:download_certificate", args=[certificate.pk, "exe"])).status_code
        == 404
    )


def test_pages_go_back_without_a_count(stored, reads, monkeypatch):
    from repository.certificates import views

    monkeypatch.setattr(views, "PAGE", 3)
    client = reads()
    seen, before = [], None
    for _ in range(3):
        response = client.get(LIST, {"before": before} if before else {})
        seen += [certificate.pk for certificate, _ in response.context["rows"]]
        before = response.context["page"].older

    assert seen == sorted((row.pk for row in stored.values()), reverse=True)
    assert before is None


def test_the_list_asks_the_database_no_more_for_more_rows(stored, reads):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = reads()

    def queries(**query):
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST, query)
        assert not any(
            "COUNT(" in query["sql"].upper() for query in captured if "certificates_" in query["sql"]
        )
        assert not any('"der"' in query["sql"] for query in captured if "SELECT" in query["sql"])
        return len(captured)

    assert queries(kind="device", role=2) <= queries()
    few = queries()
    hierarchy = Hierarchy()
    for _ in range(10):
        lodge(hierarchy, Profile.DEVICE)
    assert Certificate.objects.count() == 18
    assert queries() == few
