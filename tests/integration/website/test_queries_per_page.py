"""The pages that are opened most ask the database a fixed number of times, whatever there is to show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.notices.acts import send_notice
from smki_pma.notices.models import Notice
from smki_pma.parties.models import Person
from tests.community import Community
from tests.meeting_objects import CHAIR, LARGE_1, LARGE_2, NETWORK, SMALL, open_vote

pytestmark = pytest.mark.usefixtures("community")


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_ballot_page(community: Community) -> None:
    room, vote = open_vote(CHAIR, LARGE_1, LARGE_2, SMALL)
    client = community.client(LARGE_2)
    client.post(reverse("meetings:answer_conflict", args=[vote.pk]), {"interest": "no"})
    address = reverse("meetings:cast_ballot", args=[vote.pk])
    few = queries(client, address)
    room.arrive(NETWORK)
    for email in (CHAIR, LARGE_1, SMALL, NETWORK):
        room.cast(vote, email)
    assert queries(client, address) == few <= 40


@service
def tell(*, people: list[Person], subject: str, by: Actor) -> Notice:
    notice = send_notice(clause="L1.15", subject=subject, body="Read this.", people=people, url="/duties/")
    record("test.told", clause="L1.15", by=by, subject=notice, audience="pma")
    return notice


def test_the_inbox(community: Community) -> None:
    client = community.client("secretariat")
    for number in range(2):
        tell(people=[community.person("secretariat")], subject=f"News {number}", by=Actor.owner("the test"))
    few = queries(client, reverse("notices:list_notices"))
    for number in range(20):
        tell(people=[community.person("secretariat")], subject=f"More {number}", by=Actor.owner("the test"))
    assert queries(client, reverse("notices:list_notices")) == few <= 20


def test_the_members(community: Community) -> None:
    """Seven seats there always are: fewer queries than two for each."""
    assert queries(community.client("secretariat"), reverse("membership:list_members")) < 14
