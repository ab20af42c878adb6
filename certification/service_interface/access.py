"""Who is at the other end of the SMKI Service Interface, and whether it is open to them now."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from certification.service_interface import rules
from certification.service_interface.front import client_certificate
from certification.service_interface.models import Credential, TestAccess
from certification.service_interface.refusals import InterfaceRefusal
from certification.service_interface.selectors import window_running
from certification.service_interface.states import ACTIVE, REVOKED
from certification.subscribers.models import AuthorisedSubscriber, ResponsibleOfficer
from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import actor_for
from smki_pma.parties.models import Holding
from smki_pma.parties.roles import Role
from smki_pma.statements import as_uuid, fetch_one
from smki_pma.ui.times import moment

LIVE = "live"
# The plain case of what `with_rights`, `missing_right` and `window_running` ask one after another. OFFSET keeps
# PostgreSQL from joining the conditions to the rest: with nine tables its planning takes longer than all else.
_PLAIN = """
SELECT c.id, c.party_id, c.holder_id, c.holding_id, p.name,
  (SELECT n.name FROM parties_party t JOIN parties_organisation n ON n.id = t.organisation_id WHERE t.id = c.party_id)
FROM service_interface_credential c
JOIN parties_holding h ON h.id = c.holding_id AND h.person_id = c.holder_id AND h.party_id = c.party_id
JOIN parties_office o ON o.id = h.office_id
JOIN parties_person p ON p.id = c.holder_id
WHERE c.sha256 = %s AND c.state = %s AND c.environment = 'live' AND c.expires_at > %s
  AND h.starts_at <= %s AND (h.ends_at IS NULL OR h.ends_at > %s) AND h.for_holding_id IS NULL
  AND o.role = %s AND NOT o.needs_confirmation AND p.is_active
  AND EXISTS (SELECT 1 FROM subscribers_responsibleofficer r WHERE r.party_id = c.party_id
    AND r.person_id = c.holder_id AND r.verified_at IS NOT NULL AND r.ended_at IS NULL LIMIT 1 OFFSET 0)
  AND EXISTS (SELECT 1 FROM subscribers_authorisedsubscriber s WHERE s.party_id = c.party_id
    AND s.withdrawn_at IS NULL LIMIT 1 OFFSET 0)
  AND NOT EXISTS (SELECT 1 FROM service_interface_maintenancewindow w WHERE w.live_down
    AND w.starts_at <= %s AND w.ends_at > %s AND w.cancelled_at IS NULL AND w.over_at IS NULL LIMIT 1 OFFSET 0)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The machine that calls: it acts as the officer that its credential was issued to."""

    actor: Actor
    party_id: UUID
    credential_id: UUID
    environment: str


def enter(request: HttpRequest, *, environment: str, at: datetime | None = None) -> Caller:
    """The caller of an interface request, once the interface is open and the credential stands. L4.1, L4.2, L4.5

    environment: "live" or "test", by the address called. Raises InterfaceRefusal, which makes the answer.
    """
    at = at or clock.now()
    presented = client_certificate(request)
    if presented is not None and (caller := plain_caller(presented, environment=environment, at=at)):
        return caller
    check_open(environment, at=at)
    return authenticate(request, environment=environment, at=at)


def plain_caller(presented: bytes, *, environment: str, at: datetime) -> Caller | None:
    """The caller in the plain case, by one statement: the live interface, open, and every right of it standing.

    Whatever is not plain is None and left to check_open and authenticate, who say what is wrong.
    """
    if environment != LIVE:
        return None
    digest = hashlib.sha256(presented).hexdigest()
    found = fetch_one(_PLAIN, [digest, ACTIVE, at, at, at, Role.PARTY_OFFICER.value, at, at])
    if found is None:
        return None
    credential_id, party_id, holder_id, holding_id = (as_uuid(value) for value in found[:4])
    actor = Actor(
        person_id=holder_id,
        name=found[4],
        role=Role.PARTY_OFFICER.value,
        holding_id=holding_id,
        for_party_id=party_id,
        for_name=found[5],
    )
    return Caller(actor=actor, party_id=party_id, credential_id=credential_id, environment=environment)


def check_open(environment: str, *, at: datetime) -> None:
    """The interface is open but for announced maintenance that takes it down. L4.2"""
    window = window_running(environment, at=at)
    if window is not None:
        seconds = max(1, int((window.ends_at - at).total_seconds()) + 1)
        raise InterfaceRefusal(
            "interface.maintenance",
            f"The SMKI Service Interface is down for maintenance until {moment(window.ends_at)}: {window.what}. "
            "Send the request again then.",
            headers={"Retry-After": str(seconds)},
        )


def authenticate(request: HttpRequest, *, environment: str, at: datetime | None = None) -> Caller:
    """The caller by the client certificate, checked against the credential's row at every request. L4.1, L4.5

    Raises InterfaceRefusal.
    """
    at = at or clock.now()
    presented = client_certificate(request)
    if presented is None:
        raise InterfaceRefusal(
            "credential.missing",
            "Connect with the client certificate of your credential; your Party's officers ask for one in the portal.",
        )
    credential = _found(presented, at=at)
    _check_standing(credential, at=at)
    if credential.environment != environment:
        raise InterfaceRefusal(
            "credential.wrong_environment",
            f"This credential is for the {credential.environment} interface. Use its address, or ask for a "
            f"{environment} credential.",
        )
    _check_right(credential)
    return Caller(
        actor=actor_for(credential.holding, credential.holder),
        party_id=credential.party_id,
        credential_id=credential.pk,
        environment=environment,
    )


def _found(presented: bytes, *, at: datetime) -> Any:
    digest = hashlib.sha256(presented).hexdigest()
    credential = with_rights(Credential.objects.filter(sha256=digest), at=at).first()
    if credential is None:
        raise InterfaceRefusal(
            "credential.unknown", "No credential was issued with this certificate. Ask for one in the portal."
        )
    return credential


def with_rights(credentials: QuerySet[Credential], *, at: datetime) -> QuerySet[Any]:
    """Credentials with the rights that each rests on, read in one query: office, nomination, authorisation, tests."""
    officer = ResponsibleOfficer.objects.filter(
        party_id=OuterRef("party_id"),
        person_id=OuterRef("holder_id"),
        verified_at__isnull=False,
        ended_at__isnull=True,
    )
    standing = AuthorisedSubscriber.objects.filter(party_id=OuterRef("party_id"), withdrawn_at__isnull=True)
    testing = TestAccess.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at), party_id=OuterRef("party_id"), starts_at__lte=at
    )
    return credentials.annotate(
        has_office=Exists(Holding.objects.in_effect(at).filter(pk=OuterRef("holding_id"))),
        is_responsible=Exists(officer),
        is_authorised=Exists(standing),
        has_test_access=Exists(testing),
    ).select_related("holder", "holding__office", "holding__party__organisation", "holding__for_holding")


def _check_standing(credential: Credential, *, at: datetime) -> None:
    if credential.state == REVOKED:
        raise InterfaceRefusal("credential.revoked", "Ask for a new credential in the portal.")
    if credential.expires_at is not None and credential.expires_at <= at:
        raise InterfaceRefusal("credential.expired", "Ask for a new credential in the portal.")
    if credential.state != ACTIVE:
        raise InterfaceRefusal(
            "credential.ended", f"{credential.ended_reason or 'It is over.'} Ask for a new one in the portal."
        )


def _check_right(credential: Any) -> None:
    fault = missing_right(credential)
    if fault is not None:
        code, detail = fault
        raise InterfaceRefusal(code, detail)


def missing_right(credential: Any) -> tuple[str, str] | None:
    """Code and words of the first right that a credential (from with_rights) rests on and that is gone. L4.1"""
    if not credential.has_office:
        return (
            "officer.office_ended",
            "The office of the person in whose name it was issued has ended. Another officer asks for a new one.",
        )
    missing = rules.compute_missing_right(
        credential.environment,
        is_responsible=credential.is_responsible,
        is_authorised=credential.is_authorised,
        has_test_access=credential.has_test_access,
    )
    return (missing.code, missing.detail) if missing else None
