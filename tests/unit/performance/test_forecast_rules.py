"""Which months a forecast covers, when it falls due, and what its table must be."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.performance import rules
from certification.performance.rules import Expected, compute_due, compute_months, compute_occasion
from smki_pma.calendar import working_days
from smki_pma.clauses import RuleViolation

DAYS = st.dates(date(2015, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(0, rules.LARGEST)


@pytest.fixture(autouse=True, scope="module")
def _no_extra_days() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(working_days, "_extra_days", frozenset)
        yield


def following(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


@pytest.mark.clause("L8.7")
@given(DAYS)
def test_eight_months_follow_the_end_of_the_month_of_providing(day: date) -> None:
    months = compute_months(day)
    assert len(months) == 8
    assert months[0] == following(day.replace(day=1))
    assert all(later == following(earlier) for earlier, later in pairwise(months))
    # None has begun, whatever the day of the month.
    assert months == compute_months(day.replace(day=1))
    assert day < months[0]


@pytest.mark.clause("L8.7")
@pytest.mark.parametrize(
    ("provided", "first", "last"),
    [
        (date(2026, 12, 21), date(2027, 1, 1), date(2027, 8, 1)),
        (date(2027, 1, 2), date(2027, 2, 1), date(2027, 9, 1)),  # late: it starts later
        (date(2028, 2, 29), date(2028, 3, 1), date(2028, 10, 1)),
        (date(2027, 4, 30), date(2027, 5, 1), date(2027, 12, 1)),
    ],
)
def test_months_by_example(provided: date, first: date, last: date) -> None:
    months = compute_months(provided)
    assert (months[0], months[-1]) == (first, last)


@pytest.mark.clause("L8.7")
@given(DAYS)
def test_the_occasion_is_the_last_due_month_that_has_begun(day: date) -> None:
    occasion = compute_occasion(day)
    assert occasion.month <= day
    assert (day.year * 12 + day.month) - (occasion.month.year * 12 + occasion.month.month) in (0, 1, 2)
    assert occasion.month.month in (3, 6, 9, 12)
    assert occasion.name == f"{occasion.month:%B %Y}"


@pytest.mark.clause("L8.7")
@pytest.mark.parametrize(
    ("month", "due"),
    [
        ((2026, 12), date(2026, 12, 21)),
        ((2027, 3), date(2027, 3, 19)),
        ((2027, 6), date(2027, 6, 21)),
        ((2024, 3), date(2024, 3, 21)),  # Good Friday is the 29th
    ],
)
def test_due_days_by_example(month: tuple[int, int], due: date) -> None:
    assert compute_due(*month) == due


@pytest.mark.clause("L8.7")
@given(st.integers(2015, 2060), st.sampled_from(rules.DUE_MONTHS))
def test_the_due_day_is_the_fifteenth_working_day(year: int, month: int) -> None:
    due = compute_due(year, month)
    assert (due.year, due.month) == (year, month)
    assert working_days.is_working_day(due)
    first = date(year, month, 1)
    assert working_days.working_days_between(first - timedelta(days=1), due) == 15
    # The duty opens 18 days before: never before its month begins, when forecasts start to count for it.
    assert due - timedelta(days=18) >= first


def table(day: date) -> list[Expected]:
    return [Expected(month, 1, 2, 3) for month in compute_months(day)]


@pytest.mark.clause("L8.7")
@given(DAYS, st.data())
def test_a_month_too_many_too_few_or_twice_is_refused(day: date, data: st.DataObject) -> None:
    full = table(day)
    rules.check_months(list(reversed(full)), provided_on=day)
    place = data.draw(st.integers(0, 7))
    other = data.draw(st.sampled_from([*full[:place], *full[place + 1 :]]))
    wrong = data.draw(
        st.sampled_from(
            [
                full[:place] + full[place + 1 :],
                [*full, other],
                [*full[:place], other, *full[place + 1 :]],
                [*full[:7], Expected(day.replace(day=1), 1, 2, 3)],
            ]
        )
    )
    with pytest.raises(RuleViolation, match="once"):
        rules.check_months(wrong, provided_on=day)


@pytest.mark.clause("L8.7")
@pytest.mark.parametrize("number", [-1, rules.LARGEST + 1])
def test_absurd_numbers_are_refused(number: int) -> None:
    day = date(2026, 12, 1)
    for place in range(3):
        counts = [0, 0, 0]
        counts[place] = number
        wrong = [Expected(compute_months(day)[0], *counts), *table(day)[1:]]
        with pytest.raises(RuleViolation, match="January 2027"):
            rules.check_months(wrong, provided_on=day)


@given(
    st.lists(
        st.builds(Expected, DAYS.map(lambda day: day.replace(day=1)), COUNTS, COUNTS, COUNTS), max_size=12
    )
)
def test_what_is_written_is_read_again(expected: list[Expected]) -> None:
    assert rules.read_table(rules.write_table(expected).encode()) == expected


@given(st.binary(max_size=400))
def test_any_file_is_read_or_refused_in_words(content: bytes) -> None:
    # Nothing else is raised, whatever the bytes are.
    with suppress(RuleViolation):
        rules.read_table(content)


HEADER = "month,single,batched,organisation\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "first line must be"),
        ("month;single;batched;organisation\n", "first line must be"),
        (HEADER + "2027-01,1,2\n", "Line 2 has 3 columns"),
        (HEADER + "2027-01,1,2,3\n2027-13,1,2,3\n", "Line 3: write the month"),
        (HEADER + "2027-01,1.5,2,3\n", "Line 2, single"),
        (HEADER + '2027-01,1,"1,000",3\n', "Line 2, batched"),
        (HEADER + "2027-01,1,2,-3\n", "Line 2, organisation"),
        (HEADER + "2027-01,1,2,٣\n", "Line 2, organisation"),
        (HEADER + "x" * rules.LARGEST_FILE, "larger than 64 KB"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_by_line(content: str, words: str) -> None:
    with pytest.raises(RuleViolation, match=words):
        rules.read_table(content.encode())


def test_a_file_saved_by_a_spreadsheet_is_read() -> None:
    content = b"\xef\xbb\xbfMonth,Single,Batched,Organisation\r\n2027-01, 1,2,3\r\n,,,\r\n\r\n"
    assert rules.read_table(content) == [Expected(date(2027, 1, 1), 1, 2, 3)]


def test_a_share_is_in_whole_per_cent_rounded_down() -> None:
    assert rules.compute_share(1099, 1000) == 109
    assert rules.compute_share(5, 0) is None
    assert rules.compute_share(5, None) is None
