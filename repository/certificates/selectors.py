"""Searches of the stored Certificates: from columns, along an index, without counting."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from repository.certificates.identifiers import parse_eui64_prefix, parse_serial
from repository.certificates.kinds import Status
from repository.certificates.models import Certificate, RevocationList


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a reader searches by; an empty value does not narrow. role: decimal. serial: hex or decimal."""

    eui64: str = ""
    serial: str = ""
    kind: str = ""
    role: int | None = None
    usage: str = ""
    status: str = ""
    issuer: str = ""
    environment: str = ""


def find_certificates(query: Query, *, at: datetime) -> QuerySet[Certificate]:
    """The Certificates that a query finds at a moment, without their bytes. ValueError for a bad identifier."""
    conditions = Q()
    if query.eui64:
        first, last = parse_eui64_prefix(query.eui64)
        conditions &= Q(eui64=first) if first == last else Q(eui64__gte=first, eui64__lte=last)
    if query.serial:
        conditions &= Q(serial=parse_serial(query.serial))
    if query.role is not None:
        conditions &= Q(role_code=query.role)
    for column in ("kind", "usage", "issuer", "environment"):
        if value := getattr(query, column):
            conditions &= Q(**{column: value})
    if query.status:
        conditions &= _has_status(query.status, at)
    return Certificate.objects.filter(conditions).defer("der")


def _has_status(status: str, at: datetime) -> Q:
    if status == Status.EXPIRED:
        return Q(not_after_at__lt=at) & ~Q(status=Status.REVOKED)
    if status == Status.REVOKED:
        return Q(status=status)
    return Q(status=status, not_after_at__gte=at)


def status_at(certificate: Certificate, at: datetime) -> Status:
    """The status as readers see it: an expired Certificate that was not revoked is expired."""
    if certificate.status != Status.REVOKED and certificate.not_after_at < at:
        return Status.EXPIRED
    return Status(certificate.status)


def issuers() -> list[str]:
    """The issuers of Certificates, read from the few Certificates of the Authorities themselves."""
    authorities = Certificate.objects.filter(kind__in=["root_dca", "issuing_dca", "root_oca", "issuing_oca"])
    return list(authorities.order_by("subject").values_list("subject", flat=True).distinct())


def issuer_of(certificate: Certificate) -> Certificate | None:
    """The Certificate of the Authority that signed this one; None for a self-signed root or an unknown issuer."""
    if certificate.issuer_key_id == certificate.key_id:
        return None
    found = Certificate.objects.filter(
        subject=certificate.issuer,
        key_id=certificate.issuer_key_id,
        usage="CA",
        environment=certificate.environment,
    )
    return found.first()


def revocation_lists() -> QuerySet[RevocationList]:
    """Every version of the CRL and ARL, newest first, without their bytes."""
    return RevocationList.objects.defer("der")
