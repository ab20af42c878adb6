"""The history of an item is read like the item, and notes only by whom they are for."""

from typing import Any

import pytest

from smki_pma.calendar import clock
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.models import Recusal
from smki_pma.ledger.gate import writing_for_tests
from tests.meeting_objects import LARGE_2, Room, person, secretariat


def _noted(room: Room, **values: Any) -> Any:
    item = room.item(**values)
    for text in ("Said too early", "Said with care"):
        services.write_note(item_id=item.pk, public_text="Noted.", confidential_text=text, by=secretariat())
    return item


def test_the_pmas_readers_see_what_a_note_said_before(community: Any) -> None:
    item = _noted(Room())
    for reader in ("secretariat", "pma_chair", "pma_member"):
        page = community.client(reader).get(f"/meetings/items/{item.pk}/history/")
        assert "Said too early" in page.content.decode(), reader


@pytest.mark.clause("L9.12")
@pytest.mark.parametrize("reader", ["auditor", "smki_specialist"])
def test_others_see_the_item_and_no_note(community: Any, reader: str) -> None:
    room = Room()
    item = _noted(room)
    room.convene()
    page = community.client(reader).get(f"/meetings/items/{item.pk}/history/").content.decode()
    assert "Annual plan" in page
    assert "Said" not in page


@pytest.mark.clause("L9.12")
def test_a_conflict_closes_the_history_of_a_note(community: Any) -> None:
    item = _noted(Room())
    with writing_for_tests():
        Recusal(
            item=item, person=person(LARGE_2), name="P", ground="Interest", declared_at=clock.now()
        ).save()
    page = community.client("pma_member").get(f"/meetings/items/{item.pk}/history/").content.decode()
    assert "Said" not in page


@pytest.mark.clause("L9.12")
def test_the_history_of_a_confidential_item_does_not_exist_for_others(community: Any) -> None:
    item = _noted(Room(), confidential=True, title="The hidden matter")
    for reader in ("auditor", "smki_specialist", "party_officer", "code_administrator"):
        page = community.client(reader).get(f"/meetings/items/{item.pk}/history/")
        assert page.status_code == 404, reader
        assert "hidden matter" not in page.content.decode()
    told = community.client("secretariat").get(f"/meetings/items/{item.pk}/history/").content.decode()
    assert "The hidden matter" in told
