"""Rules about people and offices, over plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.parties.roles import Role

WINDOW = timedelta(hours=1)


def compute_locked_until(wrong_at: Iterable[datetime], *, tries: int, minutes: int) -> datetime | None:
    """The moment until which so many wrong passwords within an hour lock an account, L6.5.

    wrong_at: when each wrong password came. Those that came during a lock do not count. Returns the end
    of the last lock, which may be past, or None.
    """
    recent: list[datetime] = []
    until: datetime | None = None
    for at in sorted(wrong_at):
        if until is not None and at < until:
            continue
        recent = [earlier for earlier in recent if at - earlier < WINDOW] + [at]
        if len(recent) >= tries:
            until = at + timedelta(minutes=minutes)
            recent = []
    return until


def compute_line(organisation: UUID, parents: Mapping[UUID, UUID | None]) -> list[UUID]:
    """The organisation, its parent and so on up to the head of the corporate group (Section A)."""
    line: list[UUID] = []
    each: UUID | None = organisation
    while each is not None and each not in line:
        line.append(each)
        each = parents.get(each)
    return line


@dataclass(frozen=True, slots=True)
class Appointment:
    """Who appoints to a role, whose officers record it here, and the clause that says so.

    by_pma: the SMKI PMA may appoint as well, by a carried motion that then records it.

    own_party: an officer records it only for the Party that he or she acts for.
    """

    appointed_by: str
    recorded_by: tuple[Role, ...]
    clause: str
    own_party: bool = False
    by_pma: bool = False


CLERKS = (Role.SECRETARIAT, Role.CODE_ADMINISTRATOR)
DCC = Appointment("DCC", (*CLERKS, Role.DCC_DOCUMENT_OWNER), "L3.5")
PANEL = "the Panel"
APPOINTMENTS: dict[Role, Appointment] = {
    Role.SMKI_SPECIALIST: Appointment(PANEL, (Role.SECRETARIAT, Role.PANEL_OFFICER), "L1.12(a)"),
    Role.SECRETARIAT: Appointment(PANEL, (Role.PANEL_OFFICER,), "L1.10"),
    Role.CODE_ADMINISTRATOR: Appointment(PANEL, (Role.PANEL_OFFICER,), "L1.18"),
    Role.PANEL_OFFICER: Appointment(PANEL, CLERKS, "L1.1"),
    Role.DCC_DOCUMENT_OWNER: DCC,
    Role.DCC_RA_OFFICER: DCC,
    Role.DCC_CA_OPERATOR: DCC,
    Role.PARTY_OFFICER: Appointment("the Party", (*CLERKS, Role.PARTY_OFFICER), "L3.2", own_party=True),
    Role.ASSURANCE_PROVIDER: Appointment("DCC", (Role.SECRETARIAT,), "L2.2"),
    Role.AUDITOR: Appointment(PANEL, (Role.PANEL_OFFICER,), "L1.17(h)", by_pma=True),
}

RECORDERS = tuple(dict.fromkeys(role for how in APPOINTMENTS.values() for role in how.recorded_by))


def check_may_record(role: Role, *, by_role: str) -> Appointment:
    """Each role is appointed by whom the Code says and recorded by their officers (L1.1); seats stand elsewhere."""
    appointment = APPOINTMENTS.get(role)
    if appointment is None:
        raise RuleViolation(
            "Seats on the SMKI PMA and their Alternates are appointed on the members pages.", clause="L1.3"
        )
    if not (by_role in ("owner", *appointment.recorded_by) or (by_role == "pma" and appointment.by_pma)):
        names = " or ".join(each.title for each in appointment.recorded_by)
        raise NotEntitled(
            f"{appointment.appointed_by[0].upper()}{appointment.appointed_by[1:]} appoints the {role.title}; "
            f"the {names} records it.",
            clause=appointment.clause,
        )
    return appointment


def check_party_of_office(role: Role, *, has_party: bool, is_dcc: bool) -> None:
    """A Party officer acts for a Party; DCC's staff act for DCC; nobody else does (L3.2)."""
    if role is Role.PARTY_OFFICER and not has_party:
        raise RuleViolation("Choose the Party that the officer acts for.", clause="L3.2", field="party")
    if (
        role in (Role.DCC_DOCUMENT_OWNER, Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR)
        and has_party
        and not is_dcc
    ):
        raise RuleViolation(
            "DCC's officers act for DCC and for no other Party.", clause="L3.5", field="party"
        )
