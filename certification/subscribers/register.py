"""What DCC keeps about a subscriber between applications: its officers and its EUI-64 identifiers.

Services, like those of services.py.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from certification.authorities.role_codes import RESERVED_FOR_AUTHORITIES, ROLE_CODES
from certification.subscribers import rules
from certification.subscribers.models import Eui64Range, ResponsibleOfficer
from certification.subscribers.permissions import require_party_officer, require_ra_officer
from certification.subscribers.selectors import officer_holdings
from certification.subscribers.services import open_consideration
from repository.certificates.identifiers import parse_eui64
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation, clause
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role

NOMINATING = clause("L3.2").id
VERIFYING = clause("L3.3").id
ASSIGNING = clause("L3.4").id


@service
def nominate_officer(
    *, party_id: UUID, person_id: UUID, by: Actor, at: datetime | None = None
) -> ResponsibleOfficer:
    """A Party nominates one more of its officers; DCC verifies the person before he or she may act. L3.2"""
    at = at or clock.now()
    require_party_officer(by, party_id=party_id, clause=NOMINATING, at=at)
    party = Party.objects.select_for_update().get(pk=party_id)
    rules.check_officers(
        [person_id], officers=officer_holdings(party_id, at=at).values_list("person_id", flat=True)
    )
    present = ResponsibleOfficer.objects.filter(
        party=party, person_id=person_id, ended_at__isnull=True
    ).first()
    if present is not None:
        return unchanged(present)
    officer = ResponsibleOfficer(party=party, person_id=person_id, nominated_at=at)
    officer.save()
    _record("subscriber.officer_nominated", NOMINATING, by=by, officer=officer)
    return officer


@service
def verify_officer(*, officer_id: UUID, by: Actor, at: datetime | None = None) -> ResponsibleOfficer:
    """A Registration Authority officer has verified a nominated officer's identity. L3.3"""
    at = at or clock.now()
    require_ra_officer(by, clause=VERIFYING, at=at)
    officer = _locked_officer(officer_id)
    if officer.verified_at is not None:
        return unchanged(officer)
    officer.verified_at = at
    officer.save()
    _record("subscriber.officer_verified", VERIFYING, by=by, officer=officer)
    return officer


@service
def end_officer(*, officer_id: UUID, by: Actor, at: datetime | None = None) -> ResponsibleOfficer:
    """The Party ends a nomination, or DCC does where the RAPP requires it: at once. L3.4"""
    at = at or clock.now()
    officer = _locked_officer(officer_id)
    if by.role == Role.PARTY_OFFICER:
        require_party_officer(by, party_id=officer.party_id, clause=ASSIGNING, at=at)
    else:
        require_ra_officer(by, clause=ASSIGNING, at=at)
    officer.ended_at = at
    officer.save()
    _record("subscriber.officer_ended", ASSIGNING, by=by, officer=officer)
    return officer


def _locked_officer(officer_id: UUID) -> ResponsibleOfficer:
    officer = (
        ResponsibleOfficer.objects.select_for_update().filter(pk=officer_id, ended_at__isnull=True).first()
    )
    if officer is None:
        raise RuleViolation("This nomination has ended already.", clause=VERIFYING)
    return officer


def _record(event: str, clause: str, *, by: Actor, officer: ResponsibleOfficer) -> None:
    record(
        event,
        clause=clause,
        by=by,
        subject=officer,
        facts={"person": officer.person_id},
        audience="party",
        party_id=officer.party_id,
    )


@service
def assign_range(
    *, party_id: UUID, first: str, last: str, role_codes: Sequence[int], by: Actor, at: datetime | None = None
) -> Eui64Range:
    """DCC assigns EUI-64 identifiers to a Party, each to one Party only, with their role codes. L3.4"""
    at = at or clock.now()
    require_ra_officer(by, clause=ASSIGNING, at=at)
    first, last = _eui64(first, "first"), _eui64(last, "last")
    # Assignments are rare; one at a time, so that two officers cannot assign the same identifier.
    list(Party.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    others = Eui64Range.objects.filter(ended_at__isnull=True, first__lte=last, last__gte=first)
    rules.check_range(first, last, others=others.values_list("first", "last"))
    rules.check_role_codes(role_codes, known=ROLE_CODES, reserved=RESERVED_FOR_AUTHORITIES)
    span = Eui64Range(
        party_id=party_id, first=first, last=last, role_codes=sorted(set(role_codes)), assigned_at=at
    )
    span.save()
    facts = {"first": first, "last": last, "role_codes": span.role_codes}
    record(
        "subscriber.range_assigned",
        clause=ASSIGNING,
        by=by,
        subject=span,
        facts=facts,
        audience="party",
        party_id=party_id,
    )
    return span


@service
def end_range(*, range_id: UUID, by: Actor, at: datetime | None = None) -> Eui64Range:
    """DCC ends an assignment, and considers whether Certificates already issued are to be revoked. L3.4"""
    at = at or clock.now()
    require_ra_officer(by, clause=ASSIGNING, at=at)
    span = (
        Eui64Range.objects.select_for_update(of=("self",))
        .select_related("party__organisation")
        .get(pk=range_id)
    )
    if span.ended_at is not None:
        return unchanged(span)
    span.ended_at = at
    span.save()
    open_consideration(span.party)
    record(
        "subscriber.range_ended",
        clause=ASSIGNING,
        by=by,
        subject=span,
        facts={"first": span.first, "last": span.last},
        audience="party",
        party_id=span.party_id,
    )
    return span


def _eui64(text: str, field: str) -> str:
    try:
        return parse_eui64(text)
    except ValueError as error:
        raise RuleViolation(str(error), clause=ASSIGNING, field=field) from error
