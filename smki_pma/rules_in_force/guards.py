"""A value once in force is part of the record: later ones stand beside it."""

from smki_pma.ledger.guards import append_only
from smki_pma.rules_in_force.models import RuleChange

append_only(RuleChange)
