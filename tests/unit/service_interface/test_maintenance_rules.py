"""How much Planned Maintenance a month has, and what may still be announced."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.service_interface.refusals import REASONS
from certification.service_interface.rules import (
    check_new_key,
    check_planned,
    check_right,
    check_room_for_one_more,
    check_window,
    compute_downtime,
    compute_missing_right,
)
from smki_pma.calendar import working_days
from smki_pma.clauses import RuleViolation

HOUR = timedelta(hours=1)
START = datetime(2026, 12, 31, 22, 0, tzinfo=UTC)
# Minutes from the start of 2026 on, and how many the work lasts.
SPANS = st.lists(st.tuples(st.integers(0, 1_000_000), st.integers(0, 57_600)), max_size=6)


@pytest.fixture(autouse=True, scope="module")
def _no_extra_days() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(working_days, "_extra_days", frozenset)
        yield


@pytest.mark.clause("H8.3")
def test_time_is_counted_in_the_london_month_in_which_it_falls() -> None:
    assert compute_downtime([(START, START + 5 * HOUR)]) == {
        date(2026, 12, 1): 2 * HOUR,
        date(2027, 1, 1): 3 * HOUR,
    }
    summer = datetime(2027, 6, 30, 22, 0, tzinfo=UTC)  # 23:00 in London
    assert compute_downtime([(summer, summer + 2 * HOUR)]) == {date(2027, 6, 1): HOUR, date(2027, 7, 1): HOUR}


@pytest.mark.clause("H8.3")
@given(SPANS)
def test_no_time_is_lost_or_counted_twice(drawn: list[tuple[int, int]]) -> None:
    year = datetime(2026, 1, 1, tzinfo=UTC)
    spans = [
        (year + timedelta(minutes=start), year + timedelta(minutes=start + length)) for start, length in drawn
    ]
    total = sum(compute_downtime(spans).values(), timedelta())
    assert total <= sum((end - start for start, end in spans), timedelta())
    assert compute_downtime(spans + spans) == compute_downtime(spans)
    covered = max((end for _, end in spans), default=START) - min(
        (start for start, _ in spans), default=START
    )
    assert total <= covered
    if spans:
        assert total >= max(end - start for start, end in spans)


@pytest.mark.clause("H8.3")
def test_planned_maintenance_needs_its_notice_and_keeps_its_hours() -> None:
    announced, limits = date(2026, 12, 1), {"notice": 20, "hours": 6}
    # 20 Working Days after 1 December 2026, across Christmas: 31 December.
    check_planned((START, START + 6 * HOUR), [], announced_on=announced, **limits)
    with pytest.raises(RuleViolation, match="from 31 December 2026 on") as refused:
        check_planned((START - 24 * HOUR, START), [], announced_on=announced, **limits)
    assert (refused.value.clause.id, refused.value.field) == ("H8.3", "starts_at")
    january = datetime(2027, 1, 20, tzinfo=UTC)
    others = [(january, january + 4 * HOUR)]
    check_planned((START, START + 4 * HOUR), others, announced_on=announced, **limits)
    with pytest.raises(RuleViolation, match="January 2027 would come to 7 hours"):
        check_planned((START, START + 5 * HOUR), others, announced_on=announced, **limits)


@pytest.mark.clause("H8.3")
def test_a_month_that_is_full_already_bars_no_other_month() -> None:
    december = datetime(2026, 12, 5, tzinfo=UTC)
    full = [(december, december + 7 * HOUR)]
    january = datetime(2027, 1, 20, tzinfo=UTC)
    check_planned((january, january + HOUR), full, announced_on=date(2026, 12, 1), notice=20, hours=6)


@pytest.mark.clause("H8.3")
@pytest.mark.parametrize(("start", "end"), [(0, 1), (-1, 1), (1, 1), (2, 1)])
def test_work_lies_ahead_and_has_an_end_after_its_start(start: int, end: int) -> None:
    with pytest.raises(RuleViolation):
        check_window(START + start * HOUR, START + end * HOUR, at=START)


@pytest.mark.clause("L4.1")
@pytest.mark.parametrize(
    ("environment", "responsible", "authorised", "testing", "missing"),
    [
        ("live", True, True, False, ""),
        ("live", True, False, True, "party.not_authorised"),
        ("live", False, True, True, "officer.not_responsible"),
        ("live", False, False, False, "party.not_authorised"),
        ("test", False, False, True, ""),
        ("test", True, True, False, ""),
        ("test", True, False, False, "party.no_test_access"),
        ("test", False, True, False, "party.no_test_access"),
    ],
)
def test_who_may_use_which_interface(
    environment: str, responsible: bool, authorised: bool, testing: bool, missing: str
) -> None:
    rights = {"is_responsible": responsible, "is_authorised": authorised, "has_test_access": testing}
    found = compute_missing_right(environment, **rights)
    if not missing:
        assert found is None
        check_right(environment, **rights)
        return
    assert found
    # Machines are told the clause of the table of reasons, people that of the rule: one and the same.
    assert (found.code, found.clause) == (missing, REASONS[missing].clause)
    with pytest.raises(RuleViolation, match=re.escape(found.detail)) as refused:
        check_right(environment, **rights)
    assert (refused.value.clause.id, refused.value.field) == (found.clause, "environment")


@pytest.mark.clause("L4.5")
def test_a_limited_number_each_with_its_own_key() -> None:
    check_room_for_one_more(held=19, limit=20)
    check_new_key(used=False)
    with pytest.raises(RuleViolation, match="20 credentials"):
        check_room_for_one_more(held=20, limit=20)
    with pytest.raises(RuleViolation, match="Make a new key"):
        check_new_key(used=True)
