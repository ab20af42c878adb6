"""A vote under several hands at once (PostgreSQL only)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from smki_pma.clauses import Refusal
from smki_pma.governance.meetings import frozen, services
from smki_pma.governance.meetings.models import Ballot, Resolution, Vote
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.models import EntryText
from smki_pma.website.community.load import enter_offices, enter_organisations, enter_people
from smki_pma.website.community.seats import enter_seats
from tests import together
from tests.meeting_objects import (
    ALTERNATE_OF_LARGE_1,
    CHAIR,
    LARGE_1,
    LARGE_2,
    NETWORK,
    SMALL,
    Room,
    member,
    open_vote,
    person,
)

pytestmark = [pytest.mark.django_db(transaction=True)]
FIVE = (CHAIR, LARGE_1, LARGE_2, SMALL, NETWORK)


@pytest.fixture(autouse=True)
def _people(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    enter_organisations()
    enter_people()
    enter_offices()
    enter_seats()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    return together.at_once(*acts, catching=Refusal)


def entries(event: str) -> int:
    return EntryText.objects.filter(event=event).count()


def cast(vote: Vote, by: Actor, position: str = "for") -> Callable[[], Ballot]:
    return lambda: services.cast_ballot(vote_id=vote.pk, position=position, no_conflict=True, by=by)


def close(vote: Vote) -> Callable[[], Vote]:
    by = member(CHAIR)
    return lambda: services.close_vote(vote_id=vote.pk, by=by)


@pytest.mark.clause("L1.15")
def test_two_tabs_close_the_same_vote_and_it_closes_once() -> None:
    room, vote = open_vote(*FIVE)
    room.cast(vote, CHAIR)

    results = at_once(close(vote), close(vote))

    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert Resolution.objects.filter(vote=vote).count() == 1
    assert entries("vote.closed") == 1


@pytest.mark.clause("L1.15")
def test_two_tabs_of_one_member_cast_one_ballot() -> None:
    _, vote = open_vote(*FIVE)
    by = member(LARGE_2)

    results = at_once(*[cast(vote, by, position) for position in ("for", "against", "abstain")])

    assert sum(isinstance(result, Refusal) for result in results) == 2
    assert Ballot.objects.filter(vote=vote).count() == entries("ballot.cast") == 1


@pytest.mark.clause("L1.12")
def test_member_and_alternate_at_once_cast_one_ballot_for_the_seat() -> None:
    room, vote = open_vote(*FIVE)
    by, alternate = member(LARGE_1), member(ALTERNATE_OF_LARGE_1)
    successor = person(ALTERNATE_OF_LARGE_1).pk

    at_once(
        cast(vote, by),
        cast(vote, alternate, "against"),
        lambda: room.leave(LARGE_1, handed_to=successor),
    )

    assert Ballot.objects.filter(vote=vote, seat="large-supplier-1").count() <= 1


@pytest.mark.clause("L1.13", "L1.15")
def test_every_ballot_is_in_the_closing_record_or_was_refused() -> None:
    room, vote = open_vote(*FIVE)
    room.cast(vote, CHAIR)
    voters = [member(email) for email in FIVE[1:]]

    results = at_once(close(vote), *[cast(vote, by, "against") for by in voters])

    kept = Vote.objects.get(pk=vote.pk)
    counted = {ballot["receipt"] for ballot in frozen.thaw(kept.closing_snapshot)["ballots"]}
    assert counted == set(Ballot.objects.filter(vote=vote).values_list("receipt", flat=True))
    accepted = [result for result in results if isinstance(result, Ballot)]
    assert len(accepted) + 1 == len(counted)
    outcome = frozen.outcome_of(kept.closing_snapshot)
    assert (outcome.votes_for, outcome.against) == (1, len(accepted))


@pytest.mark.clause("L1.13")
def test_a_close_and_a_departure_that_breaks_quorum_exclude_one_another() -> None:
    room: Room
    room, vote = open_vote(CHAIR, LARGE_1, LARGE_2, SMALL)
    room.cast(vote, CHAIR)

    at_once(close(vote), lambda: room.leave(SMALL))

    kept = Vote.objects.get(pk=vote.pk)
    if kept.is_decided:
        assert frozen.thaw(kept.closing_snapshot)["quorum"]["counted"] == 4
    else:
        assert kept.state == "open" and not Resolution.objects.exists()
