"""Who lodges, what stays, and what is recorded."""

from datetime import date, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.db import IntegrityError, transaction

from repository.documents import manifest_keys, services, signing, tasks
from repository.documents.models import Document, SecretariatLodging, Version
from smki_pma.calendar import working_days
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.files.receiving import receive
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import Entry, EntryText
from smki_pma.parties.roles import Role
from tests.samples import office_files
from tests.samples.community import actor

pytestmark = pytest.mark.django_db

PMA = Actor(
    person_id=None, name="SMKI PMA", role="pma", resolution_id="0b6ef1d8-0000-4000-8000-000000000001",
    resolution_ref="PMA-2026-11/01",
)  # fmt: skip


@pytest.mark.clause("L5.3", "L5.1")
def test_lodging_records_one_entry_and_supersedes(lodge):
    first = lodge("device_cp", "One.")
    before = Entry.objects.count()
    second = lodge("device_cp", "Two.")
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "current")
    assert (first.number, second.number) == (1, 2)
    assert Entry.objects.count() == before + 1
    assert EntryText.objects.filter(event="document.lodged", clause="L5.3(a)").count() == 2


@pytest.mark.clause("L5.3", "L5.10")
def test_the_code_administrator_lodges_for_the_pma(lodge):
    version = lodge("compliance_policy", role=Role.CODE_ADMINISTRATOR)
    assert (version.capacity, version.purpose) == ("pma", "pma_functions")


@pytest.mark.clause("L5.4")
@pytest.mark.parametrize(
    "role", [role for role in Role if role not in ("dcc_document_owner", "code_administrator")]
)
def test_nobody_else_lodges(lodge, role):
    with pytest.raises(NotEntitled) as refused:
        lodge(role=role)
    assert refused.value.clause.id == "L5.4"
    assert not Version.objects.exists()


@pytest.mark.clause("L5.4")
@pytest.mark.parametrize("by", [Actor.owner("root"), Actor.clock(), PMA])
def test_no_command_schedule_or_bare_resolution_lodges(lodge, by):
    with pytest.raises(NotEntitled):
        lodge(by=by)


@pytest.mark.clause("L5.3")
def test_the_secretariat_lodges_where_a_resolution_says_so(lodge):
    services.let_secretariat_lodge(subject_id=None, parameters={}, by=PMA)
    version = lodge("compliance_policy", role=Role.SECRETARIAT)
    assert (version.capacity, version.resolution_ref) == ("pma", "PMA-2026-11/01")
    services.end_secretariat_lodging(subject_id=None, parameters={}, by=PMA)
    with pytest.raises(NotEntitled):
        lodge("compliance_policy", "Other.", role=Role.SECRETARIAT)


@pytest.mark.clause("L5.3")
def test_only_a_resolution_lets_the_secretariat_lodge(people):
    by = actor(people["secretariat"], Role.SECRETARIAT)
    with pytest.raises(NotEntitled):
        services.let_secretariat_lodge(subject_id=None, parameters={}, by=by)
    assert not SecretariatLodging.objects.exists()


@pytest.mark.clause("L5.1")
def test_the_same_file_is_no_new_version(lodge, people):
    file = receive(office_files.odt("Same."))
    by = actor(people["dcc_document_owner"], Role.DCC_DOCUMENT_OWNER)
    arguments = {
        "kind": "device_cp",
        "file": file,
        "dated_on": date(2026, 11, 1),
        "purpose": "services",
        "by": by,
    }
    services.lodge_document(**arguments)
    with pytest.raises(RuleViolation, match="current version already"):
        services.lodge_document(**arguments)


@pytest.mark.clause("L5.1")
def test_an_other_document_keeps_its_versions_together(lodge):
    first = lodge("chosen_by_dcc", "One.", title="Service guide")
    with pytest.raises(RuleViolation, match="lodged already"):
        lodge("chosen_by_dcc", "Two.", title="service guide")
    second = lodge("chosen_by_dcc", "Two.", document_id=first.document_id)
    assert second.number == 2


@pytest.mark.clause("L5.7", "L5.8")
@pytest.mark.parametrize(("modified", "clause"), [(False, "L5.7"), (True, "L5.8")])
def test_the_duty_to_lodge_is_opened_and_discharged_by_lodging(lodge, modified, clause):
    for kind in ("device_cp", "organisation_cp", "compliance_policy"):
        services.require_lodging(
            kind=kind, modified=modified, happened_on=date(2026, 11, 2), by=Actor.owner("root")
        )
    assert set(Duty.objects.open().values_list("clause", "role")) == {(clause, "code_administrator")}
    lodge("device_cp")
    assert Duty.objects.open().count() == 3, "DCC's lodging is not the PMA's"
    lodge("device_cp", "By the PMA.", role=Role.CODE_ADMINISTRATOR)
    assert Duty.objects.open().count() == 2


@pytest.mark.clause("L5.7")
def test_the_pma_owes_three_documents_only(people):
    with pytest.raises(RuleViolation):
        services.require_lodging(
            kind="rapp", modified=False, happened_on=date(2026, 11, 2), by=Actor.owner("root")
        )


