"""The rules of appointment and of Alternates, over plain data."""

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from smki_pma.clauses import RuleViolation
from smki_pma.governance.membership.seats import BY_KEY, Seat, SeatKind

CHAIR_TERM_YEARS = 3
ELECTED_TERM_YEARS = 2


@dataclass(frozen=True, slots=True)
class Term:
    """One person in one seat, from `starts_at` until before `ends_at` (None: no end set)."""

    seat: str
    person_id: UUID
    starts_at: datetime
    ends_at: datetime | None


def check_seat(key: str) -> Seat:
    """There are seven offices and no eighth (L1.3)."""
    if key not in BY_KEY:
        raise RuleViolation(
            "The SMKI PMA has seven offices and no other. Choose one of them.", clause="L1.3", field="seat"
        )
    return BY_KEY[key]


def compute_term_end(seat: Seat, first_day: date) -> date | None:
    """Three years for the Chair, two for elected members, no end for representatives (L1.5(b), L1.6(b), L1.10)."""
    if seat.kind is SeatKind.CHAIR:
        return _years_after(first_day, CHAIR_TERM_YEARS)
    if seat.kind is SeatKind.ELECTED:
        return _years_after(first_day, ELECTED_TERM_YEARS)
    return None


def _years_after(day: date, years: int) -> date:
    year = day.year + years
    last = calendar.monthrange(year, day.month)[1]
    return day.replace(year=year, day=min(day.day, last))


def is_overlapping(one: Term, other: Term) -> bool:
    """Whether two terms share a moment; the end of a term is no longer in it (L1.4)."""
    starts_before_end = other.ends_at is None or one.starts_at < other.ends_at
    ends_after_start = one.ends_at is None or one.ends_at > other.starts_at
    return starts_before_end and ends_after_start


def check_terms(new: Term, existing: Collection[Term]) -> None:
    """One person holds one office, and one office has one holder, at a time (L1.4)."""
    clashing = [term for term in existing if is_overlapping(new, term)]
    if any(term.seat == new.seat for term in clashing):
        raise RuleViolation(
            "This office is held for part of that time. End the present term first, or start the new one after it.",
            clause="L1.3",
            field="starts_on",
        )
    if any(term.person_id == new.person_id for term in clashing):
        raise RuleViolation(
            "This person holds another office as an SMKI PMA Member at that time. Nobody may hold two.",
            clause="L1.4",
            field="person",
        )


def check_chair_independence(finding: str) -> None:
    """The Panel records its finding that the Chair is sufficiently independent (L1.5(a))."""
    if not finding.strip():
        raise RuleViolation(
            "Give the Panel's finding that the person is sufficiently independent of any particular Party or class "
            "of Parties.",
            clause="L1.5(a)",
            field="finding",
        )


def check_holdover(days: int, longest: int) -> None:
    """The Panel sets at appointment how long a Chair may stay while a successor is delayed (L1.5(e))."""
    if not 0 < days <= longest:
        raise RuleViolation(
            f"Give the days for which the Chair may continue while a successor is delayed: 1 to {longest}.",
            clause="L1.5(e)",
            field="holdover_days",
        )


def check_prior_notice(notice_on: date, starts_on: date) -> None:
    """A Sub-Committee replaces its representative by prior notice, never afterwards (L1.10)."""
    if starts_on < notice_on:
        raise RuleViolation(
            "A representative is nominated or replaced by prior notice: the term cannot start before the notice.",
            clause="L1.10",
            field="starts_on",
        )


def check_resignation(given_on: date, last_day: date, earliest: date) -> None:
    """A member resigns by notice of some Working Days (house rule on C4)."""
    if last_day < earliest:
        raise RuleViolation(
            f"Notice given on {given_on:%-d %B %Y} ends the term on {earliest:%-d %B %Y} at the earliest.",
            clause="L1.6(c)",
            field="last_day",
        )


def check_replacement(given_on: date, last_day: date) -> None:
    """A Sub-Committee replaces its representative by prior notice, so the last day is not over yet (L1.10)."""
    if last_day < given_on:
        raise RuleViolation(
            "A representative is replaced by prior notice: the last day cannot be in the past.",
            clause="L1.10",
            field="last_day",
        )


GROUNDS_OF_END = {
    "resigned": "Resigned",
    "replaced": "Replaced by the nominating Sub-Committee",
    "ceased": "Ceased to be eligible (death, incapacity, bankruptcy, disqualification or conviction)",
    "withdrawn": "Appointment withdrawn before Member Confirmation",
}
GROUNDS_ON_NOTICE = frozenset({"resigned", "replaced"})


