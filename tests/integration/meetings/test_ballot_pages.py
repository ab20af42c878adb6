"""The pages of the main job: from calling a meeting to the receipt and the result."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from smki_pma.calendar import clock
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.models import Attendance, Ballot, Meeting, Vote
from tests.community import Community
from tests.meeting_objects import (
    ALTERNATE_OF_LARGE_1,
    CHAIR,
    DCC,
    LARGE_1,
    LARGE_2,
    NETWORK,
    SEAT_OF,
    SEATS_HELD,
    SMALL,
    SPECIALIST,
    Room,
    member,
    open_vote,
    person,
    sitting_room,
)

pytestmark = pytest.mark.usefixtures("community")
FOUR = (CHAIR, LARGE_1, LARGE_2, SMALL)


def post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"meetings:{name}", args=args), data)


def get(client: Client, name: str, *args: Any) -> Any:
    return client.get(reverse(f"meetings:{name}", args=args))


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def key_of(response: Any) -> str:
    found = re.search(r'name="submission_key" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def vote_through_pages(client: Client, vote: Vote, position: str) -> Any:
    assert get(client, "cast_ballot", vote.pk).url.endswith("/conflict/")
    post(client, "answer_conflict", vote.pk, interest="no")
    ballot = get(client, "cast_ballot", vote.pk)
    opening = re.search(r'name="opening" value="([0-9a-f]{64})"', ballot.content.decode())
    assert opening
    answer = {"position": position, "reason": "Because", "opening": opening[1]}
    check = post(client, "cast_ballot", vote.pk, step="check", **answer)
    assert "final" in text(check) and not Ballot.objects.filter(vote=vote, person__email=LARGE_1).exists()
    return post(client, "cast_ballot", vote.pk, step="cast", **answer)


def convened_through_pages(office: Client) -> tuple[Meeting, Vote]:
    """A meeting called, filled with one question and convened by the Secretariat."""
    now = clock.now().astimezone(clock.LONDON)
    page = get(office, "call_meeting")
    fields = {"submission_key": key_of(page), "place": "Larkfield House", "kind": "ordinary"}
    fields |= {f"starts_at_{i}": str(v) for i, v in enumerate([now.day, now.month, now.year, f"{now:%H:%M}"])}
    assert post(office, "call_meeting", **fields).status_code == 302, "the fields of MomentField"
    meeting = Meeting.objects.get(place="Larkfield House")
    page = get(office, "add_item", meeting.pk)
    post(office, "add_item", meeting.pk, submission_key=key_of(page), public_title="Plan", purpose="decision")
    item = meeting.items.get()
    page = get(office, "propose_vote", item.pk, "pma.resolve", "resolve")
    made = post(
        office,
        "propose_vote",
        item.pk,
        "pma.resolve",
        "resolve",
        submission_key=key_of(page),
        text="adopt the plan",
    )
    vote = Vote.objects.get(item=item)
    assert made.url.endswith(f"/votes/{vote.pk}/")
    given = post(
        office,
        "convene",
        meeting.pk,
        dcc_representative=person(DCC).pk,
        short_notice_ground="Urgent",
        agreed=SEATS_HELD,
    )
    assert given.status_code == 302
    return meeting, vote


@pytest.mark.clause("L1.12", "L1.13")
def test_arrivals_are_recorded_all_or_none(community: Community) -> None:
    """A member and that member's Alternate are ticked for one seat; the corrected form goes through."""
    room = Room()
    room.item()
    room.convene()
    office = community.client("secretariat")
    first = f"chair:{person(CHAIR).pk}"
    seat = f"large-supplier-1:{person(LARGE_1).pk}"
    wrong = f"large-supplier-1:{person(ALTERNATE_OF_LARGE_1).pk}"

    answer = post(office, "record_arrivals", room.meeting.pk, arrivals=[first, seat, wrong])

    assert answer.status_code == 422
    assert "acts for this seat now" in text(answer) and "Nobody’s arrival has been recorded" in text(answer)
    assert not Attendance.objects.filter(meeting=room.meeting).exists()
    assert post(office, "record_arrivals", room.meeting.pk, arrivals=[first, seat]).status_code == 302
    assert Attendance.objects.filter(meeting=room.meeting).count() == 2


