"""What a carried vote does, and its documents."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smki_pma.clauses import RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.governance.meetings import motions, services
from smki_pma.governance.meetings.documents import decision_context, full_minutes_context
from smki_pma.governance.meetings.models import Minutes, Resolution, Vote
from smki_pma.governance.meetings.motions import MotionKind, Option, register_motion
from smki_pma.ledger.models import AccessLog, EntryText
from smki_pma.records.models import Record
from smki_pma.records.readers import may_read
from tests import refusing_effect
from tests.community import Community
from tests.meeting_objects import (
    CHAIR,
    LARGE_1,
    LARGE_2,
    NETWORK,
    SMALL,
    SPECIALIST,
    Room,
    member,
    open_vote,
    person,
    secretariat,
)

pytestmark = pytest.mark.usefixtures("community")
FOUR = (CHAIR, LARGE_1, LARGE_2, SMALL)


@pytest.fixture
def refusing() -> Iterator[str]:
    option = Option(key="do", label="Do it", effect="It is done.", carries="tests.refusing_effect.carry")
    register_motion(MotionKind(key="test.refusing", clause="L1.15", title="Test", options=(option,)))
    refusing_effect.refuses = True
    refusing_effect.ran.clear()
    yield "test.refusing"
    motions._kinds.pop("test.refusing")


def carried(kind: str) -> Vote:
    room = Room()
    item = room.item()
    vote = room.question(item, kind=kind, option="do", parameters={})
    room.convene()
    room.arrive(*FOUR)
    room.open(item)
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    room.cast(vote, CHAIR)
    return room.close(vote)


@pytest.mark.clause("L1.15")
def test_a_refused_effect_leaves_the_resolution_standing_and_a_duty(refusing: str) -> None:
    vote = carried(refusing)

    resolution = Resolution.objects.get(vote=vote)
    assert vote.state == "carried"
    assert (resolution.effect_state, resolution.effect_clause) == ("refused", "L9.9(b)")
    duty = Duty.objects.open().get(kind="meetings.effect_refused")
    assert duty.role == "secretariat" and "withdrawn" not in duty.title
    assert duty.title.startswith("Settle "), "a verb for the button of the page For you"


@pytest.mark.clause("L1.15")
def test_a_refused_effect_can_be_carried_out_once_nothing_stands_in_its_way(refusing: str) -> None:
    resolution = Resolution.objects.get(vote=carried(refusing))
    again = {"resolution_id": resolution.pk, "by": secretariat()}
    assert services.carry_out_again(**again).is_refused

    refusing_effect.refuses = False
    done = services.carry_out_again(**again)

    assert done.effect_state == "done" and not Duty.objects.open().filter(kind="meetings.effect_refused")
    assert [by.resolution_ref for by in refusing_effect.ran] == [resolution.reference]
    with pytest.raises(RuleViolation):
        services.carry_out_again(**again)


@pytest.mark.clause("L1.15", "L9.12")
def test_a_decision_has_a_document_from_the_frozen_record() -> None:
    room, vote = open_vote(*FOUR)
    room.cast(vote, CHAIR)
    room.close(vote)

    record = Record.objects.get(kind="decision", subject_id=str(vote.pk))
    context = decision_context(record)

    assert record.audience == "public" and vote.reference in record.title
    assert context["it"].outcome.carried and not context["shows_seats"]


@pytest.mark.clause("L9.12")
def test_a_confidential_decision_is_for_the_readers_of_its_item() -> None:
    room = Room()
    item = room.item("Procedures", title="KANARIENVOGEL", confidential=True)
    vote = room.question(item, "accept KANARIENVOGEL")
    room.convene()
    room.arrive(*FOUR)
    room.open(item)
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    room.cast(vote, CHAIR)
    services.declare_conflict(item_id=item.pk, ground="Employer", by=member(NETWORK))
    room.close(vote)

    record = Record.objects.get(kind="decision", subject_id=str(vote.pk))

    assert "KANARIENVOGEL" not in record.title and vote.public_question == "Procedures"
    readers = {email: may_read(person(email), record) for email in (CHAIR, LARGE_1, NETWORK, SPECIALIST)}
    assert readers == {CHAIR: True, LARGE_1: True, NETWORK: False, SPECIALIST: False}
    public = EntryText.objects.filter(audience="public", content__contains="KANARIENVOGEL")
    assert not public.exists()


@pytest.mark.clause("L1.13", "L1.15", "L1.16")
def test_minutes_follow_from_the_record_and_the_public_ones_say_nothing_confidential() -> None:
    room = Room()
    open_item = room.item("Work plan")
    secret = room.item("Procedures", title="KANARIENVOGEL", confidential=True)
    vote = room.question(open_item, "adopt the plan")
    room.convene()
    room.arrive(*FOUR)
    room.invite_in(SPECIALIST)
    room.open(open_item)
    room.leave(CHAIR, handed_to=person(SPECIALIST).pk)
    services.open_vote(vote_id=vote.pk, by=member(SPECIALIST))
    room.cast(vote, SMALL)
    room.leave(SMALL)
    room.arrive(SMALL)
    room.close(vote, by=SPECIALIST)
    services.close_item(item_id=open_item.pk, by=secretariat())
    for item in (open_item, secret):
        services.write_note(
            item_id=item.pk, public_text="Seen.", confidential_text="KANARIENVOGEL", by=secretariat()
        )
    services.close_meeting(meeting_id=room.meeting.pk, by=secretariat())

    minutes = services.issue_minutes(meeting_id=room.meeting.pk, by=secretariat())

    assert "KANARIENVOGEL" not in minutes.public_text and "KANARIENVOGEL" in minutes.full_text
    for words in ("RESOLVED", "There was no quorum from", "C3.12 does not apply", "Not reached"):
        assert words in minutes.public_text
    assert "Small Supplier Member: for" in minutes.full_text
    assert "Small Supplier Member: for" not in minutes.public_text
    full = Record.objects.get(kind="full minutes")
    assert full_minutes_context(full)["text"] == minutes.full_text
    assert may_read(person(CHAIR), full) and not may_read(person(SPECIALIST), full)
    with pytest.raises(RuleViolation, match="issued"):
        services.write_note(item_id=secret.pk, public_text="x", confidential_text="", by=secretariat())
    assert Minutes.objects.get().full_text == minutes.full_text


@pytest.mark.clause("L9.12")
def test_reading_a_confidential_paper_is_logged(community: Community) -> None:
    item = Room().item("Procedures", confidential=True)
    paper = services.add_paper(item_id=item.pk, title="Draft", url="/rules/", by=secretariat())
    before = AccessLog.objects.count()

    assert community.client(CHAIR).get(f"/meetings/papers/{paper.pk}/").status_code == 302

    assert AccessLog.objects.count() == before + 1


def test_the_meeting_page_asks_as_often_for_many_items_as_for_few(community: Community) -> None:
    room = Room()
    client = community.client(CHAIR)
    counts = []
    for _ in range(2):
        for _ in range(3):
            room.question(room.item("Procedures", confidential=True), "agree")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/meetings/{room.meeting.pk}/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 40
