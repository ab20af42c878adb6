"""The rules that this system follows as figures, with their first values and sources."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from smki_pma.clauses import Clause, RuleViolation, clause
from smki_pma.clauses.tables import read_table

FIRST_EFFECTIVE = date(2026, 11, 1)
Value = bool | int


@dataclass(frozen=True, slots=True)
class Rule:
    """One figure or choice.

    value: the first one, in `unit`. mark: "R" read in the Code or in what is published under it, "D" house rule.
    minimum, maximum: what a motion may set; of a figure that was read only where its source makes it a setting.
    source: where the value comes from.
    """

    key: str
    title: str
    value: Value
    unit: str
    clause: Clause
    mark: Literal["R", "D"]
    source: str
    minimum: int | None = None
    maximum: int | None = None

    @property
    def is_house_rule(self) -> bool:
        return self.mark == "D"

    @property
    def may_change(self) -> bool:
        """Whether a motion may set another value."""
        return self.is_house_rule or self.maximum is not None

    def check_may_change(self) -> None:
        """The SMKI PMA changes house rules and settings; a figure of the Code changes with the Code (L1.19)."""
        if not self.may_change:
            raise RuleViolation(
                f"“{self.title}” is neither a house rule nor a setting, so no motion changes it. Its source is: "
                f"{self.source}.",
                clause=self.clause.id,
                field="key",
            )

    def in_words(self, value: Value) -> str:
        """A value of the rule for a reader: yes, no, or the figure with its thousands apart and its unit."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return f"{value:,} {self.unit}"

    def check_value(self, value: object) -> Value:
        """A new value is of the rule's kind and within its bounds (house rule)."""
        if isinstance(self.value, bool):
            if not isinstance(value, bool):
                raise self._refusal("yes or no")
            return value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._refusal("a whole number")
        if (self.minimum is not None and value < self.minimum) or (
            self.maximum is not None and value > self.maximum
        ):
            raise self._refusal(f"a whole number from {self.minimum} to {self.maximum}")
        return value

    def _refusal(self, wanted: str) -> RuleViolation:
        return RuleViolation(
            f"{self.title} is {wanted}, in {self.unit}.", clause=self.clause.id, field="value"
        )


@cache
def catalogue() -> dict[str, Rule]:
    """Every rule by its key, in the order of the page."""
    rows = read_table(Path(__file__).parent / "rules.yaml")
    return {row["key"]: Rule(**row | {"clause": clause(row["clause"])}) for row in rows}
