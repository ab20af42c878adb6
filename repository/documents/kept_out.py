"""Files that are never lodged: the rooms that keep confidential ones say which they hold. L9.12, L9.18"""

from collections.abc import Callable

from smki_pma.clauses import RuleViolation

Holds = Callable[[str], bool]
_rooms: list[Holds] = []


def keep_out(holds: Holds) -> Holds:
    """Let a function of a file's SHA-256 say that the file is never lodged."""
    _rooms.append(holds)
    return holds


def check_may_be_open(sha256: str) -> None:
    """Whatever is lodged is open to every entitled Party. Raises RuleViolation; names no file and no room. L9.12"""
    if any(holds(sha256) for holds in _rooms):
        raise RuleViolation(
            "This file cannot be lodged: what is confidential to DCC and the SMKI PMA is never stored in the "
            "Repository. Choose another file.",
            clause="L9.12",
            field="file",
        )
