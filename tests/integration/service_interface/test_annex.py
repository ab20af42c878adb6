"""The technical annex says what runs; where it is not what DCC recorded for the document in force, DCC is told."""

import json
import re

import pytest
from django.urls import reverse

from certification.service_interface import annexes
from certification.service_interface.differences import compute_differences
from certification.service_interface.machine import annex, api, description
from certification.service_interface.management.commands.write_interface import FILES, folder
from certification.service_interface.models import RecordedAnnex
from certification.service_interface.refusals import REASONS
from repository.documents.selectors import document_called
from repository.documents.services import lodge_document
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.files import store
from smki_pma.files.kinds import FileKind
from smki_pma.files.receiving import ReceivedFile
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.models import EntryText
from smki_pma.parties.roles import Role
from tests.samples.community import party, person_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", FILES)
def test_the_descriptions_in_docs_are_those_of_what_runs(name):
    kept = (folder() / name).read_text()
    assert kept == description.text_of(FILES[name]), "run: manage.py write_interface"
    assert json.loads(kept)["openapi"].startswith("3.1")


def test_every_code_that_the_interface_answers_is_documented():
    documented = {code for codes in description.CODES.values() for code in codes} | set(
        description._EVERYWHERE
    )
    # Made by the TLS front, or by EST alone, which answers in text.
    elsewhere = {"interface.away", "request.no_predecessor"}
    assert documented | elsewhere == set(REASONS)
    for operation in api.LIVE.urls[0]:
        assert operation.name in {*description.CODES, "show_description", "api-root"}


def test_the_annex_is_made_of_the_tables_that_run(rf):
    content = annex.annex()
    assert set(content["codes"]["interface"]) == set(REASONS)
    assert re.fullmatch(r"[\x00-\uffff]*", annex.text_of(content))
    assert content["limits"]["batch_requests"] == 50_000
    assert "new" not in {*content["states"]["request"], *content["states"]["batch"]}
    device, organisation = content["profiles"]
    assert (device["lifetime"]["years"], organisation["lifetime"]["years"]) == (None, 10)
    assert device["environments"]["test"] == {
        "policy": "1.2.826.0.1.8641679.1.2.1.4",
        "hw_type": "1.2.826.0.1.8641679.1.2.2.1",
        "sample": False,
    }
    assert set(organisation["environments"]["live"]) == {"policy", "sample"}


def test_differences_are_named_by_their_place():
    stated = {"a": 1, "codes": [{"code": "x", "title": "old"}, {"code": "y", "title": "z"}], "gone": {}}
    running = {"a": 1, "codes": [{"code": "y", "title": "z"}, {"code": "x", "title": "new"}, {"code": "w"}]}
    found = {each.place: (each.stated, each.running) for each in compute_differences(stated, running)}
    assert found == {
        "codes.w": ("absent", "1 entries"),
        "codes.x.title": ("old", "new"),
        "gone": ("0 entries", "absent"),
    }


def lodge(community, content=b"the specification"):
    stored = store.put(content)
    return lodge_document(
        kind="chosen_by_dcc",
        title="SMKI Interface Design Specification",
        document_id=document_called("chosen_by_dcc", "SMKI Interface Design Specification"),
        file=ReceivedFile(sha256=stored.sha256, size=stored.size, kind=FileKind.PDF, text=""),
        dated_on=clock.today(),
        purpose="services",
        by=community.actor("dcc_document_owner"),
    )


@pytest.fixture
def version(community):
    return lodge(community)


def running():
    return annex.text_of(annex.annex()).encode()


@pytest.mark.clause("L4.1", "L4.4")
def test_a_difference_is_a_duty_of_dcc_until_it_is_settled(community, version):
    by = community.actor("dcc_ca_operator")
    stated = json.loads(running())
    stated["limits"]["batch_requests"] = 40_000
    annexes.record_annex(version_id=version.pk, content=json.dumps(stated).encode(), by=by)

    for _ in range(2):
        annexes.compare_annex(by=Actor.clock())
    duty = Duty.objects.open().get(kind=annexes.DIFFERS)
    assert (duty.role, duty.clause) == (Role.DCC_CA_OPERATOR, "L4.1")
    page = community.client("dcc_ca_operator").get(reverse("service_interface:compare_annex"))
    assert b"limits.batch_requests" in page.content
    assert b"40000" in page.content
    assert EntryText.objects.filter(event="annex.differs").count() == 1

    annexes.record_annex(version_id=version.pk, content=running(), by=by)
    annexes.compare_annex(by=Actor.clock())
    assert not Duty.objects.open().filter(kind=annexes.DIFFERS).exists()


def test_without_a_document_in_force_the_page_says_so_and_asks_nothing(community):
    client, address = community.client("dcc_ca_operator"), reverse("service_interface:compare_annex")
    assert annexes.documents() == []
    for answer, status in ((client.get(address), 200), (client.post(address, {"version": "x"}), 422)):
        page = answer.content.decode()
        assert answer.status_code == status
        assert "holds no version in force" in page
        assert "Record annex</button>" not in page
        assert 'name="version"' not in page
    version = lodge(community)
    page = client.get(address).content.decode()
    assert "holds no version in force" not in page
    assert f'value="{version.pk}"' in page


@pytest.mark.clause("L4.1")
def test_an_annex_of_a_superseded_document_is_an_alarm(community, version):
    annexes.record_annex(version_id=version.pk, content=running(), by=community.actor("dcc_ca_operator"))
    assert not annexes.compare().is_alarm
    lodge(community, b"the specification, modified")
    assert annexes.compare().is_alarm


def test_only_dcc_records_and_only_an_annex(community, version):
    by = community.actor("dcc_ca_operator")
    for content in (b"", b"[]", b"\xff", b"{}", b"[" * 100_000):
        with pytest.raises(RuleViolation):
            annexes.record_annex(version_id=version.pk, content=content, by=by)
    with pytest.raises(RuleViolation):
        annexes.record_annex(version_id=by.person_id, content=running(), by=by)
    with pytest.raises(NotEntitled):
        annexes.record_annex(version_id=version.pk, content=running(), by=community.actor("pma_chair"))
    assert not RecordedAnnex.objects.exists()


def test_the_annex_is_for_everybody(client):
    for name, arguments in (
        ("show_annex", []),
        ("download_annex", []),
        ("download_description", ["live"]),
        ("download_description", ["test"]),
    ):
        answer = client.get(reverse(f"service_interface:{name}", args=arguments))
        assert answer.status_code == 200
    assert b"request.faulty" in client.get(reverse("service_interface:show_annex")).content


def test_an_officer_of_a_party_finds_the_annex(client):
    officer = person_in("party-officer", "Peter Party", for_party=party("Bright Energy"))
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    pages = [client.get(reverse(f"service_interface:{name}")) for name in ("list_credentials", "show_annex")]
    assert all(reverse("service_interface:list_credentials") in page.content.decode() for page in pages)
    assert all(reverse("service_interface:show_annex") in page.content.decode() for page in pages)
    client.logout()
    page = client.get(reverse("service_interface:show_annex")).content.decode()
    assert f'href="{reverse("service_interface:list_credentials")}"' not in page
