"""Quorum that is lost or restored because an office ends or begins stands on record too (L1.13)."""

from datetime import timedelta

import pytest

from smki_pma.calendar import clock as the_clock
from smki_pma.clauses import RuleViolation
from smki_pma.governance.meetings import frozen, services
from smki_pma.governance.meetings.display import vote_view
from smki_pma.governance.meetings.minutes_text import draft_minutes
from smki_pma.governance.meetings.models import Item, Meeting, QuorumChange, Vote
from smki_pma.governance.membership.services import (
    confirm_member,
    end_term,
    withdraw_alternate,
)
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.parties.models import Holding
from tests.clock import SetClock
from tests.community import Community
from tests.meeting_objects import (
    ALTERNATE_OF_LARGE_1,
    CHAIR,
    LARGE_1,
    LARGE_2,
    NETWORK,
    SECURITY,
    SMALL,
    Room,
    member,
    open_vote,
    secretariat,
    sitting_room,
)

pytestmark = [pytest.mark.usefixtures("community"), pytest.mark.clause("L1.13")]
FOUR = (CHAIR, LARGE_1, LARGE_2, SMALL)


def found(room: Room, item: Item | None = None) -> list[bool]:
    """What stands on record of the meeting, or of its item."""
    rows = QuorumChange.objects.filter(meeting=room.meeting, item=item).order_by("sequence")
    return list(rows.values_list("is_quorate", flat=True))


def end(email: str) -> Holding:
    holding = Holding.objects.get(person__email=email, is_seat=True)
    return end_term(holding_id=holding.pk, ground="ceased", evidence="Letter", by=secretariat())


def test_a_term_that_is_ended_while_a_vote_is_open_is_a_span_without_quorum(community: Community) -> None:
    room, vote = open_vote(*FOUR)
    room.cast(vote, CHAIR)
    ended = end(SMALL)
    with pytest.raises(RuleViolation, match="no ballot is taken"):
        room.cast(vote, LARGE_1)
    view = vote_view(vote, [])
    assert [span["from"] for span in view.spans] == [ended.ends_at] and view.is_waiting
    page = community.client(LARGE_1).get(f"/meetings/{room.meeting.pk}/").content.decode()
    assert "Without quorum</h2>" in page

    room.arrive(NETWORK)
    room.cast(vote, LARGE_1)
    room.close(vote)

    changes = frozen.thaw(Vote.objects.get(pk=vote.pk).closing_snapshot)["quorum_changes"]
    assert [change["quorate"] for change in changes] == [False, True]
    assert len(vote_view(Vote.objects.select_related("item__meeting").get(pk=vote.pk), []).spans) == 1
    minutes = draft_minutes(Meeting.objects.get(pk=room.meeting.pk), confidential=False)
    assert minutes.count("There was no quorum from") == 2, "of the meeting and of its item"


def test_a_term_that_runs_out_is_noted_from_the_moment_of_its_end(clock: SetClock) -> None:
    """The member is confirmed anew before the next act that is not refused: the loss stands all the same."""
    room, vote = open_vote(*FOUR)
    holding = Holding.objects.get(person__email=SMALL, is_seat=True)
    assert holding.ends_at is not None
    with writing_for_tests():
        holding.ends_at = holding.term_ends_at = the_clock.now() + timedelta(minutes=10)
        holding.save()
    clock.advance(timedelta(minutes=20))
    with pytest.raises(RuleViolation, match="no ballot is taken"):
        room.cast(vote, CHAIR)
    room.arrive(NETWORK)
    room.cast(vote, CHAIR)

    lost, restored = QuorumChange.objects.filter(meeting=room.meeting, item=vote.item).order_by("sequence")[
        1:
    ]
    assert not lost.is_quorate and lost.at == holding.ends_at and lost.counted == 3
    assert restored.is_quorate and restored.at > lost.at
    assert found(room) == [True, False, True]


def test_an_alternate_who_is_withdrawn_no_longer_counts() -> None:
    room, item, _ = sitting_room(CHAIR, ALTERNATE_OF_LARGE_1, LARGE_2, SMALL)
    alternate = Holding.objects.get(person__email=ALTERNATE_OF_LARGE_1)
    withdraw_alternate(holding_id=alternate.pk, by=member(LARGE_1))

    services.adjourn_meeting(meeting_id=room.meeting.pk, until="tomorrow", by=secretariat())

    assert found(room) == found(room, item) == [True, False]


def test_what_happens_while_the_meeting_is_adjourned_is_none_of_its_quorum() -> None:
    room, item, _ = sitting_room(*FOUR, NETWORK)
    services.adjourn_meeting(meeting_id=room.meeting.pk, until="tomorrow", by=secretariat())
    end(SMALL)
    room.arrive(CHAIR, LARGE_1, LARGE_2, SECURITY)
    services.resume_meeting(meeting_id=room.meeting.pk, by=secretariat())
    services.open_item(item_id=item.pk, by=secretariat())
    services.adjourn_meeting(meeting_id=room.meeting.pk, until="tomorrow", by=secretariat())

    assert found(room) == [True, True] and found(room, item) == [True, True]


def test_a_loss_when_no_item_is_open_is_the_meetings_alone() -> None:
    room, item, vote = sitting_room(*FOUR)
    services.abandon_vote(vote_id=vote.pk, reason="Not ready", by=secretariat())
    services.close_item(item_id=item.pk, by=secretariat())
    end(SMALL)
    room.arrive(NETWORK)
    services.close_meeting(meeting_id=room.meeting.pk, by=secretariat())

    assert found(room) == [True, False, True] and found(room, item) == [True]


def test_a_member_confirmation_restores_what_the_end_of_a_term_has_lost(clock: SetClock) -> None:
    """Elected again, the member stays in the room and counts from the new Member Confirmation on (C6.9)."""
    room, _, _ = sitting_room(*FOUR)
    old, ends_at = (
        Holding.objects.get(person__email=SMALL, is_seat=True),
        the_clock.now() + timedelta(minutes=10),
    )
    new = Holding(office=old.office, person=old.person, starts_at=ends_at, appointed_by="X", is_seat=True)
    with writing_for_tests():
        old.ends_at = ends_at
        old.save()
        new.save()
    clock.advance(timedelta(minutes=20))
    confirm_member(holding_id=new.pk, given_on=the_clock.today(), employer_letter="Letter", by=secretariat())
    clock.advance(timedelta(minutes=1))

    services.adjourn_meeting(meeting_id=room.meeting.pk, until="tomorrow", by=secretariat())

    assert found(room) == [True, False, True]
    restored = QuorumChange.objects.filter(meeting=room.meeting, item=None).latest("sequence")
    assert restored.at == Holding.objects.get(pk=new.pk).confirmed_at
