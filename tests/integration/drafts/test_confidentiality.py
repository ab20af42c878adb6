"""L9.12 and L9.18: for everybody but DCC and the PMA a draft does not exist. A canary word proves it."""

import io
import zipfile
from datetime import date

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from repository.documents.kinds import DocumentKind
from repository.documents.models import Version
from repository.documents.services import lodge_document
from repository.drafts import access
from repository.drafts.models import Draft
from repository.drafts.services import grant_reading, require_review, revoke_reading
from smki_pma.clauses import RuleViolation
from smki_pma.governance.meetings.models import Item, Meeting, Recusal
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import AccessLog, EntryText
from smki_pma.notices.models import Delivery, Notice
from smki_pma.parties.roles import Role
from tests.samples import apologies, office_files
from tests.samples.community import actor
from tests.samples.cps import FIRST, Story, pma

pytestmark = pytest.mark.django_db

# tests/integration/website/test_canary.py walks every page for it.
CANARY = "xylocanary"
SEES = [
    "pma_chair",
    "pma_member",
    "secretariat",
    "dcc_document_owner",
    "dcc_ra_officer",
    "dcc_ca_operator",
]
BLIND = [
    "alternate", "smki_specialist", "code_administrator", "panel_officer", "party_officer", "party_untested",
    "assurance_provider", "auditor", "nobody",
]  # fmt: skip
PAGES = ["", "text/", "compare/", "amendments/", "votes/", "timeline/", "history/", "access/", "files/1/"]


@pytest.fixture
def draft(story):
    made = story.submit(f"The {CANARY} is kept.")
    story.propose(made, place=f"At the {CANARY}", text=f"Move the {CANARY}.")
    return made


@pytest.mark.clause("L9.12", "L9.18")
@pytest.mark.parametrize("role", [role for role in BLIND if role != "nobody"])
def test_it_does_not_exist_for_others(sign_in, people, draft, role):
    assert not access.visible_to(people[role]).exists()
    for page in PAGES:
        response = sign_in(role).get(f"/cps/drafts/{draft.pk}/{page}")
        assert response.status_code == 404, page
        assert CANARY not in response.content.decode()
    for page in ("", "submit/device/", "amend/device/"):
        assert sign_in(role).get(f"/cps/{page}").status_code == 404, page


@pytest.mark.clause("L9.12", "L9.18")
@pytest.mark.parametrize("role", SEES)
def test_it_exists_for_dcc_and_the_pma(sign_in, draft, role):
    client = sign_in(role)
    for page in PAGES:
        response = client.get(f"/cps/drafts/{draft.pk}/{page}")
        assert response.status_code == 200, page
        assert "no-store" in response["Cache-Control"]
    rows = AccessLog.objects.filter(subject_id=str(draft.pk), what="CPS draft")
    assert rows.count() == len(PAGES)
    assert AccessLog.objects.filter(what="CPS draft, copy").count() == 1


@pytest.mark.clause("L9.12", "L9.18", "L1.12")
def test_it_exists_for_an_alternate_while_acting(sign_in, people, draft):
    """From the member's apologies until the meeting is over."""
    meeting = apologies.meeting()
    apologies.send(meeting, people["pma_member"])
    for page in PAGES:
        assert sign_in("alternate").get(f"/cps/drafts/{draft.pk}/{page}").status_code == 200, page
    rows = AccessLog.objects.filter(subject_id=str(draft.pk), person_id=people["alternate"].pk)
    assert {row.for_name for row in rows} == {"Network Member"}
    apologies.close(meeting)
    for page in PAGES:
        assert sign_in("alternate").get(f"/cps/drafts/{draft.pk}/{page}").status_code == 404, page


@pytest.mark.clause("L9.12")
def test_notices_of_a_draft_go_to_alternates_only_while_they_act(people, story):
    apologies.send(apologies.meeting(), people["pma_member"])
    story.submit()
    assert Delivery.objects.filter(person=people["alternate"], notice__url__startswith="/cps/").exists()
    assert not Delivery.objects.filter(person=people["smki_specialist"]).exists()


