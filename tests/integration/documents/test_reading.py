"""Who reads, for what purpose, and what is on record of it."""

import hashlib
import subprocess

import pytest

from repository.documents import access, services
from repository.documents.models import Delivery, Version
from repository.documents.selectors import visible_to
from smki_pma.clauses import NotEntitled
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.models import AccessLog, EntryText
from smki_pma.notices.models import Notice
from smki_pma.parties.roles import Role
from tests.samples import apologies
from tests.samples.community import SINCE, actor

pytestmark = pytest.mark.django_db

READERS = {
    "pma_chair": "L5.5(c)",
    "pma_member": "L5.5(c)",
    "panel_officer": "L5.5(b)",
    "code_administrator": "L5.5(b)",
    "party_officer": "L5.5(a)",
}
OTHERS = [
    "alternate", "smki_specialist", "secretariat", "assurance_provider", "auditor", "nobody", "party_untested",
    "dcc_document_owner", "dcc_ra_officer", "dcc_ca_operator",
]  # fmt: skip
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.clause("L5.5")
@pytest.mark.parametrize(("role", "ground"), READERS.items())
def test_who_reads(people, role, ground):
    assert access.reader(people[role]).ground == ground


@pytest.mark.clause("L5.6", "L7.1")
@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_reads_by_any_route(client, people, lodge, role):
    version = lodge()
    with pytest.raises(NotEntitled) as refused:
        access.reader(people[role])
    waits = role in ("party_untested", "dcc_document_owner", "dcc_ra_officer", "dcc_ca_operator")
    assert refused.value.clause.id == ("L7.1(b)" if waits else "L5.6")
    assert not visible_to(people[role]).exists()
    client.force_login(people[role], backend=BACKEND)
    for path in (
        "",
        "purpose/",
        *(f"versions/{version.pk}/{end}" for end in ("", "file", "manifest.json", "manifest.sig")),
    ):
        if role == "nobody":  # the session ends with the last office
            client.force_login(people[role], backend=BACKEND)
        assert client.get(f"/repository/documents/{path}").status_code == 403, path
    if role != "nobody":
        own_role = "party_officer" if role == "party_untested" else role
        by = actor(people[role], Role(own_role))
        with pytest.raises(NotEntitled):
            services.read_version(version_id=version.pk, purpose="Trying", by=by)
        with pytest.raises(NotEntitled):
            access.log_read(subject=version, purpose="Trying", by=by)


@pytest.mark.clause("L5.5", "L5.6", "L1.12")
@pytest.mark.parametrize(
    ("member", "alternate"), [("pma_member", "alternate"), ("pma_chair", "smki_specialist")]
)
def test_an_alternate_reads_for_the_pma_while_acting(client, people, lodge, member, alternate):
    version, meeting = lodge(), apologies.meeting()
    apologies.send(meeting, people[member])
    assert access.reader(people[alternate]).ground == "L5.5(c)"
    by = actor(people[alternate], Role(alternate))
    services.read_version(version_id=version.pk, purpose="Reading for the meeting", by=by)
    client.force_login(people[alternate], backend=BACKEND)
    assert client.get("/repository/documents/purpose/").status_code == 200
    apologies.close(meeting)
    assert client.get("/repository/documents/purpose/").status_code == 403
    with pytest.raises(NotEntitled) as refused:
        services.read_version(version_id=version.pk, purpose="Reading on", by=by)
    assert refused.value.clause.id == "L5.6"


@pytest.mark.clause("L5.6")
def test_the_public_is_asked_to_sign_in(client, lodge):
    version = lodge()
    for path in ("", "purpose/", "lodge/", "lodged/", f"versions/{version.pk}/file"):
        response = client.get(f"/repository/documents/{path}")
        assert response.status_code == 302
        assert "/accounts/login/" in response["Location"]


@pytest.mark.clause("L5.6")
@pytest.mark.parametrize("by", [Actor.owner("root"), Actor.clock()])
def test_no_command_and_no_schedule_reads(lodge, by):
    with pytest.raises(NotEntitled):
        services.read_version(version_id=lodge().pk, purpose="Backup", by=by)


