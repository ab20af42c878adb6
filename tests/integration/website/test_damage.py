"""A damaged signed document or meeting paper: the usual page, one report, and the daily check that closes it."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from smki_pma.calendar import clock
from smki_pma.duties.models import Duty
from smki_pma.files import store
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.models import Paper
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import AccessLog, EntryText
from smki_pma.notices.models import Notice
from smki_pma.records.models import Record
from smki_pma.website.damage import check_files
from tests.community import Community
from tests.meeting_objects import Room, secretariat

pytestmark = pytest.mark.django_db


def signed_document() -> Record:
    """A made document that the PMA reads."""
    stored = store.put(b"%PDF-1.7 a signed document of this test")
    act = EntryText.objects.filter(clause__startswith="L1").latest("number")
    record = Record(
        kind="sample", title="Decision", subject_type="x", subject_id=str(uuid4()), template="x",
        context_builder="x", audience="pma", act_id=act.act_id, requested_at=clock.now(), state="made",
        sha256=stored.sha256, size=stored.size, ledger_number=act.number, checkpoint_size=act.number + 1,
        made_at=clock.now(),
    )  # fmt: skip
    with writing_for_tests():
        record.save()
    return record


def paper() -> Paper:
    """A paper of a confidential item."""
    stored = store.put(b"%PDF-1.7 a paper of this test")
    item = Room().item(confidential=True)
    return services.add_paper(
        item_id=item.pk,
        title="Paper",
        sha256=stored.sha256,
        size=stored.size,
        media_type="application/pdf",
        by=secretariat(),
    )


def stored_at(sha256: str) -> Path:
    return Path(storages["files"].path(f"{sha256[:2]}/{sha256}"))


@pytest.mark.parametrize(
    ("make", "page"),
    [(signed_document, "records:download_record"), (paper, "meetings:download_paper")],
)
def test_it_is_reported_once_and_never_served(
    community: Community, make: Callable[[], Record | Paper], page: str
) -> None:
    kept = make()
    before, path = check_files()["damaged"], stored_at(kept.sha256)
    whole = path.read_bytes()
    notices = Notice.objects.count()
    try:
        path.write_bytes(whole[:-1] + b"x")
        chair = community.client("pma_chair")
        for _ in range(2):
            answer = chair.get(reverse(page, args=[kept.pk]))
            assert answer.status_code == 500
            assert "reported to DCC" in answer.content.decode()
        assert not AccessLog.objects.filter(subject_id=str(kept.pk)).exists(), "what is not sent is not read"
        duty = Duty.objects.open().get(kind="website.repair_file", subject_id=str(kept.pk))
        assert duty.role == "dcc_ca_operator"
        assert Notice.objects.count() == notices + 1
        entry = EntryText.objects.get(event="stored_file.found_damaged", subject_id=str(kept.pk))
        assert (entry.audience, entry.clause[:2]) == ("pma", "L1")
        assert check_files() == {"damaged": before + 1}
    finally:
        path.write_bytes(whole)
    assert check_files() == {"damaged": before}
    assert not Duty.objects.open().filter(kind="website.repair_file", subject_id=str(kept.pk)).exists()
    assert chair.get(reverse(page, args=[kept.pk])).status_code == 200


def test_the_daily_check_reports_before_anybody_reads(community: Community) -> None:
    found = [signed_document(), paper()]
    for kept in found:
        stored_at(kept.sha256).unlink()
    check_files()
    for kept in found:
        assert Duty.objects.open().filter(kind="website.repair_file", subject_id=str(kept.pk)).exists()


def test_a_file_of_another_room_stays_a_fault_of_the_program(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody here keeps is not reported as if it were; the fault is seen as any other."""
    kept = signed_document()

    def fails(sha256: str) -> None:
        raise store.DamagedFile("0" * 64, "missing")

    monkeypatch.setattr(store, "open_verified", fails)
    client: Client = community.client("pma_chair")
    answer = client.get(reverse("records:download_record", args=[kept.pk]))
    assert answer.status_code == 500
    assert "reported to DCC" not in answer.content.decode()
