"""Credentials: asked for by a Party's officer, issued by the worker, revoked, ended with the right behind them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from certification.authorities.builder import assemble, new_serial
from certification.authorities.keys.software import SoftwareKeys
from certification.service_interface import certificates, rules
from certification.service_interface.access import missing_right, with_rights
from certification.service_interface.authority import establish_authority, public_point
from certification.service_interface.certificates import Life, Subject
from certification.service_interface.models import Credential
from certification.service_interface.selectors import has_test_access
from certification.service_interface.states import ACTIVE, BEING_ISSUED, FAILED, LIFE_CYCLE, NEW
from certification.subscribers.models import AuthorisedSubscriber
from certification.subscribers.permissions import require_party_officer, require_ra_officer
from certification.subscribers.selectors import is_responsible_officer
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.clauses import clause
from smki_pma.duties.acts import discharge_duties, open_duty, withdraw_duties
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.notices.acts import send_notice
from smki_pma.parties import authority
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import officers_of
from smki_pma.rules_in_force.selectors import figure

CLAUSE = clause("L4.5").id
ISSUE = "interface.issue_credential"
RENEW = "interface.renew-credential"


@service
def ask_for_credential(
    *,
    party_id: UUID,
    environment: str,
    name: str,
    csr: bytes,
    replaces_id: UUID | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Credential:
    """A responsible officer asks for a credential in his or her own name; the worker issues it. L4.1, L4.5

    csr: PKCS#10 in PEM, Base64 or DER. replaces_id: the credential that this one takes over from.
    """
    at = at or clock.now()
    move = LIFE_CYCLE.move("ask", state=NEW)
    person_id, holding_id = _officer(by, party_id, at=at)
    party = Party.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=party_id)
    rules.check_environment(environment)
    rules.check_right(
        environment,
        is_responsible=is_responsible_officer(person_id, party_id),
        is_authorised=_is_authorised(party_id),
        has_test_access=has_test_access(party_id, at=at),
    )
    held = _standing(party_id, environment).count()
    rules.check_room_for_one_more(held=held, limit=figure("interface.most_credentials", at=at))
    point = certificates.read_public_key(csr)
    digest = hashlib.sha256(point).hexdigest()
    used = Credential.objects.filter(public_key_sha256=digest).exclude(state=FAILED)
    rules.check_new_key(used=used.exists())
    credential = Credential(
        party=party,
        holder_id=person_id,
        holding_id=holding_id,
        environment=environment,
        name=name.strip(),
        state=move.target,
        public_key=point,
        public_key_sha256=digest,
        asked_at=at,
        replaces=_standing(party_id, environment).filter(pk=replaces_id).first() if replaces_id else None,
    )
    credential.job_id = jobs.enqueue(
        ISSUE, {"credential_id": str(credential.pk)}, key=f"{ISSUE}:{credential.pk}"
    ).pk
    credential.save()
    _record(move.event, move.clause, by=by, credential=credential, facts={"public_key_sha256": digest})
    return credential


def _officer(by: Actor, party_id: UUID, *, at: datetime) -> tuple[UUID, UUID]:
    """The Party's officer who asks, and the office that empowers the credential from then on. L4.1"""
    person_id = require_party_officer(by, party_id=party_id, clause=CLAUSE, at=at)
    assert by.holding_id is not None  # noqa: S101  (an officer who was let in acts in an office)
    return person_id, by.holding_id


def _is_authorised(party_id: UUID) -> bool:
    return AuthorisedSubscriber.objects.filter(party_id=party_id, withdrawn_at__isnull=True).exists()


def _standing(party_id: UUID, environment: str) -> Any:
    return Credential.objects.filter(
        party_id=party_id, environment=environment, state__in=[BEING_ISSUED, ACTIVE]
    )


@service
def issue_credential(*, credential_id: UUID, by: Actor, at: datetime | None = None) -> Credential:
    """The worker signs the credential that was asked for. L4.5

    Raises KeyUnavailable where the process holds no keys.
    """
    at = at or clock.now()
    authority.require(by, "clock", clause=CLAUSE)
    credential = _locked(credential_id)
    if credential.state != BEING_ISSUED:
        return unchanged(credential)
    move = LIFE_CYCLE.move("issue", state=credential.state)
    _sign(credential, at=at)
    credential.state = move.target
    credential.save()
    if credential.replaces is not None:
        discharge_duties(kind=RENEW, subject=credential.replaces)
    _tell(credential, "is issued", "Download it in the portal.")
    facts = {"serial": credential.serial, "sha256": credential.sha256, "expires_at": credential.expires_at}
    _record(move.event, move.clause, by=by, credential=credential, facts=facts)
    return credential