@pytest.mark.clause("L2.14", "L1.12(a)")
def test_the_chairs_alternate_calls_and_convenes_an_emergency_meeting_through_the_pages(
    community: Community,
) -> None:
    specialist, office = community.client(SPECIALIST), community.client("secretariat")
    now = clock.now().astimezone(clock.LONDON)
    page = get(specialist, "call_meeting")
    assert "Emergency (L2.14 alone)" in text(page) and "Ordinary" not in text(page)
    assert "Emergency" not in text(get(office, "call_meeting"))
    fields = {"submission_key": key_of(page), "place": "By telephone", "kind": "emergency"}
    fields |= {f"starts_at_{i}": str(v) for i, v in enumerate([now.day, now.month, now.year, f"{now:%H:%M}"])}
    assert post(specialist, "call_meeting", **fields).status_code == 302
    meeting = Meeting.objects.get(place="By telephone")
    assert meeting.reference in text(specialist.get("/meetings/"))
    for client, offered in ((specialist, True), (office, False)):
        assert ("Give notice" in text(get(client, "show_meeting", meeting.pk))) is offered
    item = {"public_title": "Services", "purpose": "decision", "confidential": "on"}
    page = get(specialist, "add_item", meeting.pk)
    added = post(specialist, "add_item", meeting.pk, submission_key=key_of(page), **item)
    assert specialist.get(added.url).status_code == 200, "the page that follows is one that may be read"
    given = post(specialist, "convene", meeting.pk, dcc_representative=person(DCC).pk)
    assert given.status_code == 302
    meeting.refresh_from_db()
    assert meeting.state == "convened"


@pytest.mark.clause("L1.13", "L1.14(a)", "L1.15")
def test_a_meeting_goes_from_call_to_result_through_the_pages(community: Community) -> None:
    office, chair, large = (community.client(e) for e in ("secretariat", CHAIR, LARGE_1))
    meeting, vote = convened_through_pages(office)
    arrivals = [f"{SEAT_OF[email]}:{person(email).pk}" for email in FOUR]
    assert post(office, "record_arrivals", meeting.pk, arrivals=arrivals).status_code == 302
    post(office, "open_meeting", meeting.pk)
    post(office, "open_item", vote.item_id)
    assert post(chair, "open_vote", vote.pk, asked="on").status_code == 302

    receipt = vote_through_pages(large, vote, "for")

    assert Ballot.objects.get(vote=vote).receipt in text(large.get(receipt.url))
    assert "Ballots cast: 1" in text(get(chair, "show_vote", vote.pk))
    post(chair, "close_vote", vote.pk)
    result = text(get(large, "show_vote", vote.pk))
    assert "1 for, 0 against, 0 abstained" in result and "Because" in result
    assert "Carried" in text(Client().get(reverse("meetings:list_meetings")))


@pytest.mark.clause("L1.15")
def test_the_ballot_says_everything_before_it_asks_and_preselects_nothing(community: Community) -> None:
    _, vote = open_vote(*FOUR)
    client = community.client(LARGE_1)
    post(client, "answer_conflict", vote.pk, interest="no")

    page = get(client, "cast_ballot", vote.pk)

    words = text(page)
    places = [
        words.index(part)
        for part in (vote.question, "If it is carried", "Exact version", "Threshold", "Quorum now")
    ]
    assert places == sorted(places)
    assert "You act for the Large Supplier Member (first seat) as member" in words
    assert "checked" not in page.content.decode()


def test_nothing_chosen_is_an_error_and_casts_nothing(community: Community) -> None:
    _, vote = open_vote(*FOUR)
    client = community.client(LARGE_1)
    post(client, "answer_conflict", vote.pk, interest="no")

    page = post(client, "cast_ballot", vote.pk, step="cast", opening="0" * 64)

    assert page.status_code == 422 and "Choose for, against or abstain" in text(page)
    assert not Ballot.objects.filter(vote=vote).exists()