@pytest.mark.clause("L9.12")
def test_signed_out_every_address_leads_to_sign_in(client, draft):
    from uuid import uuid4

    for address in (f"/cps/drafts/{draft.pk}/", f"/cps/drafts/{uuid4()}/", "/cps/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


@pytest.mark.clause("L9.12", "L9.18")
@pytest.mark.parametrize("role", ["assurance_provider", "auditor", "smki_specialist"])
def test_the_pma_grants_and_takes_back(sign_in, people, draft, role):
    parameters = {"person": str(people[role].pk)}
    grant_reading(subject_id=str(draft.pk), parameters=parameters, by=pma("PMA-2026-11/07"))
    client = sign_in(role)
    for page in PAGES:
        assert client.get(f"/cps/drafts/{draft.pk}/{page}").status_code == 200, page
    assert "PMA-2026-11/07" in sign_in(role).get(f"/cps/drafts/{draft.pk}/access/").content.decode()
    revoke_reading(subject_id=str(draft.pk), parameters=parameters, by=pma("PMA-2026-11/08"))
    for page in (f"/cps/drafts/{draft.pk}/", "/cps/", "/cps/submit/device/"):
        assert sign_in(role).get(page).status_code == 404, page


@pytest.mark.clause("L9.12")
def test_a_grant_opens_one_draft_and_nothing_more(sign_in, people, draft, story):
    other = Story(people, "organisation").submit("Other text.")
    grant_reading(subject_id=str(draft.pk), parameters={"person": str(people["auditor"].pk)}, by=pma())
    assert sign_in("auditor").get(f"/cps/drafts/{other.pk}/").status_code == 404
    for page in ("amendments/propose/", "answer/", "check/"):
        assert sign_in("auditor").get(f"/cps/drafts/{draft.pk}/{page}").status_code == 403
    assert other.public_title not in sign_in("auditor").get("/cps/").content.decode()


@pytest.fixture
def conflict(draft, clock):
    """Declare a conflict of somebody about the draft."""
    from smki_pma.calendar import clock as now

    def declare(person):
        with writing_for_tests():
            meeting = Meeting(starts_at=now.now(), year=2026, number=1, place="London")
            meeting.save()
            item = Item(
                meeting=meeting,
                number=1,
                public_title="CPS",
                subject_model="drafts.Draft",
                subject_id=draft.pk,
            )
            item.save()
            recusal = Recusal(
                item=item, person=person, name=person.name, seat="network", declared_at=now.now()
            )
            recusal.save()

    return declare


@pytest.mark.clause("L9.12")
@pytest.mark.parametrize("granted", [False, True])
def test_a_member_in_conflict_loses_it(sign_in, people, draft, conflict, granted, story):
    from smki_pma.clauses import NotEntitled

    if granted:
        parameters = {"person": str(people["pma_member"].pk)}
        grant_reading(subject_id=str(draft.pk), parameters=parameters, by=pma())
    conflict(people["pma_member"])
    for page in PAGES:
        assert sign_in("pma_member").get(f"/cps/drafts/{draft.pk}/{page}").status_code == 404, page
    assert draft.public_title not in sign_in("pma_member").get("/cps/").content.decode()
    with pytest.raises(NotEntitled) as refused:
        story.propose(draft)
    assert refused.value.hidden
    assert sign_in("pma_chair").get(f"/cps/drafts/{draft.pk}/").status_code == 200


@pytest.mark.clause("L9.12", "L9.18")
@pytest.mark.parametrize("role", ["pma_member", "auditor"])
def test_a_later_draft_does_not_open_the_one_that_it_starts_from(
    sign_in, people, draft, conflict, story, role
):
    """Nor for a member in conflict about that one, nor for somebody granted the later one alone."""
    story.approve(draft)
    later = story.propose_later()
    if role == "pma_member":
        conflict(people[role])
    else:
        grant_reading(subject_id=str(later.pk), parameters={"person": str(people[role].pk)}, by=pma())
    for page in ("", "text/", "text/?file=1", "compare/", "compare/?before=1&after=1"):
        response = sign_in(role).get(f"/cps/drafts/{later.pk}/{page}")
        assert response.status_code == 200
        assert CANARY not in response.content.decode(), page
    assert CANARY in sign_in("pma_chair").get(f"/cps/drafts/{later.pk}/text/").content.decode()


@pytest.mark.clause("L9.12", "L9.9(b)")
def test_a_grant_makes_the_specialist_a_reader_and_no_more(sign_in, people, draft, story):
    """Reviews, and proposing amendments, stay with the PMA while the Specialist is not in the Chair's place."""
    from smki_pma.clauses import NotEntitled

    by = actor(people["smki_specialist"], Role.SMKI_SPECIALIST)
    grant_reading(
        subject_id=str(draft.pk), parameters={"person": str(people["smki_specialist"].pk)}, by=pma()
    )
    review = require_review(subject_id=None, parameters={"cps": "device", "scope": f"The {CANARY}"}, by=pma())
    client = sign_in("smki_specialist")
    assert client.get(f"/cps/reviews/{review.pk}/").status_code == 404
    assert CANARY not in client.get("/cps/").content.decode()
    with pytest.raises(NotEntitled):
        story.propose(draft, by=by)
    assert CANARY in sign_in("pma_member").get(f"/cps/reviews/{review.pk}/").content.decode()


@pytest.mark.clause("L9.12")
def test_an_absurd_number_of_forms_is_no_fault_of_the_program(sign_in, story):
    story.in_force()
    data = {"add": "1", "amendments-TOTAL_FORMS": "9" * 5000, "amendments-INITIAL_FORMS": "0"}
    assert sign_in("dcc_document_owner").post("/cps/amend/device/", data).status_code == 200


@pytest.mark.clause("L9.12")
def test_a_chair_in_conflict_does_not_see_it_by_putting_a_question(sign_in, people, draft, conflict):
    """The form of the motion shows the words of each amendment."""
    conflict(people["pma_chair"])
    with writing_for_tests():
        item = Item(meeting=Meeting.objects.get(), number=2, public_title="Other", confidential=True)
        item.save()
    address = f"/meetings/items/{item.pk}/questions/cps.approve_draft/approve_subject_to_amendments/"
    shown = sign_in("pma_chair").post(address, {"subject": str(draft.pk)}).content.decode()
    assert CANARY not in shown
    assert draft.public_title not in shown
    assert CANARY in sign_in("secretariat").post(address, {"subject": str(draft.pk)}).content.decode()


@pytest.mark.clause("L9.12", "L9.18")
def test_the_canary_stays_out_of_mail_notices_duties_and_ledger(sign_in, story, run_jobs, people):
    from smki_pma.duties.models import Duty

    client = sign_in("dcc_document_owner")
    page = client.get("/cps/submit/device/")
    document = office_files.docx(f"The {CANARY} is kept.", title=f"The {CANARY}")
    response = client.post(
        "/cps/submit/device/",
        {
            "submission_key": page.context["form"]["submission_key"].value(),
            "file": SimpleUploadedFile(f"{CANARY}.docx", document),
            "where_policies": "1", "where_procedures": "2", "where_other": "3",
        },
    )  # fmt: skip
    assert response.status_code == 302, response.context["form"].errors
    draft = Draft.objects.get()
    amendment = story.propose(draft, place=f"At the {CANARY}", text=f"Move the {CANARY}.")
    story.direct(draft, amendment)
    story.answer(draft, amendment, text=(f"The {CANARY} is moved.",))
    story.send_back(draft, {amendment.pk: f"The {CANARY} is not moved."}, f"The {CANARY} is gone.")
    story.answer(draft, amendment, text=(f"The {CANARY} is moved now.",))
    story.confirm(draft)
    run_jobs()
    kept = [f"{n.subject} {n.body} {n.url}" for n in Notice.objects.all()]
    kept += [f"{m.subject} {m.body} {m.message().as_string()}" for m in mail.outbox]
    kept += [f"{d.title} {d.url}" for d in Duty.objects.all()]
    kept += list(EntryText.objects.values_list("content", flat=True))
    assert Delivery.objects.exists()
    assert EntryText.objects.filter(audience="cps").exists()
    assert not [text for text in kept if CANARY in text.lower()]
    copy = client.get(f"/cps/drafts/{draft.pk}/files/1/")
    assert copy["Content-Disposition"] == 'attachment; filename="device-cps-draft-1-1.docx"'
    assert "no-store" in copy["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(b"".join(copy))) as archive:
        assert CANARY in archive.read("docProps/core.xml").decode(), "the file itself is untouched"


@pytest.mark.clause("L9.12", "L9.18")
@pytest.mark.parametrize("cps", ["device", "organisation"])
@pytest.mark.parametrize("role", [Role.DCC_DOCUMENT_OWNER, Role.CODE_ADMINISTRATOR])
def test_no_file_of_a_draft_is_ever_lodged(people, cps, role):
    """Neither the first nor a later file, whatever has become of the draft; the refusal tells of no draft."""
    story = Story(people, cps)
    draft = story.submit()
    amendment = story.propose(draft)
    story.direct(draft, amendment)
    story.answer(draft, amendment)
    story.confirm(draft)
    arguments = {
        "kind": "specified_by_pma",
        "title": "Guide",
        "dated_on": date(2026, 11, 1),
        "purpose": "services" if role is Role.DCC_DOCUMENT_OWNER else "pma_functions",
        "by": actor(people[role.value], role),
    }
    for text in (FIRST, ("Keys are held for twelve years.", *FIRST[1:])):
        with pytest.raises(RuleViolation, match="cannot be lodged") as refused:
            lodge_document(file=story.file(*text), **arguments)
        assert refused.value.clause.id == "L9.12"
        assert not {"cps", "draft", "practice"} & set(refused.value.message.lower().split())
    assert not Version.objects.exists()
    assert lodge_document(file=story.file("A guide."), **arguments).number == 1


@pytest.mark.clause("L5.1")
def test_a_cps_is_never_in_the_repository(story):
    story.in_force()
    assert not Version.objects.exists()
    assert not any("statement" in kind.label.lower() for kind in DocumentKind)
