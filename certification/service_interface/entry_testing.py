"""Access of Parties in SMKI Entry Process Testing to the test interface: granted and ended by DCC. L4.1(b)"""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from certification.service_interface import rules
from certification.service_interface.models import TestAccess
from certification.service_interface.selectors import has_test_access
from certification.subscribers.permissions import require_ra_officer
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation, clause
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.notices.acts import send_notice
from smki_pma.parties.models import Party
from smki_pma.parties.selectors import officers_of

CLAUSE = clause("L4.1(b)").id


@service
def grant_test_access(
    *, party_id: UUID, purpose: str, ends_at: datetime | None = None, by: Actor, at: datetime | None = None
) -> TestAccess:
    """DCC lets a Party use the test interface for SMKI Entry Process Testing. L4.1(b)"""
    at = at or clock.now()
    officer_id = require_ra_officer(by, clause=CLAUSE, at=at)
    party = Party.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=party_id)
    rules.check_test_access(at, ends_at)
    if has_test_access(party_id, at=at):
        raise RuleViolation(
            f"{party} has test access already. End it first, to grant it on other terms.",
            clause=CLAUSE,
            field="party",
        )
    access = TestAccess(
        party=party, starts_at=at, ends_at=ends_at, purpose=purpose.strip(), granted_by_id=officer_id
    )
    access.save()
    until = f" until {clock.london_date(ends_at):%-d %B %Y}" if ends_at else ""
    _tell(access, f"DCC has given {party} access to the test interface{until}, for entry testing.", at=at)
    _record(
        "test_access.granted", by=by, access=access, facts={"ends_at": ends_at, "purpose": access.purpose}
    )
    return access


@service
def end_test_access(*, access_id: UUID, reason: str, by: Actor, at: datetime | None = None) -> TestAccess:
    """DCC ends a Party's test access; its test credentials open nothing from then on. L4.1(b)"""
    at = at or clock.now()
    require_ra_officer(by, clause=CLAUSE, at=at)
    access = (
        TestAccess.objects.select_for_update(of=("self",))
        .select_related("party__organisation")
        .get(pk=access_id)
    )
    if access.ends_at is not None and access.ends_at <= at:
        raise RuleViolation("This test access has ended already.", clause=CLAUSE)
    access.ends_at = at
    access.ended_by_id = by.person_id
    access.ended_reason = reason.strip()
    access.save()
    _tell(
        access, f"DCC has ended the access of {access.party} to the test interface. {reason}".strip(), at=at
    )
    _record("test_access.ended", by=by, access=access, facts={"reason": access.ended_reason})
    return access


def _tell(access: TestAccess, body: str, *, at: datetime) -> None:
    send_notice(
        clause=CLAUSE,
        subject="Access to the test interface",
        body=body,
        people=officers_of(access.party_id, at=at),
        url=reverse("service_interface:list_credentials"),
    )


def _record(event: str, *, by: Actor, access: TestAccess, facts: dict[str, object]) -> None:
    record(
        event,
        clause=CLAUSE,
        by=by,
        subject=access,
        facts={"party": str(access.party)} | facts,
        audience="party",
        party_id=access.party_id,
    )