def check_ground_of_end(seat: Seat, ground: str, *, confirmed: bool) -> None:
    """C4.6 applies to the Chair and elected members, replacement to representatives (L1.5(d), L1.6(c), L1.10)."""
    if ground not in GROUNDS_OF_END:
        raise RuleViolation("Choose why the term ends.", clause="L1.6(c)", field="ground")
    if ground == "ceased" and seat.kind is SeatKind.REPRESENTATIVE:
        raise RuleViolation(
            "Section L1 does not remove a Sub-Committee representative. The Sub-Committee replaces its nominee.",
            clause="L1.10",
            field="ground",
        )
    if ground == "replaced" and seat.kind is not SeatKind.REPRESENTATIVE:
        raise RuleViolation(
            "Only a Sub-Committee representative is replaced by notice.", clause="L1.10", field="ground"
        )
    if ground == "withdrawn" and confirmed:
        raise RuleViolation(
            "The Member Confirmation is in, so the term counts and cannot be withdrawn.",
            clause="C6.9",
            field="ground",
        )


def compute_group(organisation: UUID, parents: Mapping[UUID, UUID | None]) -> UUID:
    """The topmost parent of an organisation: two organisations of one top are Affiliates (Section A)."""
    seen: set[UUID] = set()
    top = organisation
    while (parent := parents.get(top)) is not None and top not in seen:
        seen.add(top)
        top = parent
    return top


@dataclass(frozen=True, slots=True)
class AlternateCase:
    """What the rules need to know of a proposed Alternate.

    employer ids are None where a person has no employer. parents: each organisation's parent.
    member_ids: everybody who is an SMKI PMA Member at that time. taken: people who are Alternates of other seats.
    """

    seat: Seat
    member_id: UUID
    member_employer: UUID | None
    alternate_id: UUID
    alternate_employer: UUID | None
    parents: Mapping[UUID, UUID | None]
    member_ids: frozenset[UUID]
    taken: frozenset[UUID] = frozenset()


def check_alternate(case: AlternateCase) -> None:
    """An Alternate is no member, acts for one seat, and has another employer than the member (L1.12)."""
    clause = "L1.12(b)" if case.seat.kind is SeatKind.CHAIR else "C5.19"
    if case.alternate_id in case.member_ids:
        raise RuleViolation(
            "An SMKI PMA Member cannot be the Alternate of another. Name somebody who is not a member.",
            clause=clause,
            field="person",
        )
    if case.alternate_id in case.taken:
        raise RuleViolation(
            "This person is the Alternate of another member. Nobody acts for two seats.",
            clause="C5.19",
            field="person",
        )
    if case.seat.kind is not SeatKind.CHAIR:
        _check_employers(case)


def _check_employers(case: AlternateCase) -> None:
    """The Alternate is not employed by the member's employer or an Affiliate of it, Party or not (L1.12(c))."""
    if case.member_employer is None or case.alternate_employer is None:
        return
    if case.member_employer == case.alternate_employer:
        raise RuleViolation(
            "This person is employed by the same organisation as you. Name somebody with another employer.",
            clause="L1.12(c)",
            field="person",
        )
    tops = {compute_group(org, case.parents) for org in (case.member_employer, case.alternate_employer)}
    if len(tops) == 1:
        raise RuleViolation(
            "This person is employed by an Affiliate of your employer. Name somebody from outside the group.",
            clause="L1.12(c)",
            field="person",
        )


def check_other_alternate_of_chair(*, specialist_unavailable: str, independence: str) -> None:
    """The Chair names another, independent Alternate only where the Specialist is unavailable (L1.12(b))."""
    if not specialist_unavailable.strip():
        raise RuleViolation(
            "The SMKI Specialist is your Alternate. Say why the Specialist is unavailable before you name another.",
            clause="L1.12(b)",
            field="specialist_unavailable",
        )
    if not independence.strip():
        raise RuleViolation(
            "Give the ground on which the person is sufficiently independent of any particular Party or class of "
            "Parties.",
            clause="L1.12(b)",
            field="independence",
        )


def compute_holdover_end(term_end: date, days: int) -> date:
    """The day on which a Chair who stays on leaves at the latest (L1.5(e))."""
    return term_end + timedelta(days=days)