def _sign(credential: Credential, *, at: datetime) -> None:
    issuer = establish_authority(by=Actor.clock(), at=at)
    point, serial, start = public_point(issuer), new_serial(at), at.replace(microsecond=0)
    life = Life(starts_at=start, ends_at=start + timedelta(days=figure("interface.credential_days", at=at)))
    tbs = certificates.credential_tbs(
        serial=serial,
        issuer=issuer.name,
        issuer_point=point,
        subject=Subject(
            organisation=str(credential.party),
            environment=credential.environment,
            common_name=str(credential.pk),
        ),
        life=life,
        point=bytes(credential.public_key),
    )
    signature = SoftwareKeys.from_settings().sign(issuer.key_reference, tbs)
    content = assemble(tbs, signature, issuer_point=point)
    credential.issuer = issuer
    credential.serial = serial.hex().upper()
    credential.certificate = content
    credential.sha256 = hashlib.sha256(content).hexdigest()
    credential.issued_at = at
    credential.expires_at = life.ends_at


@service
def fail_credential(*, credential_id: UUID, reason: str, by: Actor, at: datetime | None = None) -> Credential:
    """The worker could not sign: the officer is told, and may ask again. L4.5"""
    authority.require(by, "clock", clause=CLAUSE)
    credential = _locked(credential_id)
    if credential.state != BEING_ISSUED:
        return unchanged(credential)
    _end(credential, "fail", reason=reason, by=by, at=at or clock.now())
    return credential


@service
def revoke_credential(
    *, credential_id: UUID, reason: str, by: Actor, at: datetime | None = None
) -> Credential:
    """An officer of the Party, or DCC, revokes a credential: it opens nothing from the next request on. L4.5"""
    at = at or clock.now()
    credential = _locked(credential_id)
    if by.role == Role.PARTY_OFFICER:
        require_party_officer(by, party_id=credential.party_id, clause=CLAUSE, at=at)
    else:
        require_ra_officer(by, clause=CLAUSE, at=at)
    credential.ended_by_id = by.person_id
    _end(credential, "revoke", reason=reason.strip(), by=by, at=at)
    return credential


@service
def lapse_credential(*, credential_id: UUID, by: Actor, at: datetime | None = None) -> Credential:
    """A credential ends with the right behind it, or when its time is over. L4.1"""
    at = at or clock.now()
    authority.require(by, "clock", clause=CLAUSE)
    credential = _locked(credential_id)
    reason = why_over(with_rights(Credential.objects.filter(pk=credential_id), at=at).get(), at=at)
    if not reason or not LIFE_CYCLE.allows("lapse", state=credential.state):
        return unchanged(credential)
    _end(credential, "lapse", reason=reason, by=by, at=at)
    return credential


def why_over(credential: Any, *, at: datetime) -> str:
    """Why a credential (from with_rights) no longer stands; empty while it does. L4.1"""
    if credential.expires_at is not None and credential.expires_at <= at:
        return "It has expired."
    missing = missing_right(credential)
    return missing[1] if missing else ""


@service
def ask_for_renewal(*, credential_id: UUID, by: Actor, at: datetime | None = None) -> Credential:
    """The Party's officers are given the duty to replace a credential before it expires. L4.5"""
    authority.require(by, "clock", clause=CLAUSE)
    credential = _locked(credential_id)
    if not credential.is_active:
        return unchanged(credential)
    open_duty(
        kind=RENEW,
        clause=CLAUSE,
        title=f"Replace the credential {credential.name} before it expires",
        role=Role.PARTY_OFFICER,
        party_id=credential.party_id,
        subject=credential,
        due_at=credential.expires_at,
        url=reverse("service_interface:show_credential", args=[credential.pk]),
    )
    facts = {"expires_at": credential.expires_at}
    _record("credential.renewal_asked", CLAUSE, by=by, credential=credential, facts=facts)
    return credential


def _end(credential: Credential, action: str, *, reason: str, by: Actor, at: datetime) -> None:
    move = LIFE_CYCLE.move(action, state=credential.state)
    credential.state = move.target
    credential.ended_at = at
    credential.ended_reason = reason
    credential.save()
    withdraw_duties(kind=RENEW, subject=credential)
    said = {"fail": "was not issued", "revoke": "is revoked", "lapse": "has ended"}[action]
    _tell(credential, said, reason)
    _record(move.event, move.clause, by=by, credential=credential, facts={"reason": reason})


def _tell(credential: Credential, said: str, reason: str) -> None:
    which = f"The {credential.environment} credential {credential.name} of {credential.party}"
    send_notice(
        clause=CLAUSE,
        subject=f"The credential {credential.name} {said}",
        body=f"{which} {said}. {reason}".strip(),
        people=officers_of(credential.party_id),
        url=reverse("service_interface:show_credential", args=[credential.pk]),
    )


def _locked(credential_id: UUID) -> Credential:
    return (
        Credential.objects.select_for_update(of=("self",))
        .select_related("party__organisation", "replaces")
        .get(pk=credential_id)
    )


def _record(
    event: str, clause: str, *, by: Actor, credential: Credential, facts: Mapping[str, object]
) -> None:
    told: dict[str, object] = {
        "party": str(credential.party),
        "environment": credential.environment,
        "name": credential.name,
    }
    record(
        event,
        clause=clause,
        by=by,
        subject=credential,
        facts=told | dict(facts),
        audience="party",
        party_id=credential.party_id,
    )
