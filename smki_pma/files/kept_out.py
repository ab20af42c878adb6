"""Files that never lie open: the rooms that keep confidential ones say which they hold. L9.12, L9.18"""

from collections.abc import Callable

from smki_pma.clauses import RuleViolation

Holds = Callable[[str], bool]
_rooms: list[Holds] = []


def keep_out(holds: Holds) -> Holds:
    """Let a function of a file's SHA-256 say that the file never lies open."""
    _rooms.append(holds)
    return holds


def check_may_be_open(sha256: str, *, refusal: str) -> None:
    """For what others than DCC and the SMKI PMA may read. Raises RuleViolation with the refusal, which names no room
    and no document. L9.12"""
    if any(holds(sha256) for holds in _rooms):
        raise RuleViolation(refusal, clause="L9.12", field="file")
