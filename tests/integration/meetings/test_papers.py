"""A paper is no larger than the rule in force allows, and never a confidential file on an open item."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from smki_pma.governance.meetings.models import Paper
from smki_pma.ledger.actors import Actor
from smki_pma.rules_in_force.services import change_rule
from tests.community import Community
from tests.meeting_access import item
from tests.samples import office_files
from tests.samples.cps import Story

pytestmark = pytest.mark.django_db
PMA = Actor(person_id=uuid4(), name="The PMA", role="pma_chair", resolution_id=uuid4(), resolution_ref="R1")


def test_the_largest_paper_is_that_of_the_rule_in_force(community: Community) -> None:
    address = reverse("meetings:add_paper", args=[item().pk])
    office = community.client("secretariat")
    before = Paper.objects.count()
    assert "up to 50 MB" in office.get(address).content.decode()
    change_rule(key="drafts.largest_upload_megabytes", value=1, reason="Small", by=PMA)
    assert "up to 1 MB" in office.get(address).content.decode()

    file = SimpleUploadedFile("paper.pdf", b"%PDF-1.7" + bytes(1024 * 1024))
    answer = office.post(address, {"title": "Paper", "file": file})
    assert answer.status_code == 422
    assert "The file is larger than 1 MB" in answer.content.decode()
    assert Paper.objects.count() == before


@pytest.mark.clause("L9.12", "L9.18")
@pytest.mark.parametrize("cps", ["device", "organisation"])
def test_no_file_of_a_draft_is_a_paper_of_an_open_item(community: Community, cps: str) -> None:
    """Everybody signed in reads the papers of an open item; those of a confidential one go to the PMA's readers."""
    story = Story(
        {who: community.person(who) for who in ("dcc_document_owner", "pma_member", "secretariat")}, cps
    )
    story.submit("Keys are held.")
    document = office_files.odt("Keys are held.")
    office = community.client("secretariat")
    answers = {}
    for confidential in (False, True):
        address = reverse("meetings:add_paper", args=[item(confidential=confidential).pk])
        key = office.get(address).context["form"]["submission_key"].value()
        file = SimpleUploadedFile("paper.odt", document)
        data = {"submission_key": key, "title": "Paper", "file": file}
        answers[confidential] = office.post(address, data)

    assert answers[False].status_code == 422
    assert "cannot be a paper of an open item" in answers[False].content.decode()
    assert answers[True].status_code == 302
    assert [paper.item.confidential for paper in Paper.objects.exclude(sha256="")] == [True]
