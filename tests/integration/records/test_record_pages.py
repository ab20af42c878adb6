"""Who may see and download a document."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from smki_pma.files import store
from smki_pma.ledger import readers
from smki_pma.ledger.models import AccessLog
from smki_pma.parties.models import Person
from smki_pma.records import readers as record_readers
from smki_pma.records.models import Record
from tests.community import Community
from tests.integration.records.conftest import decide

pytestmark = pytest.mark.django_db


def address(name: str, record: Record) -> str:
    return reverse(f"records:{name}", args=[record.pk])


@pytest.fixture
def person(community: Community) -> Person:
    """Somebody with an office that opens none of these documents."""
    return community.person("party_officer")


def test_everybody_reads_a_public_document(made: Record, client: Client) -> None:
    page = client.get(address("show_record", made)).content.decode()
    assert made.sha256 in page
    answer = client.get(address("download_record", made))
    assert b"".join(answer.streaming_content) == store.read_verified(made.sha256)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="decision-20263-device-cps.pdf"'
    assert not AccessLog.objects.exists()


def test_the_certificates_are_published(made: Record, client: Client) -> None:
    assert client.get(reverse("records:show_certificates")).content.startswith(b"-----BEGIN CERTIFICATE-----")


def test_a_document_for_some_is_for_them_alone(
    run_jobs: Callable[[], int], client: Client, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = decide(audience="pma")
    run_jobs()
    monkeypatch.setattr(readers, "_sources", [])
    for name in ("show_record", "download_record"):
        assert client.get(address(name, record)).status_code == 302
    client.force_login(person)
    for name in ("show_record", "download_record"):
        assert client.get(address(name, record)).status_code == 404
    monkeypatch.setattr(readers, "_sources", [lambda user: ({"pma"}, set())])
    for name in ("show_record", "download_record"):
        assert client.get(address(name, record)).status_code == 200
    read = AccessLog.objects.get(subject_id=str(record.pk))
    assert (read.person_id, read.what) == (person.pk, "Signed document")


def test_a_rule_of_its_kind_decides_alone(
    run_jobs: Callable[[], int], client: Client, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = decide(audience="cps")
    run_jobs()
    client.force_login(person)
    monkeypatch.setattr(record_readers, "_rules", {"sample": lambda user, record: user == person})
    assert client.get(address("show_record", record)).status_code == 200


def test_a_document_on_its_way_says_so(client: Client) -> None:
    record = decide()
    assert "is being made" in client.get(address("show_record", record)).content.decode()
    assert client.get(address("download_record", record)).status_code == 404


def test_an_unknown_document_is_not_found_or_asks_to_sign_in(client: Client, person: Person) -> None:
    unknown = reverse("records:show_record", args=["00000000-0000-4000-8000-000000000000"])
    assert client.get(unknown).status_code == 302
    client.force_login(person)
    assert client.get(unknown).status_code == 404