@pytest.mark.clause("L7.1")
def test_a_repository_pass_is_its_own(people):
    """Completed tests for subscribing open nothing here."""
    from smki_pma.ledger.gate import writing_for_tests
    from smki_pma.parties.models import Party

    with writing_for_tests():
        Party.objects.filter(organisation__name="New Energy").update(
            device_tests_confirmed_at=SINCE, organisation_tests_confirmed_at=SINCE
        )
    assert access.accesses_of(people["party_untested"]) == []


@pytest.mark.clause("L5.11")
@pytest.mark.parametrize(
    ("role", "must_say"), [("party_officer", True), ("pma_chair", True), ("panel_officer", False)]
)
def test_the_first_access_of_a_day_asks_for_a_purpose(client, people, lodge, role, must_say):
    lodge()
    client.force_login(people[role], backend=BACKEND)
    response = client.get("/repository/documents/?kind=rapp")
    assert response.status_code == 302
    assert response["Location"].startswith(
        "/repository/documents/purpose/?next=%2Frepository%2Fdocuments%2F%3Fkind"
    )
    key = access.accesses_of(people[role])[0].key
    response = client.post(
        "/repository/documents/purpose/",
        {"key": key, "purpose": "", "next": "/repository/documents/?kind=rapp"},
    )
    assert response.status_code == (422 if must_say else 302)


@pytest.mark.clause("L5.11")
def test_the_purpose_is_asked_again_the_next_day(reads, lodge, clock):
    from datetime import timedelta

    lodge()
    client = reads("party_officer")
    assert client.get("/repository/documents/").status_code == 200
    clock.advance(timedelta(days=1))
    assert client.get("/repository/documents/").status_code == 302


def test_a_purpose_does_not_lead_off_the_site(client, people):
    client.force_login(people["pma_chair"], backend=BACKEND)
    answer = client.post(
        "/repository/documents/purpose/",
        {"key": "pma", "purpose": "Reading", "next": "https://evil.example/"},
    )
    assert answer["Location"] == "/repository/documents/"


@pytest.mark.clause("L5.6", "L8.4")
def test_every_read_is_on_record(reads, people, lodge, run_jobs):
    version = lodge()
    run_jobs()
    client = reads("party_officer", "Checking our Certificates")
    page = f"/repository/documents/versions/{version.pk}/"
    for path in ("/repository/documents/", page, f"{page}manifest.json", f"{page}manifest.sig"):
        assert client.get(path).status_code == 200, path
    response = client.get(f"{page}file")
    assert hashlib.sha256(b"".join(response)).hexdigest() == version.sha256
    rows = AccessLog.objects.filter(subject_id=str(version.pk)).order_by("number")
    assert [(row.what, row.purpose) for row in rows] == [
        ("Repository", "Checking our Certificates (list of 1 version)"),
        ("Repository document", "Checking our Certificates"),
        ("Repository", "Checking our Certificates (manifest)"),
        ("Repository", "Checking our Certificates (signature)"),
        ("Repository document, copy", "Checking our Certificates"),
    ]
    assert {(row.person_id, row.for_name) for row in rows} == {(people["party_officer"].pk, "Bright Energy")}
    delivery = Delivery.objects.get()
    assert delivery.requested_at <= delivery.sent_at


@pytest.mark.clause("L5.5")
@pytest.mark.parametrize(
    ("key", "for_whom"), [("administrator-panel", "the Panel"), ("administrator-pma", "the SMKI PMA")]
)
def test_the_code_administrator_says_for_whom(reads, lodge, key, for_whom):
    version = lodge()
    reads("code_administrator", key=key).get(f"/repository/documents/versions/{version.pk}/")
    assert AccessLog.objects.get(subject_id=str(version.pk)).for_name == for_whom


@pytest.mark.clause("L5.5")
def test_a_right_that_has_ended_opens_nothing(reads, people, lodge):
    from smki_pma.ledger.gate import writing_for_tests
    from smki_pma.parties.models import Party

    lodge()
    client = reads("party_officer")
    with writing_for_tests():
        Party.objects.filter(organisation__name="Bright Energy").update(repository_tests_confirmed_at=None)
    assert client.get("/repository/documents/").status_code == 403


def test_a_download_is_safe_to_hold(reads, lodge):
    version = lodge("chosen_by_dcc", title='Odd "name"; filename=../../x.html')
    response = reads("panel_officer").get(f"/repository/documents/versions/{version.pk}/file")
    assert response["Content-Disposition"] == 'attachment; filename="odd-name-filenamexhtml-version-1.docx"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.clause("L5.2")
