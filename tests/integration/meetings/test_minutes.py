"""Confirming the minutes at a later meeting."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smki_pma.calendar import working_days
from smki_pma.calendar.clock import london_date, months_later
from smki_pma.calendar.working_days import end_of_day
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.minutes_text import draft_minutes
from smki_pma.governance.meetings.models import Meeting, Minutes
from smki_pma.ledger.models import EntryText
from tests.clock import SetClock
from tests.community import Community
from tests.meeting_objects import CHAIR, LARGE_1, LARGE_2, SMALL, Room, member, secretariat, sitting_room

pytestmark = pytest.mark.usefixtures("community")
FOUR = (CHAIR, LARGE_1, LARGE_2, SMALL)


def issued() -> Meeting:
    """A meeting that was held and closed, with its minutes issued."""
    room, item, vote = sitting_room(*FOUR)
    services.abandon_vote(vote_id=vote.pk, reason="Not ready", by=member(CHAIR))
    services.close_item(item_id=item.pk, by=secretariat())
    services.close_meeting(meeting_id=room.meeting.pk, by=secretariat())
    services.issue_minutes(meeting_id=room.meeting.pk, by=secretariat())
    return room.meeting


def later_meeting(clock: SetClock, *emails: str) -> Room:
    clock.advance(timedelta(days=1))
    room = Room()
    room.item()
    room.convene()
    room.arrive(*emails)
    room.open()
    return room


@pytest.mark.clause("L1.13", "L1.15")
def test_the_minutes_of_an_adjourned_meeting_name_the_adjournment_and_the_days(clock: SetClock) -> None:
    """Quorum is lost before the adjournment: the span ends with it, and not when the meeting goes on."""
    clock.set(working_days.start_of_day(date(2026, 12, 1)) + timedelta(hours=10))
    room, item, vote = sitting_room(*FOUR)
    services.abandon_vote(vote_id=vote.pk, reason="Not ready", by=member(CHAIR))
    clock.advance(timedelta(minutes=30))
    room.leave(SMALL)
    clock.advance(timedelta(minutes=30))
    services.adjourn_meeting(meeting_id=room.meeting.pk, until="3 December", by=secretariat())
    clock.advance(timedelta(days=2))
    room.arrive(*FOUR)
    services.resume_meeting(meeting_id=room.meeting.pk, by=secretariat())
    services.open_item(item_id=item.pk, by=secretariat())
    clock.advance(timedelta(minutes=15))
    services.close_item(item_id=item.pk, by=secretariat())
    services.close_meeting(meeting_id=room.meeting.pk, by=secretariat())

    minutes = draft_minutes(Meeting.objects.get(pk=room.meeting.pk), confidential=True)

    assert "Opened at 10:00, closed at 11:15 on 3 December 2026." in minutes
    assert "Adjourned at 11:00 until 3 December, resumed at 11:00 on 3 December 2026." in minutes
    assert minutes.count("There was no quorum from 10:30 to 11:00: no business") == 2, (
        "the meeting and its item"
    )
    assert "from 10:00 to 11:00\n" in minutes
    assert "from 11:00 to 11:15 on 3 December 2026" in minutes


def test_a_longer_agenda_asks_the_database_no_more_often() -> None:
    """Adjournments and changes of quorum are read once, and not once for each item."""
    rooms = [Room() for _ in range(2)]
    for room, items in zip(rooms, (1, 4), strict=True):
        for number in range(items):
            room.item(f"Item {number}")
        room.convene()
        room.arrive(*FOUR)
        room.open()

    asked = []
    for room in rooms:
        with CaptureQueriesContext(connection) as queries:
            draft_minutes(Meeting.objects.get(pk=room.meeting.pk), confidential=True)
        asked.append(len(queries))

    assert asked[0] == asked[1]


@pytest.mark.clause("L1.15")
def test_minutes_are_due_at_or_before_the_next_meeting(clock: SetClock) -> None:
    """Until one is convened, on the last day on which one can be held; the one that is called off does not count."""
    room, item, vote = sitting_room(*FOUR)
    services.abandon_vote(vote_id=vote.pk, reason="Not ready", by=member(CHAIR))
    services.close_item(item_id=item.pk, by=secretariat())
    services.close_meeting(meeting_id=room.meeting.pk, by=secretariat())
    owed = Duty.objects.open().filter(kind="meetings.issue_minutes", subject_id=str(room.meeting.pk))
    latest = end_of_day(london_date(months_later(room.meeting.starts_at, 2)))
    assert owed.get().due_at == latest

    clock.advance(timedelta(days=1))
    following = Room()
    following.item()
    following.convene()
    assert owed.get().due_at == following.meeting.starts_at
    services.cancel_meeting(meeting_id=following.meeting.pk, reason="No business", by=secretariat())
    assert owed.get().due_at == latest


@pytest.mark.clause("L1.15")
def test_who_presides_at_a_later_meeting_records_the_confirmation_once(clock: SetClock) -> None:
    meeting = issued()
    with pytest.raises(RuleViolation, match="at a later meeting"):
        services.confirm_minutes(meeting_id=meeting.pk, by=member(CHAIR))
    room = later_meeting(clock, *FOUR)
    for who in (secretariat(), member(LARGE_1)):
        with pytest.raises(NotEntitled):
            services.confirm_minutes(meeting_id=meeting.pk, by=who)
    text = Minutes.objects.get(meeting=meeting).full_text

    done = services.confirm_minutes(meeting_id=meeting.pk, dispute="Item 1 was longer.", by=member(CHAIR))

    assert (done.state, done.confirmed_in, done.full_text) == ("confirmed", room.meeting, text)
    entry = EntryText.objects.get(event="minutes.confirmed")
    assert room.meeting.reference in entry.content and "longer" not in entry.content
    with pytest.raises(RuleViolation):
        services.confirm_minutes(meeting_id=meeting.pk, by=member(CHAIR))


@pytest.mark.clause("L1.13")
def test_minutes_are_not_confirmed_without_a_quorum(clock: SetClock) -> None:
    meeting = issued()
    room = later_meeting(clock, *FOUR)
    room.leave(SMALL)

    with pytest.raises(RuleViolation, match="There is no quorum"):
        services.confirm_minutes(meeting_id=meeting.pk, by=member(CHAIR))


@pytest.mark.clause("L1.15")
def test_minutes_that_are_not_issued_cannot_be_confirmed(clock: SetClock) -> None:
    room, _, vote = sitting_room(*FOUR)
    with pytest.raises(RuleViolation):
        services.confirm_minutes(meeting_id=room.meeting.pk, by=member(CHAIR))


def test_pages_of_the_confirmation(clock: SetClock, community: Community) -> None:
    meeting = issued()
    chair, party = community.client("pma_chair"), community.client("party_officer")
    page = f"/meetings/{meeting.pk}/minutes/"
    assert "Confirm the minutes" not in chair.get(page).content.decode()
    later_meeting(clock, *FOUR)
    assert "Confirm the minutes" in community.client("pma_chair").get(page).content.decode()
    assert "Confirm the minutes" not in party.get(page).content.decode()

    done = community.client("pma_chair").post(f"{page}confirmation/", {"dispute": "KANARIENVOGEL"})

    assert done.status_code == 302
    assert "KANARIENVOGEL" in community.client("secretariat").get(page).content.decode()
    seen = community.client("party_officer").get(page).content.decode()
    assert "Confirmed at meeting" in seen and "KANARIENVOGEL" not in seen
