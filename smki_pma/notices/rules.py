"""When a holder is reminded: pure functions over plain data."""

from enum import StrEnum


class Stage(StrEnum):
    """Before the day, on it, and after it (house rule: two Working Days before; then every fifth one after)."""

    AHEAD = "ahead"
    TODAY = "today"
    OVERDUE = "overdue"


def compute_stage(*, is_overdue: bool, working_days_left: int, working_days_over: int) -> str:
    """The stage whose reminder is due: "ahead", "today", "overdue-0", "overdue-5" ...; "" for none yet."""
    if is_overdue:
        return f"{Stage.OVERDUE}-{working_days_over // 5 * 5}"
    if working_days_left <= 0:
        return Stage.TODAY
    return Stage.AHEAD if working_days_left <= 2 else ""
