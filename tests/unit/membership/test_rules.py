"""Appointments, terms and Alternates as tables and laws."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smki_pma.clauses import RuleViolation
from smki_pma.governance.membership import rules
from smki_pma.governance.membership.rules import AlternateCase, Term
from smki_pma.governance.membership.seats import BY_KEY, SEATS, SeatKind

CHAIR, NETWORK, SECURITY = BY_KEY["chair"], BY_KEY["network"], BY_KEY["security-representative"]
ADA, BEN = UUID(int=1), UUID(int=2)
GROUP, ONE, TWO, OTHER = (UUID(int=n) for n in (10, 11, 12, 13))
PARENTS = {GROUP: None, ONE: GROUP, TWO: GROUP, OTHER: None}


@pytest.mark.clause("L1.3")
def test_there_are_seven_offices_as_listed() -> None:
    kinds = [seat.kind for seat in SEATS]

    assert len(SEATS) == len(BY_KEY) == 7
    assert kinds.count(SeatKind.CHAIR) == 1
    assert kinds.count(SeatKind.ELECTED) == 4
    assert kinds.count(SeatKind.REPRESENTATIVE) == 2
    with pytest.raises(RuleViolation):
        rules.check_seat("eighth")


@pytest.mark.clause("L1.5", "L1.6", "L1.8", "L1.10")
@pytest.mark.parametrize(
    ("seat", "first", "end"),
    [
        (CHAIR, date(2026, 1, 5), date(2029, 1, 5)),
        (NETWORK, date(2026, 1, 5), date(2028, 1, 5)),
        (NETWORK, date(2024, 2, 29), date(2026, 2, 28)),
        (CHAIR, date(2024, 2, 29), date(2027, 2, 28)),
        (SECURITY, date(2026, 1, 5), None),
    ],
)
def test_terms(seat: rules.Seat, first: date, end: date | None) -> None:
    assert rules.compute_term_end(seat, first) == end


moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))


@st.composite
def terms(draw: st.DrawFn) -> Term:
    start = draw(moments)
    end = draw(st.none() | st.timedeltas(timedelta(0), timedelta(days=900)).map(lambda d: start + d))
    return Term(draw(st.sampled_from(["chair", "network"])), draw(st.sampled_from([ADA, BEN])), start, end)


@pytest.mark.clause("L1.4")
@given(terms(), terms(), moments)
def test_overlap_is_a_shared_moment_and_symmetric(one: Term, other: Term, moment: datetime) -> None:
    assert rules.is_overlapping(one, other) == rules.is_overlapping(other, one)
    covered = [t.starts_at <= moment and (t.ends_at is None or moment < t.ends_at) for t in (one, other)]
    if all(covered):
        assert rules.is_overlapping(one, other)


@pytest.mark.clause("L1.4")
@given(terms(), terms())
def test_terms_are_refused_exactly_when_person_or_seat_clash(one: Term, other: Term) -> None:
    clash = rules.is_overlapping(one, other) and (one.seat == other.seat or one.person_id == other.person_id)
    try:
        rules.check_terms(one, [other])
    except RuleViolation:
        assert clash
    else:
        assert not clash


def case(seat: rules.Seat = NETWORK, **given_: object) -> AlternateCase:
    values: dict[str, object] = {
        "seat": seat,
        "member_id": ADA,
        "member_employer": ONE,
        "alternate_id": BEN,
        "alternate_employer": OTHER,
        "parents": PARENTS,
        "member_ids": frozenset({ADA}),
    }
    return AlternateCase(**(values | given_))  # type: ignore[arg-type]


@pytest.mark.clause("L1.12(c)")
@pytest.mark.parametrize(
    ("member_employer", "alternate_employer", "clause"),
    [
        (ONE, ONE, "L1.12(c)"),
        (ONE, TWO, "L1.12(c)"),
        (ONE, GROUP, "L1.12(c)"),
        (GROUP, TWO, "L1.12(c)"),
        (ONE, OTHER, None),
        (None, ONE, None),
        (ONE, None, None),
    ],
)
def test_the_employers_of_member_and_alternate(
    member_employer: UUID | None, alternate_employer: UUID | None, clause: str | None
) -> None:
    proposed = case(member_employer=member_employer, alternate_employer=alternate_employer)
    if clause is None:
        rules.check_alternate(proposed)
        return
    with pytest.raises(RuleViolation) as refused:
        rules.check_alternate(proposed)
    assert refused.value.clause.id == clause


@pytest.mark.clause("L1.12(b)", "L1.12")
def test_no_member_and_nobody_twice_is_an_alternate() -> None:
    with pytest.raises(RuleViolation, match="cannot be the Alternate of another"):
        rules.check_alternate(case(member_ids=frozenset({ADA, BEN})))
    with pytest.raises(RuleViolation) as refused:
        rules.check_alternate(case(CHAIR, member_ids=frozenset({ADA, BEN})))
    assert refused.value.clause.id == "L1.12(b)"
    with pytest.raises(RuleViolation, match="two seats"):
        rules.check_alternate(case(taken=frozenset({BEN})))


@pytest.mark.clause("L1.12(b)")
@pytest.mark.parametrize(
    ("unavailable", "independent", "fine"),
    [("On leave", "No ties", True), ("", "No ties", False), ("On leave", " ", False)],
)
def test_the_chair_names_another_only_on_grounds(unavailable: str, independent: str, fine: bool) -> None:
    grounds = {"specialist_unavailable": unavailable, "independence": independent}
    if fine:
        rules.check_other_alternate_of_chair(**grounds)
        return
    with pytest.raises(RuleViolation) as refused:
        rules.check_other_alternate_of_chair(**grounds)
    assert refused.value.clause.id == "L1.12(b)"


@pytest.mark.clause("L1.5(e)", "L1.10", "L1.5(a)")
def test_grounds_of_the_chair_and_of_representatives() -> None:
    with pytest.raises(RuleViolation):
        rules.check_chair_independence(" ")
    for days in (0, 91, -1):
        with pytest.raises(RuleViolation):
            rules.check_holdover(days, 90)
    rules.check_holdover(90, 90)
    rules.check_prior_notice(date(2026, 1, 1), date(2026, 1, 1))
    with pytest.raises(RuleViolation):
        rules.check_prior_notice(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.clause("L1.10", "L1.6", "C6.9")
@pytest.mark.parametrize(
    ("seat", "ground", "confirmed", "fine"),
    [
        (SECURITY, "ceased", True, False),
        (SECURITY, "replaced", True, True),
        (SECURITY, "resigned", True, True),
        (NETWORK, "ceased", True, True),
        (NETWORK, "replaced", True, False),
        (CHAIR, "ceased", True, True),
        (NETWORK, "withdrawn", True, False),
        (NETWORK, "withdrawn", False, True),
        (NETWORK, "dismissed", True, False),
    ],
)
def test_grounds_of_an_end(seat: rules.Seat, ground: str, confirmed: bool, fine: bool) -> None:
    try:
        rules.check_ground_of_end(seat, ground, confirmed=confirmed)
    except RuleViolation:
        assert not fine
    else:
        assert fine


@given(st.dictionaries(st.integers(0, 9), st.none() | st.integers(0, 9)))
def test_the_head_of_a_group_is_found_even_in_a_ring(numbers: dict[int, int | None]) -> None:
    parents = {UUID(int=k): None if v is None else UUID(int=v) for k, v in numbers.items()}
    start = uuid4()

    assert rules.compute_group(start, parents) == start
    for organisation in parents:
        assert isinstance(rules.compute_group(organisation, parents), UUID)
