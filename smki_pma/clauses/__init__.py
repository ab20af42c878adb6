"""The clauses of the Code that this system enforces, and the refusals that cite them."""

from smki_pma.clauses.refusals import NotEntitled, Refusal, RuleViolation
from smki_pma.clauses.registry import Clause, UnknownClause, all_clauses, clause, parent_of

__all__ = [
    "Clause",
    "NotEntitled",
    "Refusal",
    "RuleViolation",
    "UnknownClause",
    "all_clauses",
    "clause",
    "parent_of",
]
