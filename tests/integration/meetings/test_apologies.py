"""Apologies: an Alternate acts by them, reads what the member reads, and no longer than they last."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.convening import ATTEND
from smki_pma.governance.meetings.models import Apology, Item
from smki_pma.governance.meetings.selectors import acting_now, people_reading, pma_readers
from smki_pma.governance.membership.services import appoint_alternate
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import Entry, EntryText
from smki_pma.ledger.readers import reader_for
from smki_pma.notices.models import Delivery
from smki_pma.parties.models import Person
from tests.meeting_objects import (
    ALTERNATE_OF_LARGE_1,
    ALTERNATE_OF_NETWORK,
    CHAIR,
    LARGE_1,
    LARGE_2,
    NETWORK,
    SEAT_OF,
    SECRETARIAT,
    SMALL,
    SPECIALIST,
    UNCONFIRMED,
    Room,
    member,
    person,
    secretariat,
)

pytestmark = pytest.mark.usefixtures("community")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def send(room: Room, email: str, by: Any = None) -> Apology:
    return services.send_apologies(meeting_id=room.meeting.pk, seat=SEAT_OF[email], by=by or member(email))


def take_back(room: Room, email: str, by: Any = None) -> Apology:
    return services.take_back_apologies(
        meeting_id=room.meeting.pk, seat=SEAT_OF[email], by=by or member(email)
    )


def signed_in(email: str) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person(email), backend=BACKEND)
    return client


@pytest.fixture
def room() -> Room:
    """A convened meeting with a confidential item."""
    made = Room()
    made.item("Confidential item", confidential=True, title="The words")
    made.convene()
    return made


@pytest.fixture
def item(room: Room) -> Item:
    return room.meeting.items.get()


@pytest.mark.clause("L1.12", "L9.12")
def test_the_alternate_acts_from_the_apologies_until_they_are_taken_back(room: Room) -> None:
    ruth, graham = person(ALTERNATE_OF_LARGE_1), person(ALTERNATE_OF_NETWORK)
    assert acting_now(ruth) == ()

    send(room, LARGE_1)
    assert [(a.seat, a.capacity) for a in acting_now(ruth)] == [("large-supplier-1", "alternate")]
    assert pma_readers(ruth) and not pma_readers(graham)
    assert ruth in people_reading() and graham not in people_reading()
    assert pma_readers(person(LARGE_1)), "the member reads on"

    take_back(room, LARGE_1)
    assert not pma_readers(ruth)
    assert [a.taken_back_by for a in Apology.objects.all()] == ["Tomasz Wren"]


@pytest.mark.clause("L1.12", "L9.12")
def test_an_alternate_reads_the_confidential_item_by_apologies_until_the_meeting_closes(
    room: Room, item: Item
) -> None:
    address = f"/meetings/items/{item.pk}/"
    ruth = signed_in(ALTERNATE_OF_LARGE_1)
    assert ruth.get(address).status_code == 404
    page = ruth.get(f"/meetings/{room.meeting.pk}/")
    assert page.status_code == 200
    assert "The words" not in page.content.decode()

    send(room, LARGE_1)
    assert ruth.get(address).status_code == 200
    assert "The words" in ruth.get(f"/meetings/{room.meeting.pk}/").content.decode()

    room.arrive(CHAIR, LARGE_2, SMALL, NETWORK)
    room.open()
    assert ruth.get(address).status_code == 200
    services.close_meeting(meeting_id=room.meeting.pk, by=secretariat())
    assert ruth.get(address).status_code == 404
    assert acting_now(person(ALTERNATE_OF_LARGE_1)) == ()


@pytest.mark.clause("L1.12", "L9.12")
def test_an_alternate_reads_while_present_in_the_seat_and_not_as_invitee(room: Room, item: Item) -> None:
    address = f"/meetings/items/{item.pk}/"
    ruth = signed_in(ALTERNATE_OF_LARGE_1)
    room.invite_in(ALTERNATE_OF_LARGE_1)
    assert ruth.get(address).status_code == 404
    room.arrive(ALTERNATE_OF_LARGE_1)
    assert ruth.get(address).status_code == 200
    room.arrive(LARGE_1)
    assert ruth.get(address).status_code == 404


@pytest.mark.clause("L1.12")
def test_a_cancelled_meeting_ends_it(room: Room) -> None:
    send(room, LARGE_1)
    services.cancel_meeting(meeting_id=room.meeting.pk, reason="Snow", by=secretariat())
    assert not pma_readers(person(ALTERNATE_OF_LARGE_1))


@pytest.mark.clause("L1.12")
def test_the_member_who_comes_after_all_ends_the_apologies(room: Room) -> None:
    send(room, LARGE_1)
    before = Entry.objects.count()
    room.arrive(LARGE_1)

    assert Entry.objects.count() == before + 1
    assert Apology.objects.get().taken_back_at is not None
    assert not pma_readers(person(ALTERNATE_OF_LARGE_1))
    with pytest.raises(RuleViolation, match="recorded as present"):
        send(room, LARGE_1)


@pytest.mark.clause("L1.12(a)", "L1.12(b)", "L1.12")
def test_the_specialist_acts_for_the_chair_unless_another_is_named(room: Room) -> None:
    send(room, CHAIR)
    assert [a.seat for a in acting_now(person(SPECIALIST))] == ["chair"]

    other = Person.objects.create(email="independent@other.example", name="Ines Independent")
    appoint_alternate(
        person_id=other.pk, by=member(CHAIR), specialist_unavailable="Ill", independence="No ties"
    )
    assert [a.seat for a in acting_now(other)] == ["chair"]
    assert not pma_readers(person(SPECIALIST))


@pytest.mark.clause("L1.12", "L1.13")
def test_reading_is_not_voting(room: Room) -> None:
    open_item = room.item("Open item")
    services.admit_item(item_id=open_item.pk, ground="Needed", by=member(CHAIR))
    vote = room.question(open_item)
    send(room, LARGE_1)
    room.arrive(CHAIR, LARGE_2, SMALL, NETWORK)
    room.open(open_item)
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    with pytest.raises(NotEntitled, match="not recorded as present"):
        room.cast(vote, ALTERNATE_OF_LARGE_1)


@pytest.mark.clause("L9.12", "L1.12")
def test_the_ledger_opens_to_an_alternate_only_while_acting(room: Room) -> None:
    ruth = person(ALTERNATE_OF_LARGE_1)
    assert reader_for(ruth).audiences == {"public", "parties"}
    send(room, LARGE_1)
    assert reader_for(ruth).audiences == {"public", "parties", "pma", "cps"}
    assert reader_for(ruth).texts().filter(event="apologies.sent").exists()
    take_back(room, LARGE_1)
    assert reader_for(ruth).audiences == {"public", "parties"}
    assert not reader_for(ruth).texts().filter(event="apologies.sent").exists()


@pytest.mark.clause("L1.12")
def test_one_entry_a_notice_to_the_alternate_and_the_duty_to_attend(room: Room) -> None:
    before = Entry.objects.count()
    send(room, LARGE_1)
    send(room, LARGE_1)

    assert Entry.objects.count() == before + 1, "sent twice, recorded once"
    text = EntryText.objects.get(event="apologies.sent")
    assert (text.audience, text.clause) == ("pma", "L1.12")
    notice = Delivery.objects.filter(person=person(ALTERNATE_OF_LARGE_1)).latest("notice__sent_at").notice
    assert notice.subject == f"You act for the {title()} at meeting {room.meeting.reference}"
    assert notice.url == f"/meetings/{room.meeting.pk}/"
    assert attending(room) >= {ALTERNATE_OF_LARGE_1, CHAIR}
    assert LARGE_1 not in attending(room)

    take_back(room, LARGE_1)
    assert LARGE_1 in attending(room)
    assert ALTERNATE_OF_LARGE_1 not in attending(room)


def title() -> str:
    return acting_now(person(LARGE_1))[0].title


def attending(room: Room) -> set[str]:
    duties = Duty.objects.open().filter(kind=ATTEND, subject_id=str(room.meeting.pk))
    return set(duties.values_list("holding__person__email", flat=True))


@pytest.mark.clause("L1.12")
def test_without_an_alternate_the_seat_is_absent(room: Room) -> None:
    before = people_reading()
    send(room, SMALL)
    assert Apology.objects.get().seat == "small-supplier"
    assert people_reading() == before


@pytest.mark.clause("L1.12")
def test_the_secretariat_sends_them_for_a_member_on_record(room: Room) -> None:
    apology = send(room, LARGE_1, by=secretariat())
    assert (apology.name, apology.sent_by) == ("Tomasz Wren", person(SECRETARIAT).name)
    assert pma_readers(person(ALTERNATE_OF_LARGE_1))
    told = Delivery.objects.filter(person=person(LARGE_1), notice__subject__startswith="Your apologies")
    assert told.exists()


@pytest.mark.clause("L1.12")
@pytest.mark.parametrize("email", [CHAIR, LARGE_2, ALTERNATE_OF_LARGE_1, SPECIALIST])
def test_nobody_else_sends_or_takes_back_apologies(room: Room, email: str) -> None:
    with pytest.raises(NotEntitled):
        send(room, LARGE_1, by=member(email))
    send(room, LARGE_1)
    with pytest.raises(NotEntitled):
        take_back(room, LARGE_1, by=member(email))


@pytest.mark.clause("L1.12", "C6.9")
def test_what_apologies_need(room: Room) -> None:
    with pytest.raises(RuleViolation, match="no apologies to take back"):
        take_back(room, LARGE_1)
    with pytest.raises(RuleViolation, match="Nobody holds this seat"):
        send(room, UNCONFIRMED, by=secretariat())
    in_draft = Room()
    with pytest.raises(RuleViolation, match="from the notice"):
        send(in_draft, LARGE_1)
    services.cancel_meeting(meeting_id=room.meeting.pk, reason="Snow", by=secretariat())
    with pytest.raises(RuleViolation, match="from the notice"):
        send(room, LARGE_1)


@pytest.mark.clause("L1.12")
def test_the_pages_of_the_member_and_the_secretariat(room: Room) -> None:
    address = f"/meetings/{room.meeting.pk}/"
    mine, theirs = signed_in(LARGE_1), signed_in(SECRETARIAT)
    seat = f"{address}apologies/{SEAT_OF[LARGE_1]}/"
    assert "I cannot attend: my Alternate acts for me" in mine.get(address).content.decode()
    assert mine.post(seat).status_code == 302
    page = mine.get(address).content.decode()
    assert "I can attend after all" in page
    assert "Ruth Ellison acts for you" in page
    page = theirs.get(address).content.decode()
    assert "Apologies: Ruth Ellison acts" in page
    assert "Take back apologies" in page
    assert theirs.post(f"{seat}end/").status_code == 302
    assert "taken back" in mine.get(address).content.decode()
    assert "Tomasz Wren, " not in signed_in("simon.hale@aldermoor.example").get(address).content.decode()


@pytest.mark.clause("L1.12")
def test_the_database_keeps_apologies_as_they_were(room: Room) -> None:
    apology = send(room, LARGE_1)

    def refused(**values: Any) -> None:
        with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
            Apology.objects.filter(pk=apology.pk).update(**values)

    refused(sent_at=apology.sent_at - timedelta(days=1))
    refused(sent_by="Somebody else")
    refused(taken_back_at=apology.sent_at - timedelta(days=1))
    with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
        Apology.objects.create(
            meeting=apology.meeting,
            holding=apology.holding,
            seat=apology.seat,
            name=apology.name,
            sent_at=apology.sent_at,
            sent_by=apology.sent_by,
        )
    apology = take_back(room, LARGE_1)
    refused(taken_back_at=None)
    refused(taken_back_by="Somebody else")
    with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
        Apology.objects.filter(pk=apology.pk).delete()
    send(room, LARGE_1)
    assert Apology.objects.count() == 2
