"""What it is to revoke a Certificate. Part of the services that do: no entry of its own."""

from datetime import datetime, timedelta

from django.db.models import Max
from django.urls import reverse

from certification.authorities import crl, lists
from certification.authorities.models import Authority
from certification.authorities.services import end_authority
from certification.requests.suspension import Service, held_by
from certification.requests.suspension_rules import CLAUSES, Ground
from certification.revocations.models import Revocation, RevocationRequest
from certification.revocations.publishing import REVOCATION, call_operators, enqueue_list
from certification.revocations.rules import PRACTICE, Reason, check_kind, compute_crl_reason
from certification.revocations.selectors import officers_to_tell, open_request, signer_of, subscriber_of
from certification.revocations.states import REVOCATION_REQUEST
from repository.certificates.kinds import CertificateKind, Status
from repository.certificates.models import Certificate
from repository.certificates.services import set_certificate_status
from smki_pma.clauses import RuleViolation
from smki_pma.duties.acts import withdraw_duties
from smki_pma.ledger.actors import Actor
from smki_pma.notices.acts import send_notice
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import figure

CHECK = "revocation.check"


def locked_certificate(certificate_id: int) -> Certificate:
    """The Certificate, locked, so that it is revoked once."""
    return Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)


def revoke(certificate: Certificate, reason: Reason, *, by: Actor, at: datetime) -> Revocation:
    """Enter a revocation for good and set the list going that says so. L3.4, L3.5

    certificate: locked. Raises RuleViolation for a kind that is never revoked, one revoked already, or while an
    instruction suspends revocation (the service that calls holds suspensions off).
    """
    check_kind(certificate.kind)
    _check_goes_on(certificate, at=at)
    if Revocation.objects.filter(certificate=certificate).exists():
        raise RuleViolation("This Certificate is revoked already.", clause=PRACTICE)
    signer = signer_of(certificate)
    if signer is None:
        raise RuleViolation("No Authority of ours has signed this Certificate.", clause=PRACTICE)
    revocation = _enter(certificate, lists.locked(signer), reason, at)
    set_certificate_status(
        certificate_id=certificate.pk,
        status=Status.REVOKED,
        by=by if by.role in (Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR) else Actor.clock(),
        at=at,
    )
    if certificate.kind != CertificateKind.ORGANISATION:
        _end_authority(certificate, reason, at)
    _set_list_going(signer, at)
    _tell(certificate, reason)
    return revocation


def _check_goes_on(certificate: Certificate, *, at: datetime) -> None:
    """Nothing is revoked while an instruction suspends revocation to the subscriber or to all. L2.14, M8.4(f)"""
    party = subscriber_of(certificate)
    suspension = held_by(party_id=party.pk if party is not None else None, service=Service.REVOKE, at=at)
    if suspension is not None:
        raise RuleViolation(
            "An instruction suspends revocation. The request waits: you will be told when it is reinstated.",
            clause=CLAUSES[Ground(suspension.ground)],
        )


def _enter(certificate: Certificate, signer: Authority, reason: Reason, at: datetime) -> Revocation:
    last = Revocation.objects.filter(issuer=signer).aggregate(last=Max("position"))["last"] or 0
    entry = crl.RevokedEntry(
        serial=bytes.fromhex(certificate.serial),
        revoked_at=at,
        reason=compute_crl_reason(reason, kind=certificate.kind),
    )
    encoded = entry.encoded()
    crl.check_entry(encoded, entry)
    revocation = Revocation(
        certificate=certificate,
        issuer=signer,
        position=last + 1,
        serial=certificate.serial,
        revoked_at=at,
        reason=reason,
        entry=encoded,
    )
    revocation.save()
    return revocation


def _end_authority(certificate: Certificate, reason: Reason, at: datetime) -> None:
    """An Authority whose Certificate is revoked issues no more; its CRL goes on being signed. L3.5"""
    ended = Authority.objects.get(serial=certificate.serial, environment=certificate.environment)
    end_authority(authority_id=ended.pk, reason=reason.title, by=Actor.clock(), at=at)


def _set_list_going(signer: Authority, at: datetime) -> None:
    """A CRL is made at once by the worker; an ARL needs the root key, and so two people."""
    if signer.is_root:
        call_operators(authority_id=signer.pk, by=Actor.clock(), at=at)
    else:
        enqueue_list(signer, cause=REVOCATION, at=at)


def _tell(certificate: Certificate, reason: Reason) -> None:
    party = subscriber_of(certificate)
    send_notice(
        clause=PRACTICE,
        subject=f"Certificate {certificate.serial} is revoked",
        body=f"The {certificate} is revoked, for good. {reason.title}. The next CRL names it.",
        people=officers_to_tell(party),
        url=reverse("revocations:show_certificate", args=[certificate.serial]),
    )


def overtake(certificate: Certificate, *, at: datetime) -> RevocationRequest | None:
    """Close a request for a revocation that happens now on another ground."""
    request = open_request(certificate)
    if request is None:
        return None
    request.state = REVOCATION_REQUEST.move("overtake", state=request.state).target
    request.decided_at = at
    request.save()
    withdraw_duties(kind=CHECK, subject=request)
    return request


def due_by(at: datetime) -> datetime:
    """By when a request for revocation is to be decided (house rule)."""
    return at + timedelta(hours=figure("revocations.check_hours", at=at))
