"""The seats of the SMKI PMA and their Alternates in the sample community."""

from datetime import date
from typing import Any

from smki_pma.calendar import clock, working_days
from smki_pma.governance.membership.alternates import appoint_alternate
from smki_pma.governance.membership.services import confirm_member, record_appointment
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import Role
from smki_pma.website.community import people

OWNER = Actor.owner("load_community")
FIRST_DAY = date(2026, 1, 5)
DECIDED_ON = date(2025, 12, 8)
GROUNDS: dict[str, dict[str, Any]] = {
    "chair": {
        "decision": "Panel decision of 8 December 2025",
        "finding": "Holds no office, employment or shares in any Party; chosen by open competition.",
        "remuneration": "Day rate set by the Panel on 8 December 2025",
        "holdover_days": 60,
    },
    "security-representative": {
        "decision": "Notice of the Security Sub-Committee of 8 December 2025",
        "notice_on": DECIDED_ON,
    },
    "technical-representative": {
        "decision": "Notice of the Technical Sub-Committee of 8 December 2025",
        "notice_on": DECIDED_ON,
    },
}
ELECTED = {"decision": "Election of December 2025"}


def enter_seats() -> None:
    """The seven seats, each with its Member Confirmation but one, and two Alternates."""
    for row in people.SEATS:
        if not Holding.objects.filter(office__key=row.office).exists():
            _appoint(row)
    for alternate in people.ALTERNATES:
        if not Holding.objects.filter(person__email=alternate.email, office__key="alternate").exists():
            member = acting_as(
                Person.objects.get(email=alternate.member_email), Role.PMA_MEMBER, clause="L1.12"
            )
            appoint_alternate(person_id=Person.objects.get(email=alternate.email).pk, by=member)


def _appoint(row: people.SeatRow) -> None:
    holding = record_appointment(
        seat=row.office,
        person_id=Person.objects.get(email=row.email).pk,
        starts_on=FIRST_DAY if row.confirmed else working_days.subtract_working_days(clock.today(), 1),
        decided_on=DECIDED_ON,
        by=OWNER,
        **GROUNDS.get(row.office, ELECTED),
    )
    if row.confirmed:
        confirm_member(
            holding_id=holding.pk,
            given_on=clock.today(),
            employer_letter="Letter of January 2026 on the Secretariat's file",
            by=OWNER,
        )