@pytest.mark.clause("L1.15")
def test_a_stale_form_says_so(community: Community) -> None:
    _, vote = open_vote(*FOUR)
    client = community.client(LARGE_1)
    post(client, "answer_conflict", vote.pk, interest="no")

    page = post(client, "cast_ballot", vote.pk, step="cast", position="for", opening="0" * 64)

    assert page.status_code == 422 and "out of date" in text(page)
    assert not Ballot.objects.filter(vote=vote).exists()


@pytest.mark.clause("L1.15")
def test_voting_twice_and_after_the_close_says_why(community: Community) -> None:
    room, vote = open_vote(*FOUR)
    client = community.client(LARGE_1)
    post(client, "answer_conflict", vote.pk, interest="no")
    opening = re.search(
        r'name="opening" value="([0-9a-f]{64})"', get(client, "cast_ballot", vote.pk).content.decode()
    )
    assert opening
    room.cast(vote, LARGE_1)

    twice = post(client, "cast_ballot", vote.pk, step="cast", position="against", opening=opening[1])
    room.close(vote)
    after = post(client, "cast_ballot", vote.pk, step="cast", position="against", opening=opening[1])

    assert twice.status_code == 409 and "final" in text(twice)
    assert after.status_code == 409 and "not counted" in text(after)
    assert Ballot.objects.get(vote=vote).position == "for"


@pytest.mark.clause("L1.15")
@pytest.mark.parametrize("who", ["secretariat", "party_officer", "dcc_document_owner", "panel_officer"])
def test_who_is_no_member_cannot_vote_by_any_page(community: Community, who: str) -> None:
    _, vote = open_vote(*FOUR)
    client = community.client(who)

    for step in ("", "check", "cast"):
        page = post(client, "cast_ballot", vote.pk, step=step, position="for", opening="0" * 64)
        assert page.status_code == 403
    assert post(client, "answer_conflict", vote.pk, interest="no").status_code == 403
    assert post(client, "open_vote", vote.pk, asked="on").status_code == 403
    assert post(client, "close_vote", vote.pk).status_code == 403
    assert not Ballot.objects.filter(vote=vote).exists()


@pytest.mark.clause("L1.13")
def test_a_waiting_vote_says_so_and_takes_no_ballot(community: Community) -> None:
    room, vote = open_vote(*FOUR)
    room.leave(SMALL)

    assert "This vote waits" in text(get(community.client("secretariat"), "show_vote", vote.pk))
    refused = get(community.client(LARGE_1), "answer_conflict", vote.pk)
    assert refused.status_code == 409 and "no quorum" in text(refused)


@pytest.mark.clause("L9.12")
def test_a_confidential_item_is_404_to_others_and_its_title_nowhere(community: Community) -> None:
    room = Room()
    item = room.item("Procedures of a service provider", title="KANARIENVOGEL", confidential=True)
    vote = room.question(item, "accept KANARIENVOGEL", public_question="Accept the procedures")
    room.convene()
    room.arrive(*FOUR)
    room.open(item)
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    room.cast(vote, CHAIR, reason="KANARIENVOGEL")
    room.close(vote)
    pages = [("list_meetings",), ("show_meeting", room.meeting.pk), ("show_strip", room.meeting.pk)]
    hidden = [("show_item", item.pk), ("show_vote", vote.pk), ("answer_conflict", vote.pk)]

    for who in (
        "party_officer",
        "dcc_document_owner",
        "panel_officer",
        "auditor",
        "assurance_provider",
        SPECIALIST,
    ):
        client = community.client(who)
        for name, *args in pages:
            page = get(client, name, *args)
            assert page.status_code == 200 and b"KANARIENVOGEL" not in page.content
        for name, *args in hidden:
            page = get(client, name, *args)
            assert page.status_code == 404 and b"KANARIENVOGEL" not in page.content
    assert b"KANARIENVOGEL" in get(community.client(LARGE_1), "show_item", item.pk).content


