"""Quorum as the pages of a sitting meeting show it."""

import pytest
from lxml import html

from tests.community import Community
from tests.integration.meetings.test_ballot_pages import FOUR, get, text
from tests.meeting_objects import CHAIR, LARGE_1, NETWORK, SMALL, Room, person, sitting_room

pytestmark = pytest.mark.usefixtures("community")


@pytest.mark.clause("L1.13")
def test_a_departure_that_breaks_quorum_is_warned_of_before(community: Community) -> None:
    room, _, _ = sitting_room(*FOUR)
    client = community.client("secretariat")

    page = get(client, "record_departure", room.meeting.pk, person(SMALL).pk)

    assert "ends the quorum" in text(page)
    room.arrive(NETWORK)
    assert "ends the quorum" not in text(get(client, "record_departure", room.meeting.pk, person(SMALL).pk))
    assert "ends the quorum" in text(get(client, "record_departure", room.meeting.pk, person(CHAIR).pk))


@pytest.mark.clause("L1.13")
def test_the_strip_is_replaced_inside_a_lasting_live_region_and_only_when_it_is_new(
    community: Community,
) -> None:
    room = Room()
    room.item("Plan")
    room.convene()
    room.arrive(*FOUR)
    client = community.client(LARGE_1)
    page = html.fromstring(get(client, "show_meeting", room.meeting.pk).content)
    [strip] = page.xpath("//*[@id='quorum-strip']")
    assert strip.getparent().get("aria-live") == "polite"
    assert strip.get("aria-live") is None

    assert client.get(strip.get("hx-get")).status_code == 204
    room.leave(SMALL)
    again = client.get(strip.get("hx-get"))
    assert again.status_code == 200 and "No quorum" in text(again)
    [fresh] = html.fromstring(again.content).xpath("descendant-or-self::section")
    assert client.get(fresh.get("hx-get")).status_code == 204