def test_a_damaged_file_is_reported_and_never_served(reads, lodge, own_files):
    version = lodge()
    path = own_files / version.sha256[:2] / version.sha256
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"x")
    client = reads("party_officer")
    for _ in range(2):
        response = client.get(f"/repository/documents/versions/{version.pk}/file")
        assert response.status_code == 500
        assert "reported to DCC" in response.content.decode()
    assert not Delivery.objects.exists()
    assert Duty.objects.open().get(kind="documents.repair_file").role == "dcc_ca_operator"
    assert Notice.objects.count() == 1
    assert EntryText.objects.filter(event="document.found_damaged").count() == 1
    from repository.documents.damage import check_files

    assert check_files() == {"damaged": 1}
    path.write_bytes(whole)
    assert check_files() == {"damaged": 0}
    assert not Duty.objects.open().filter(kind="documents.repair_file").exists()


@pytest.mark.parametrize(
    "query",
    ["", "?words=policy", "?kind=device_cp", "?kind=zzz&page=99", "?sort=-lodged&all_versions=on", "?sort=x"],
)
def test_the_list_filters_and_sorts(reads, lodge, query):
    lodge("device_cp", "One.")
    lodge("device_cp", "Two.")
    assert reads("pma_chair").get(f"/repository/documents/{query}").status_code == 200


def test_the_list_shows_superseded_versions_on_request(reads, lodge):
    lodge("device_cp", "One.")
    lodge("device_cp", "Two.")
    client = reads("pma_chair")
    assert len(client.get("/repository/documents/").context["page"].object_list) == 1
    assert len(client.get("/repository/documents/?all_versions=on").context["page"].object_list) == 2
    assert len(client.get("/repository/documents/?words=nothing").context["page"].object_list) == 0


def test_the_list_asks_the_same_queries_whatever_its_length(reads, lodge, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    lodge("device_cp", "One.")
    client = reads("pma_chair")
    client.get("/repository/documents/")
    with CaptureQueriesContext(connection) as few:
        client.get("/repository/documents/")
    for number in range(6):
        lodge("chosen_by_dcc", title=f"Guide {number}")
    with django_assert_num_queries(len(few)):
        client.get("/repository/documents/")


def test_anybody_checks_a_manifest_with_openssl(reads, lodge, run_jobs, tmp_path):
    version = lodge()
    run_jobs()
    client = reads("party_officer")
    for name, path in {
        "key": "manifest-key.pem",
        "manifest": f"versions/{version.pk}/manifest.json",
        "signature": f"versions/{version.pk}/manifest.sig",
    }.items():
        (tmp_path / name).write_bytes(b"".join(client.get(f"/repository/documents/{path}")))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key", "-rawin", "-in", "manifest"]
    command += ["-sigfile", "signature"]
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "manifest").write_bytes((tmp_path / "manifest").read_bytes().replace(b'"size"', b'"Size"'))
    assert subprocess.run(command, cwd=tmp_path, check=False).returncode != 0


@pytest.mark.clause("L5.3", "L5.4")
def test_the_lodging_page(client, people):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.samples import office_files

    client.force_login(people["code_administrator"], backend=BACKEND)
    page = client.get("/repository/documents/lodge/")
    data = {
        "submission_key": page.context["form"]["submission_key"].value(),
        "kind": "compliance_policy",
        "dated_on_0": "1", "dated_on_1": "11", "dated_on_2": "2026",
        "purpose": "pma_functions",
    }  # fmt: skip
    bad = client.post(
        "/repository/documents/lodge/", {**data, "file": SimpleUploadedFile("a.pdf", b"no pdf")}
    )
    assert bad.status_code == 422
    assert "text/plain" in bad.content.decode()
    for _ in range(2):
        good = SimpleUploadedFile("a.pdf", office_files.pdf("Policy."))
        response = client.post("/repository/documents/lodge/", {**data, "file": good})
        assert response.status_code == 302, response.context["form"].errors
    assert Version.objects.count() == 1, "sent twice, lodged once"
    assert "SMKI Compliance Policy" in client.get("/repository/documents/lodged/").content.decode()
    client.force_login(people["secretariat"], backend=BACKEND)
    assert client.get("/repository/documents/lodge/").status_code == 403
    client.force_login(people["auditor"], backend=BACKEND)
    assert client.get("/repository/documents/lodged/").status_code == 403