@pytest.mark.clause("L5.7", "L5.8")
@pytest.mark.parametrize("role", ["secretariat", "code_administrator"])
def test_a_page_opens_the_duty_with_its_deadline(client, people, role):
    """Promptly runs from the day of the modification, which is not ahead."""
    client.force_login(people[role], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "/repository/documents/to-lodge/" in client.get("/repository/documents/lodged/").content.decode()
    page = client.get("/repository/documents/to-lodge/")
    sent = {
        "submission_key": page.context["form"]["submission_key"].value(),
        "kind": "organisation_cp",
        "event": "modified",
        "happened_on_0": "2", "happened_on_1": "11", "happened_on_2": "2099",
    }  # fmt: skip
    ahead = client.post("/repository/documents/to-lodge/", sent)
    assert (ahead.status_code, "not in the future" in ahead.content.decode()) == (422, True)
    sent["happened_on_2"] = "2026"
    for _ in range(2):
        assert client.post("/repository/documents/to-lodge/", sent).status_code == 302
    duty = Duty.objects.open().get()
    assert (duty.clause, duty.role) == ("L5.8", "code_administrator")
    assert duty.due_at == working_days.end_of_day(date(2026, 11, 9)), "five Working Days"
    assert EntryText.objects.filter(event="document.lodging_required").count() == 1


@pytest.mark.clause("L5.7")
@pytest.mark.parametrize("role", ["pma_chair", "dcc_document_owner", "party_officer"])
def test_nobody_else_opens_the_duty(people, role):
    by = actor(people[role], Role(role))
    with pytest.raises(NotEntitled):
        services.require_lodging(kind="device_cp", modified=True, happened_on=date(2026, 11, 2), by=by)


@pytest.mark.clause("L5.1")
def test_one_version_is_current_in_the_database(lodge):
    lodge("device_cp", "One.")
    second = lodge("device_cp", "Two.")
    with pytest.raises(IntegrityError), transaction.atomic(), writing_for_tests():
        Version.objects.exclude(pk=second.pk).update(state="current")


@pytest.mark.clause("L5.3")
@pytest.mark.parametrize(
    "change", [{"sha256": "0" * 64}, {"number": 7}, {"lodged_by": "Somebody"}, {"capacity": "pma"}]
)
def test_a_lodged_version_does_not_change(lodge, change):
    lodge()
    with pytest.raises(Exception, match=r".+"), transaction.atomic(), writing_for_tests():
        Version.objects.update(**change)
    assert not Version.objects.filter(**change).exists()


def test_a_lodged_version_is_not_deleted(lodge):
    version = lodge()
    with pytest.raises(Exception, match=r".+"), transaction.atomic(), writing_for_tests():
        Version.objects.filter(pk=version.pk).delete()
    assert Version.objects.count() == 1


def published_key():
    return load_pem_public_key(manifest_keys.public_pem())


def test_the_manifest_is_signed_by_the_worker_once(lodge, run_jobs):
    version = lodge()
    run_jobs()
    version.refresh_from_db()
    signature = bytes(version.manifest_signature)
    published_key().verify(signature, version.manifest.encode())
    assert version.sha256 in version.manifest
    with pytest.raises(InvalidSignature):
        published_key().verify(signature, f"{version.manifest} ".encode())


def test_of_two_workers_that_make_the_first_key_the_first_one_counts(settings, tmp_path, monkeypatch):
    settings.SMKI_MANIFEST_KEY_DIR = tmp_path / "new"
    made = []

    class Slow:
        @staticmethod
        def generate():
            monkeypatch.undo()
            made.append(manifest_keys.private_key().public_key())
            return Ed25519PrivateKey.generate()

    monkeypatch.setattr(manifest_keys, "Ed25519PrivateKey", Slow)
    key = manifest_keys.private_key().public_key()
    assert [key] == made
    assert published_key() == key


def test_the_public_key_is_that_of_the_key_that_signs(manifest_key, settings):
    published = settings.SMKI_MANIFEST_KEY_DIR / "manifest.pub"
    for change in (published.unlink, lambda: published.write_bytes(b"another")):
        change()
        assert manifest_keys.private_key().public_key() == published_key()
    assert published.stat().st_mode & 0o777 == 0o644


def test_the_manifest_key_is_a_file_that_only_the_passphrase_opens(manifest_key, settings):
    file = settings.SMKI_MANIFEST_KEY_DIR / "manifest.key"
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(TypeError, match="encrypted"):
        load_pem_private_key(file.read_bytes(), password=None)


@pytest.mark.clause("L5.2")
def test_a_manifest_that_cannot_be_signed_calls_an_operator_and_is_tried_again(
    lodge, run_jobs, clock, monkeypatch
):
    version = lodge()
    with monkeypatch.context() as patch:
        patch.setattr(signing, "private_key", lambda: 1 / 0)
        for _ in range(8):
            run_jobs()
            clock.advance(timedelta(hours=1))
        tasks.sign_again()
        run_jobs()
    [duty] = Duty.objects.open().filter(kind=signing.UNSIGNED)
    assert (duty.role, duty.subject_id) == (Role.DCC_CA_OPERATOR, str(version.pk))
    assert EntryText.objects.filter(event="document.manifest_not_signed").count() == 1

    assert tasks.sign_again() == {"asked": 1}
    run_jobs()
    version.refresh_from_db()
    published_key().verify(bytes(version.manifest_signature), version.manifest.encode())
    assert not Duty.objects.open().filter(kind=signing.UNSIGNED).exists()
    assert tasks.sign_again() == {"asked": 0}


def test_the_five_documents_stand_from_the_start(db):
    assert Document.objects.count() == 5
