"""Rules of access to the SMKI Service Interface and of its maintenance: pure functions over plain data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from smki_pma.calendar import working_days
from smki_pma.calendar.clock import LONDON
from smki_pma.clauses import RuleViolation

Span = tuple[datetime, datetime]


def check_environment(environment: str) -> None:
    """A credential is for the live or for the test interface. L4.1"""
    if environment not in ("live", "test"):
        raise RuleViolation("Choose the live or the test interface.", clause="L4.1", field="environment")


@dataclass(frozen=True, slots=True)
class MissingRight:
    """A right that is not there: its stable code, its clause, and what to do about it."""

    code: str
    clause: str
    detail: str


_NO_TEST_ACCESS = MissingRight(
    "party.no_test_access",
    "L4.1(b)",
    "The Party has no access to the test interface now. Ask DCC for it, for entry testing.",
)
_NOT_AUTHORISED = MissingRight(
    "party.not_authorised",
    "L4.1(a)",
    "The Party is not an Authorised Subscriber now. It can apply in the portal.",
)
_NOT_RESPONSIBLE = MissingRight(
    "officer.not_responsible",
    "L4.1",
    "The person in whose name the credential stands is no responsible officer of the Party, verified by DCC. "
    "The Party nominates its officers in the portal.",
)


def compute_missing_right(
    environment: str, *, is_responsible: bool, is_authorised: bool, has_test_access: bool
) -> MissingRight | None:
    """Authorised Subscribers use the interface; Parties in entry testing the test interface alone. L4.1

    Gives the first right that is missing. The same answer for who asks for a credential and who comes with one.
    """
    if environment == "test":
        return None if has_test_access or (is_responsible and is_authorised) else _NO_TEST_ACCESS
    if not is_authorised:
        return _NOT_AUTHORISED
    return None if is_responsible else _NOT_RESPONSIBLE


def check_right(
    environment: str, *, is_responsible: bool, is_authorised: bool, has_test_access: bool
) -> None:
    """Whoever has no right to an interface gets no credential for it. L4.1"""
    missing = compute_missing_right(
        environment,
        is_responsible=is_responsible,
        is_authorised=is_authorised,
        has_test_access=has_test_access,
    )
    if missing is not None:
        raise RuleViolation(missing.detail, clause=missing.clause, field="environment")


def check_room_for_one_more(*, held: int, limit: int) -> None:
    """A Party holds a limited number of credentials in each environment: house rule on L4.5"""
    if held >= limit:
        raise RuleViolation(
            f"Your Party holds {held} credentials here, the most that there may be. Revoke one first.",
            clause="L4.5",
        )


def check_new_key(*, used: bool) -> None:
    """Each credential has a key of its own: house rule on L4.5"""
    if used:
        raise RuleViolation(
            "A credential with this key was asked for before. Make a new key.", clause="L4.5", field="csr"
        )


def check_test_access(starts_at: datetime, ends_at: datetime | None) -> None:
    """Test access ends after it starts. L4.1(b)"""
    if ends_at is not None and ends_at <= starts_at:
        raise RuleViolation("Test access ends after it starts.", clause="L4.1(b)", field="ends_on")


def check_window(starts_at: datetime, ends_at: datetime, *, at: datetime) -> None:
    """Work is announced before it begins, and ends after it begins. H8.3"""
    if starts_at <= at:
        raise RuleViolation(
            "Work is announced in advance: choose a start that lies ahead.", clause="H8.3", field="starts_at"
        )
    if ends_at <= starts_at:
        raise RuleViolation("The work ends after it starts.", clause="H8.3", field="ends_at")


def check_planned(span: Span, others: Iterable[Span], *, announced_on: date, notice: int, hours: int) -> None:
    """Planned Maintenance is announced in time and stays within the hours of each month. H8.3

    others: Planned Maintenance already announced that takes the same interface down. notice: Working Days.
    """
    first_day = working_days.add_working_days(announced_on, notice)
    if _london_day(span[0]) < first_day:
        raise RuleViolation(
            f"Planned Maintenance is announced {notice} Working Days ahead, so from {first_day:%-d %B %Y} on. "
            "Choose a later start, or announce it as work that is not Planned Maintenance.",
            clause="H8.3",
            field="starts_at",
        )
    allowed = timedelta(hours=hours)
    for month, planned in compute_downtime([span, *others]).items():
        if planned > allowed and month in compute_downtime([span]):
            raise RuleViolation(
                f"Planned Maintenance in {month:%B %Y} would come to {_in_hours(planned)}; the most is "
                f"{hours} hours. Shorten it, or announce it as work that is not Planned Maintenance.",
                clause="H8.3",
                field="ends_at",
            )


def compute_downtime(spans: Iterable[Span]) -> dict[date, timedelta]:
    """How much of each London month, by its first day, the spans cover; time covered twice counts once. H8.3"""
    covered: dict[date, timedelta] = {}
    for start, end in _merged(spans):
        while start < end:
            month = _london_day(start).replace(day=1)
            following = working_days.start_of_day((month + timedelta(days=32)).replace(day=1))
            until = min(end, following)
            covered[month] = covered.get(month, timedelta()) + (until - start)
            start = until
    return covered


def _london_day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _in_hours(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} hours" + (f" {rest} minutes" if rest else "")
