"""The one form of a life cycle: a table of transitions, from which services act and diagrams are drawn."""

from dataclasses import dataclass

from smki_pma.clauses.refusals import RuleViolation
from smki_pma.clauses.registry import clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One act that moves a thing from any of `sources` to `target`.

    who: who does it, in words. clause: its ground. event: the ledger entry that it records.
    """

    action: str
    sources: tuple[str, ...]
    target: str
    who: str
    clause: str
    event: str

    def __post_init__(self) -> None:
        clause(self.clause)


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeCycle:
    """A life cycle: what goes through it, its states in order with their names, and every transition."""

    key: str
    title: str
    states: dict[str, str]
    transitions: tuple[Transition, ...]

    def __post_init__(self) -> None:
        named = {state for move in self.transitions for state in (*move.sources, move.target)}
        unknown = named - self.states.keys()
        if unknown:
            raise ValueError(f"{self.key}: the transitions name states without a title: {sorted(unknown)}")

    def transition(self, action: str) -> Transition:
        """The transition of that name; KeyError when the table has none."""
        for move in self.transitions:
            if move.action == action:
                return move
        raise KeyError(f"{self.key} has no action {action}")

    def move(self, action: str, *, state: str) -> Transition:
        """The transition that `action` makes from `state`; RuleViolation where the state does not allow it."""
        move = self.transition(action)
        if state not in move.sources:
            raise RuleViolation(
                f"{self.title} is {self.states[state].lower()}: this can no longer be done, or not yet. "
                "Reload the page to see where it stands.",
                clause=move.clause,
            )
        return move

    def allows(self, action: str, *, state: str) -> bool:
        """Whether `action` can be done in `state`."""
        return state in self.transition(action).sources

    def choices(self) -> list[tuple[str, str]]:
        """The states as choices of a model field."""
        return list(self.states.items())
