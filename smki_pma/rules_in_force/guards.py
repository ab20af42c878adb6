"""A value once in force is part of the record: later ones stand beside it."""

from smki_pma.ledger.guards import append_only, frozen
from smki_pma.rules_in_force.models import NonWorkingDay, RuleChange

append_only(RuleChange)
frozen(NonWorkingDay, columns=["id", "day", "reason"], name="added")
frozen(
    NonWorkingDay,
    columns=["removed_at", "removed_reason"],
    when="OLD.removed_at IS NOT NULL",
    name="removed",
)