@pytest.mark.clause("L1.15")
def test_who_is_out_no_longer_sees_the_confidential_item(community: Community) -> None:
    room = Room()
    item = room.item("Procedures", title="KANARIENVOGEL", confidential=True)
    room.convene()
    client = community.client(LARGE_1)
    assert get(client, "show_item", item.pk).status_code == 200

    post(client, "declare_conflict", item.pk, reason="My employer runs it.")

    page = get(client, "show_item", item.pk)
    assert page.status_code == 403 and "KANARIENVOGEL" not in text(page)
    assert b"KANARIENVOGEL" not in get(client, "show_meeting", room.meeting.pk).content


def test_every_page_of_a_sitting_meeting_opens_for_its_people(community: Community) -> None:
    room, item, vote = sitting_room(*FOUR)
    for who in ("secretariat", CHAIR, LARGE_1, SPECIALIST, "party_officer"):
        client = community.client(who)
        for name, pk in (("show_meeting", room.meeting.pk), ("show_item", item.pk), ("show_vote", vote.pk)):
            assert get(client, name, pk).status_code == 200
    office = community.client("secretariat")
    for name, pk in (
        ("add_item", room.meeting.pk),
        ("record_arrivals", room.meeting.pk),
        ("adjourn_meeting", room.meeting.pk),
        ("close_meeting", room.meeting.pk),
        ("show_minutes", room.meeting.pk),
        ("write_note", item.pk),
        ("choose_motion", item.pk),
        ("add_paper", item.pk),
        ("abandon_vote", vote.pk),
    ):
        assert get(office, name, pk).status_code == 200, name
    assert get(community.client(CHAIR), "open_vote", vote.pk).status_code == 200


@pytest.mark.clause("L1.13")
def test_an_item_is_opened_and_closed_on_its_own_page(community: Community) -> None:
    room = Room()
    item, second = room.item(), room.item("Second")
    vote = room.question(item)
    room.convene()
    room.arrive(*FOUR)
    office = community.client("secretariat")
    assert "Open this item" not in text(get(office, "show_item", item.pk))
    room.open()

    assert "Open this item" in text(get(office, "show_item", item.pk))
    assert "Open this item" not in text(get(community.client(LARGE_1), "show_item", item.pk))
    blocked = get(community.client(CHAIR), "show_vote", vote.pk).content.decode()
    assert "The item is not open" in blocked
    assert f'href="/meetings/items/{item.pk}/">Go to item 1' in blocked
    post(office, "open_item", item.pk)

    assert "Close this item" in text(get(office, "show_item", item.pk))
    assert "Open this item" not in text(get(office, "show_item", second.pk))


@pytest.mark.clause("L1.13")
def test_a_closed_vote_shows_the_quorum_as_it_was(community: Community) -> None:
    room, vote = open_vote(*FOUR)
    client = community.client(LARGE_1)
    assert "Quorum now" in text(get(client, "show_vote", vote.pk))
    room.arrive(NETWORK)
    room.cast(vote, CHAIR)
    room.close(vote)
    for email in FOUR:
        room.leave(email)

    words = text(get(client, "show_vote", vote.pk))

    assert "Quorum at the opening 4 of 7 seats present, 4 needed: quorate" in words
    assert "Quorum at the close 5 of 7 seats present, 4 needed: quorate" in words
    assert "Quorum now" not in words


@pytest.mark.clause("L1.15")
def test_the_duty_to_vote_belongs_to_the_meeting_and_is_not_overdue(community: Community) -> None:
    room, vote = open_vote(*FOUR)

    words = text(community.client(LARGE_1).get("/for-you/"))

    duty = words.index(f"Vote on {vote.reference}")
    assert words.index("This meeting") < duty
    assert "Overdue" not in words[:duty]


def test_a_plain_item_offers_no_question_that_has_nothing_to_decide_on(community: Community) -> None:
    room = Room()
    plain, confidential = room.item(), room.item("Procedures", confidential=True)
    office = community.client("secretariat")

    for item in (plain, confidential):
        words = text(get(office, "choose_motion", item.pk))
        assert "Resolve in the words of the motion" in words
        assert "Approve the initial draft" not in words and "Decide an amendment" not in words
