"""A paper is no larger than the rule in force allows."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from smki_pma.governance.meetings.models import Paper
from smki_pma.ledger.actors import Actor
from smki_pma.rules_in_force.services import change_rule
from tests.community import Community
from tests.meeting_access import item

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
