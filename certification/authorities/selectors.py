"""Reads about Certification Authorities and their profiles."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db.models import Q, QuerySet

from certification.authorities.encoding import Name, key_identifier
from certification.authorities.lint import Issuer
from certification.authorities.models import Authority, Ceremony
from certification.authorities.profiles import CertificateKind, Profile, profile_of
from certification.authorities.rules import Purpose
from certification.authorities.states import ACTIVE, REVOKED, RUNNING, UNFINISHED
from smki_pma.clauses import RuleViolation
from smki_pma.records.models import Record
from smki_pma.rules_in_force.selectors import figure

_YEARS = {
    CertificateKind.ROOT_DCA: "authorities.root_years",
    CertificateKind.ROOT_OCA: "authorities.root_years",
    CertificateKind.ISSUING_DCA: "authorities.issuing_years",
    CertificateKind.ISSUING_OCA: "authorities.issuing_years",
    CertificateKind.ORGANISATION: "authorities.organisation_years",
}


def active_authority(kind: CertificateKind | str, environment: str) -> Authority | None:
    """The Authority of that kind that issues now."""
    return Authority.objects.filter(kind=CertificateKind(kind), environment=environment, state=ACTIVE).first()


def may_be_succeeded(authority: Authority) -> bool:
    """Whether a roll-over may put a successor in its place: it issues now, or is revoked and nobody issues. L3.5

    Under a root that is active, for that one certifies the successor.
    """
    if authority.parent is None or authority.parent.state != ACTIVE:
        return False
    return authority.state == ACTIVE or (
        authority.state == REVOKED and active_authority(authority.kind, authority.environment) is None
    )


def authorities() -> QuerySet[Authority]:
    """Every Authority that was ever certified, roots before what they certified."""
    return Authority.objects.filter(certificate_der__isnull=False).select_related("parent", "ceremony")


def ceremonies() -> QuerySet[Ceremony]:
    people = ("planned_by", "first_approved_by", "second_approved_by")
    return Ceremony.objects.select_related(*people, "root")


def unfinished_ceremony(environment: str) -> Ceremony | None:
    """The ceremony that is to make Authorities there and is not finished."""
    unfinished = Ceremony.objects.filter(environment=environment, state__in=UNFINISHED)
    return unfinished.exclude(purpose=Purpose.ARL).first()


def root_uses(root: Authority) -> QuerySet[Ceremony]:
    """Every ceremony that made a root's key or uses it, the latest first."""
    return ceremonies().filter(Q(root=root) | Q(pk=root.ceremony_id))


def check_root_use(authority: Authority) -> None:
    """A root's key signs only in a ceremony that two people approved: raises RuleViolation. L3.5"""
    if authority.is_root and not root_uses(authority).filter(state=RUNNING).exists():
        raise RuleViolation(
            f"The key of the {authority.title} is used in a key ceremony only, which two operators approve.",
            clause="L3.5",
        )


def profile_in_force(kind: CertificateKind | str, *, at: datetime) -> Profile:
    """The profile with the lifetime that the rules in force give it at that moment."""
    profile = profile_of(kind)
    key = _YEARS.get(profile.kind)
    if key is None:
        return profile
    return replace(profile, lifetime=replace(profile.lifetime, years=figure(key, at=at)))


def name_of(authority: Authority) -> Name:
    return Name(common_name=authority.common_name, role_code=authority.profile.unit)


def issuer_of(authority: Authority) -> Issuer:
    """The encoded name and the key identifier that the Authority writes into what it signs."""
    return Issuer(name_of(authority).encoded(), key_identifier(bytes(authority.point)))


def certificate_pem(authority: Authority) -> str:
    """The Authority's own Certificate as PEM; empty before it has one."""
    if authority.certificate_der is None:
        return ""
    certificate = x509.load_der_x509_certificate(bytes(authority.certificate_der))
    return certificate.public_bytes(Encoding.PEM).decode()


def chain_pem(authority: Authority) -> str:
    """The Authority's Certificate and those above it, up to the root."""
    above = authority.parent
    return certificate_pem(authority) + (chain_pem(above) if above is not None else "")


def portal_environment() -> str:
    """The environment that the portal serves: "live", or "test" for an installation that only tests."""
    return str(settings.SMKI_ENVIRONMENT)


def ceremony_context(record: Record) -> dict[str, Any]:
    """What the signed record of a ceremony shows."""
    ceremony = ceremonies().get(pk=record.subject_id)
    return {"ceremony": ceremony, "transcript": ceremony.transcript}
