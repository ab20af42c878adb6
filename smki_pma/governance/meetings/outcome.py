"""The outcome of a vote: a pure function of the frozen closing snapshot, and of nothing else (L1.15)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Position(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Cast:
    """One ballot as it counts. seat: the seat's key."""

    seat: str
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """carried, and the count from which it follows."""

    carried: bool
    votes_for: int
    against: int
    abstained: int
    by_casting_vote: bool = False

    @property
    def is_tie(self) -> bool:
        return self.votes_for == self.against


def compute_outcome(casts: Iterable[Cast], *, chair_seat: str, chair_has_casting_vote: bool) -> Outcome:
    """Carried by a simple majority of votes cast; a tie is not carried, abstentions do not count (house rule on C5).

    With the casting vote on, a tie goes as the Chair's own ballot went; an abstaining Chair decides nothing.
    """
    by_seat = {cast.seat: cast.position for cast in casts}
    counts = Counter(by_seat.values())
    ayes, noes = counts[Position.FOR], counts[Position.AGAINST]
    tie = ayes == noes
    casting = tie and chair_has_casting_vote and by_seat.get(chair_seat) in (Position.FOR, Position.AGAINST)
    carried = by_seat[chair_seat] is Position.FOR if casting else ayes > noes
    return Outcome(
        carried=carried,
        votes_for=ayes,
        against=noes,
        abstained=counts[Position.ABSTAIN],
        by_casting_vote=casting,
    )


def describe_threshold(*, chair_has_casting_vote: bool) -> str:
    """The threshold in words, for the ballot page."""
    tie = "on equality the Chair's ballot decides" if chair_has_casting_vote else "equality is not carried"
    return f"Carried by more votes for than against; {tie}; abstentions count for quorum only."
