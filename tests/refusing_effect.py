"""An effect of a motion that refuses while a test says so."""

from typing import Any

from smki_pma.clauses import RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import require_resolution

refuses = True
ran: list[Actor] = []


def carry(*, subject_id: object, parameters: dict[str, Any], by: Actor) -> None:
    """Stands for a service of another room."""
    require_resolution(by, clause="L1.15")
    if refuses:
        raise RuleViolation("The subject has been withdrawn.", clause="L9.9(b)")
    ran.append(by)
