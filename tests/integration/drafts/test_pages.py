"""The pages of the CPS room: what people send, and what they are told when it is wrong."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from repository.drafts.models import Amendment, CpsVersion, Draft
from repository.drafts.services import require_review
from smki_pma.governance.meetings.motions import motion_kind
from smki_pma.ledger.models import Entry
from tests.samples import office_files
from tests.samples.cps import FIRST, pma

pytestmark = pytest.mark.django_db
PLACES = {"where_policies": "1", "where_procedures": "2", "where_other": "3"}


def upload(content, name="draft.odt"):
    return SimpleUploadedFile(name, content)


def key_in(page):
    return page.context["form"]["submission_key"].value()


def submission(client, content, **changes):
    key = key_in(client.get("/cps/submit/device/"))
    return {"submission_key": key, "file": upload(content), **PLACES, **changes}


BAD_FILES = {
    "nothing": (None, "Choose a file"),
    "empty": (b"", "empty"),
    "text": (b"words", "must be a PDF"),
    "picture": (b"GIF89a" + b"\1\0" * 50, "image/gif"),
    "locked PDF": (office_files.encrypted_pdf(), "password"),
    "broken PDF": (office_files.pdf("x")[:400], "broken PDF"),
    "locked ODT": (office_files.odt("x", encrypted=True), "password"),
    "macros": (office_files.docx_with_macros(), "macros"),
    "bomb": (office_files.zip_bomb(), "unpack"),
}


@pytest.mark.clause("L9.9")
@pytest.mark.parametrize("bad", BAD_FILES)
def test_a_bad_file_is_refused_with_its_reason(sign_in, people, bad):
    content, reason = BAD_FILES[bad]
    client = sign_in("dcc_document_owner")
    data = submission(client, content or b"", **({"file": ""} if content is None else {}))
    entries = Entry.objects.count()
    response = client.post("/cps/submit/device/", data)
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not Draft.objects.exists()
    assert Entry.objects.count() == entries


def test_a_huge_file_is_refused(sign_in, people, monkeypatch):
    monkeypatch.setattr("repository.drafts.views.acting.figure", lambda key: 1)
    client = sign_in("dcc_document_owner")
    big = office_files.odt("x") + b"\0" * (1024 * 1024)
    response = client.post("/cps/submit/device/", submission(client, big))
    assert response.status_code == 422
    assert "larger than 1 MB" in response.content.decode()


def test_sent_twice_it_is_one_draft(sign_in, people):
    client = sign_in("dcc_document_owner")
    data = submission(client, office_files.odt(*FIRST))
    first = client.post("/cps/submit/device/", {**data, "file": upload(office_files.odt(*FIRST))})
    second = client.post("/cps/submit/device/", {**data, "file": upload(office_files.odt(*FIRST))})
    assert first["Location"] == second["Location"] == f"/cps/drafts/{Draft.objects.get().pk}/"


@pytest.mark.clause("L9.8")
def test_a_submission_without_the_checklist_is_shown_again(sign_in, people):
    client = sign_in("dcc_document_owner")
    response = client.post(
        "/cps/submit/organisation/", submission(client, office_files.odt("x"), where_other="")
    )
    assert response.status_code == 422
    assert "where_other" in response.context["form"].errors


AMENDED = ("Keys are held for twelve years.", *FIRST[1:])
PAGES = (
    "",
    "text/",
    "compare/?before=1&after=2",
    "compare/?before=x&after=99",
    "amendments/",
    "votes/",
    "timeline/",
    "access/",
)


def page_of(draft, end=""):
    return f"/cps/drafts/{draft.pk}/{end}"


@pytest.mark.clause("L9.9")
def test_a_member_proposes_and_the_motion_offers_it(sign_in, people, story):
    draft = story.submit()
    client = sign_in("pma_member")
    sent = {"submission_key": key_in(client.get(page_of(draft, "amendments/propose/")))}
    sent |= {"place": "Section 1", "text": "Twelve years."}
    assert client.post(page_of(draft, "amendments/propose/"), sent).status_code == 302
    amendment = Amendment.objects.get()
    assert "Twelve years." in client.get(page_of(draft, "amendments/")).content.decode()

    kind, option = motion_kind("cps.approve_draft"), "approve_subject_to_amendments"
    assert [id for id, _ in kind.subjects()] == [draft.pk]
    form = kind.form_class({"amendments": [str(amendment.pk)]}, subject_id=draft.pk, option=option)
    assert form.is_valid(), form.errors
    said = kind.proposition(draft.pk, option, form.cleaned_data)
    assert "Twelve" not in str(form.cleaned_data) + said.question + said.public_question
    assert said.document.sha256 == draft.revisions.get().sha256
    story.direct(draft, amendment)
    assert kind.proposition(draft.pk, "approve", {}).blockers


@pytest.mark.clause("L9.9")
def test_dcc_answers_and_the_secretariat_checks(sign_in, people, story):
    draft = story.submit()
    amendment = story.propose(draft)
    story.direct(draft, amendment)

    client = sign_in("dcc_document_owner")
    answer = {"submission_key": key_in(client.get(page_of(draft, "answer/")))}
    answer["file"] = upload(office_files.odt(*AMENDED))
    assert client.post(page_of(draft, "answer/"), answer).status_code == 422, "where it is made is missing"
    answer |= {f"made_{amendment.pk.hex}": "Page 1", "file": upload(office_files.odt(*AMENDED))}
    assert client.post(page_of(draft, "answer/"), answer).status_code == 302
    answer["file"] = upload(office_files.odt(*AMENDED))
    again = client.post(page_of(draft, "answer/"), answer)
    assert (again.status_code, again["Location"]) == (302, page_of(draft)), "sent twice"
    assert draft.revisions.count() == 2

    client = sign_in("secretariat")
    page = client.get(page_of(draft, "check/"))
    text = page.content.decode()
    assert all(mark in text for mark in ("<del>", "<ins>", "twelve"))
    assert 'style="' not in text
    check = {
        "submission_key": key_in(page),
        "revision_number": "2",
        "outcome": "confirm",
        "facts": ["each_made"],
    }
    assert client.post(page_of(draft, "check/"), check).status_code == 422
    check["facts"] = ["each_made", "nothing_else"]
    assert client.post(page_of(draft, "check/"), check).status_code == 302
    again = client.post(page_of(draft, "check/"), check)
    assert (again.status_code, again["Location"]) == (302, page_of(draft)), "sent twice"
    for key in (str(uuid4()), "no key"):
        second_tab = client.post(page_of(draft, "check/"), check | {"submission_key": key})
        assert second_tab.status_code == 409, "finds the step closed"
    assert CpsVersion.objects.get().revision.number == 2
    for end in PAGES:
        assert client.get(page_of(draft, end)).status_code == 200, end
    assert "Version 1" in client.get("/cps/").content.decode()


def test_a_proposal_sent_twice_is_one_also_when_the_vote_came_between(sign_in, people, story):
    draft = story.submit()
    client = sign_in("pma_member")
    sent = {"submission_key": key_in(client.get(page_of(draft, "amendments/propose/")))}
    sent |= {"place": "Section 1", "text": "Twelve years."}
    first = client.post(page_of(draft, "amendments/propose/"), sent)
    story.direct(draft, Amendment.objects.get())
    second = client.post(page_of(draft, "amendments/propose/"), sent)
    assert first["Location"] == second["Location"] == page_of(draft, "amendments/")
    assert Amendment.objects.count() == 1


@pytest.mark.clause("L9.9", "L9.11")
def test_no_second_initial_draft_through_the_page(sign_in, people, story):
    story.in_force()
    client = sign_in("dcc_document_owner")
    late = client.post("/cps/submit/device/", submission(client, office_files.odt("Other.")))
    assert late.status_code == 422
    assert "in force already" in late.content.decode()


def test_back_from_the_check(sign_in, people, story):
    draft = story.submit()
    amendment = story.propose(draft)
    story.direct(draft, amendment)
    story.answer(draft, amendment, text=("Wrong.",))
    client = sign_in("secretariat")
    base = f"/cps/drafts/{draft.pk}/"
    check = {
        "submission_key": key_in(client.get(base + "check/")),
        "revision_number": "2",
        "outcome": "return",
    }
    assert client.post(base + "check/", check).status_code == 422
    check |= {f"missing_{amendment.pk.hex}": "Still ten years.", "other_changes": "Two paragraphs are gone."}
    stale = client.post(base + "check/", check | {"revision_number": "1"})
    assert stale.status_code == 422
    assert "another file since" in stale.content.decode()
    assert client.post(base + "check/", check).status_code == 302
    client = sign_in("dcc_document_owner")
    assert "Still ten years." in client.get(base + "answer/").content.decode()
    assert "Two paragraphs are gone." in client.get(base).content.decode()


@pytest.mark.clause("L9.11")
def test_several_amendments_on_one_page_without_a_script(sign_in, people, story):
    story.in_force()
    client = sign_in("dcc_document_owner")
    page = client.get("/cps/amend/device/")
    sent = {
        "submission_key": key_in(page),
        "review_outcome": "Reviewed.",
        "amendments-TOTAL_FORMS": "1", "amendments-INITIAL_FORMS": "0",
        "amendments-0-place": "Section 1", "amendments-0-text": "New text.",
    }  # fmt: skip
    more = client.post("/cps/amend/device/", {**sent, "add": "1"})
    assert more.status_code == 200
    assert 'name="amendments-1-place"' in more.content.decode()
    assert "New text." in more.content.decode()
    nothing = {**sent, "amendments-0-place": "", "amendments-0-text": ""}
    assert client.post("/cps/amend/device/", nothing).status_code == 422
    wrong = {**sent, "review_outcome": "", "amendments-TOTAL_FORMS": "2", "amendments-0-place": ""}
    wrong |= {"amendments-1-place": "Section 2", "amendments-1-text": ""}
    said = html.fromstring(client.post("/cps/amend/device/", wrong).content)
    [summary] = said.xpath("//*[contains(@class, 'govuk-error-summary__list')]")
    targets = [link.get("href").removeprefix("#") for link in summary.xpath(".//a")]
    assert targets == ["id_review_outcome", "id_amendments-0-place", "id_amendments-1-text"]
    assert all(said.xpath(f"//*[@id='{target}']") for target in targets)
    sent["amendments-TOTAL_FORMS"] = "3"
    sent |= {"amendments-1-place": "Section 2", "amendments-1-text": "More text."}
    assert client.post("/cps/amend/device/", sent).status_code == 302
    assert Draft.objects.get(origin="later").amendments.count() == 2


@pytest.mark.parametrize(
    "path",
    ["submit/gas/", "amend/gas/", "drafts/not-a-uuid/", "reviews/00000000-0000-0000-0000-000000000000/"],
)
def test_what_there_is_not(sign_in, people, path):
    assert sign_in("dcc_document_owner").get(f"/cps/{path}").status_code == 404


@pytest.mark.clause("L9.9")
@pytest.mark.parametrize(("role", "page", "status"), [
    ("pma_member", "answer/", 403), ("pma_member", "check/", 403), ("dcc_ra_officer", "answer/", 403),
    ("dcc_document_owner", "check/", 403), ("dcc_document_owner", "amendments/propose/", 403),
    ("secretariat", "check/", 409), ("dcc_document_owner", "answer/", 409),
])  # fmt: skip
def test_a_page_of_another_step_or_office(sign_in, people, story, role, page, status):
    draft = story.submit()
    assert sign_in(role).get(f"/cps/drafts/{draft.pk}/{page}").status_code == status


def test_a_damaged_file_is_not_sent(sign_in, people, story):
    from pathlib import Path

    from django.core.files.storage import storages

    draft = story.submit("A text of its own for the damage.")
    revision = draft.revisions.get()
    path = Path(storages["files"].path(f"{revision.sha256[:2]}/{revision.sha256}"))
    path.write_bytes(b"other")
    response = sign_in("pma_chair").get(f"/cps/drafts/{draft.pk}/files/1/")
    assert response.status_code == 500
    assert "reported to DCC" in response.content.decode()
    path.unlink()


def test_the_pages_ask_the_same_queries_whatever_the_number_of_rows(sign_in, people, story):
    draft = story.submit()
    story.propose(draft)
    client = sign_in("pma_chair")
    pages = [f"/cps/drafts/{draft.pk}/", f"/cps/drafts/{draft.pk}/amendments/", "/cps/"]

    def count(page):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    for page in pages:
        count(page)
    few = [count(page) for page in pages]
    for number in range(5):
        story.propose(draft, place=f"Section {number}")
    assert [count(page) for page in pages] == few


@pytest.mark.clause("L9.12", "L9.18")
@pytest.mark.parametrize(("cps", "clause"), [("device", "L9.12"), ("organisation", "L9.18")])
def test_a_review_cites_the_clause_of_its_own_cps(sign_in, people, cps, clause):
    review = require_review(subject_id=None, parameters={"cps": cps, "scope": "All"}, by=pma())
    page = sign_in("pma_member").get(f"/cps/reviews/{review.pk}/").content.decode()
    assert f"SMKI PMA ({clause})" in page
