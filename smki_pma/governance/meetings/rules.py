"""Rules of convening and of agendas, over plain data. Quorum and outcome stand beside, in files of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from smki_pma.clauses import RuleViolation


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice to be given. agreed: seats whose members agreed to shorter notice; in_office: seats that are held."""

    given_on: date
    meets_on: date
    days: int
    ground: str = ""
    agreed: frozenset[str] = frozenset()
    in_office: frozenset[str] = frozenset()
    is_emergency: bool = False


def check_notice(notice: Notice, add_working_days: Callable[[date, int], date]) -> bool:
    """A meeting is convened on so many Working Days' notice, or on less if every member agrees (house rule on C5).

    A meeting for L2.14 alone may be convened at once. Returns whether the notice is short.
    """
    if notice.meets_on < notice.given_on:
        raise RuleViolation(
            "The meeting lies in the past. Set another time.", clause="L1.15", field="starts_at"
        )
    earliest = add_working_days(notice.given_on, notice.days)
    if notice.meets_on >= earliest or notice.is_emergency:
        return False
    if not notice.ground.strip():
        raise RuleViolation(
            f"{notice.days} Working Days' notice is needed, so the meeting cannot be before "
            f"{earliest:%-d %B %Y}. Set a later time, or record why the members agree to shorter notice.",
            clause="L1.15",
            field="short_notice_ground",
        )
    if missing := notice.in_office - notice.agreed:
        raise RuleViolation(
            f"Shorter notice needs the agreement of every member in office; {len(missing)} missing.",
            clause="L1.15",
            field="agreed",
        )
    return True


def check_agenda(items: int) -> None:
    """Notice goes out with the agenda (house rule on C5)."""
    if items == 0:
        raise RuleViolation("Put at least one item on the agenda before you give notice.", clause="L1.15")


def check_standing_invitees(*, specialist_in_office: bool, specialist: bool, dcc: bool) -> None:
    """The SMKI Specialist and a representative of the DCC are invited to every meeting (L1.14(a))."""
    if specialist_in_office and not specialist:
        raise RuleViolation("The SMKI Specialist is invited to every meeting.", clause="L1.14(a)")
    if not dcc:
        raise RuleViolation(
            "A representative of the DCC is invited to every meeting. Choose one.",
            clause="L1.14(a)",
            field="dcc_representative",
        )


def check_time_has_come(starts_at: datetime, now: datetime) -> None:
    """A meeting does not begin before the time of which notice was given (house rule on C5)."""
    if now < starts_at:
        raise RuleViolation(
            "The meeting cannot be opened before the time given in its notice.", clause="L1.15"
        )


def check_item_titles(public_title: str, title: str, *, confidential: bool) -> None:
    """A confidential item has a title that may stand anywhere (L9.12)."""
    if not public_title.strip():
        raise RuleViolation(
            "Give a public title. It stands on the agenda and in mail, so it says nothing confidential.",
            clause="L9.12",
            field="public_title",
        )
    if title.strip() and not confidential:
        raise RuleViolation("Only a confidential item has a second title.", clause="L1.15", field="title")
