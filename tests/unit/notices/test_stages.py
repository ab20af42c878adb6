"""When a holder is reminded."""

import pytest

from smki_pma.notices.rules import compute_stage


@pytest.mark.parametrize(
    ("is_overdue", "left", "over", "stage"),
    [
        (False, 9, 0, ""),
        (False, 3, 0, ""),
        (False, 2, 0, "ahead"),
        (False, 1, 0, "ahead"),
        (False, 0, 0, "today"),
        (True, 0, 0, "overdue-0"),
        (True, 0, 4, "overdue-0"),
        (True, 0, 5, "overdue-5"),
        (True, 0, 11, "overdue-10"),
    ],
)
def test_stages(is_overdue: bool, left: int, over: int, stage: str) -> None:
    assert compute_stage(is_overdue=is_overdue, working_days_left=left, working_days_over=over) == stage
