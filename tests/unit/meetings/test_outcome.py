"""The outcome as a table and as laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smki_pma.governance.meetings.outcome import Cast, Position, compute_outcome
from smki_pma.governance.membership.seats import CHAIR_SEAT, SEATS

KEYS = [seat.key for seat in SEATS]
LETTERS = {"f": Position.FOR, "a": Position.AGAINST, "-": Position.ABSTAIN}


def casts(text: str) -> list[Cast]:
    """One letter a seat, the Chair first: f for, a against, - abstain, a space for no ballot."""
    pairs = zip(KEYS, text, strict=False)
    return [Cast(seat=key, position=LETTERS[letter]) for key, letter in pairs if letter != " "]


TABLE = [
    ("ffa", False, True),
    ("faa", False, False),
    ("fa", False, False),
    ("fa", True, True),
    ("af", True, False),
    ("-fa", True, False),
    (" fa", True, False),
    ("f---", False, True),
    ("----", False, False),
    ("a---", False, False),
    ("ffffaaa", False, True),
    ("fffaaa", False, False),
    ("fffaaa", True, True),
    ("", False, False),
    ("f", False, True),
]


@pytest.mark.clause("L1.15")
@pytest.mark.parametrize(("text", "casting", "carried"), TABLE)
def test_outcome(text: str, casting: bool, carried: bool) -> None:
    outcome = compute_outcome(casts(text), chair_seat=CHAIR_SEAT, chair_has_casting_vote=casting)

    assert outcome.carried is carried
    assert (outcome.votes_for, outcome.against, outcome.abstained) == tuple(text.count(c) for c in "fa-")


ballots = st.lists(st.sampled_from("fa- "), min_size=7, max_size=7).map("".join)


@pytest.mark.clause("L1.15")
@given(ballots)
def test_carried_needs_more_for_than_against(text: str) -> None:
    outcome = compute_outcome(casts(text), chair_seat=CHAIR_SEAT, chair_has_casting_vote=False)

    assert outcome.carried == (text.count("f") > text.count("a"))
    assert not outcome.by_casting_vote


@pytest.mark.clause("L1.15")
@given(ballots, st.booleans())
def test_abstentions_and_order_change_nothing(text: str, casting: bool) -> None:
    one = compute_outcome(casts(text), chair_seat=CHAIR_SEAT, chair_has_casting_vote=casting)
    other = compute_outcome(
        reversed(casts(text.replace("-", " "))), chair_seat=CHAIR_SEAT, chair_has_casting_vote=casting
    )

    assert one.carried == other.carried


@pytest.mark.clause("L1.15")
@given(ballots)
def test_the_casting_vote_decides_nothing_but_equality(text: str) -> None:
    without = compute_outcome(casts(text), chair_seat=CHAIR_SEAT, chair_has_casting_vote=False)
    with_it = compute_outcome(casts(text), chair_seat=CHAIR_SEAT, chair_has_casting_vote=True)

    assert without.carried == with_it.carried or (without.is_tie and with_it.by_casting_vote)
