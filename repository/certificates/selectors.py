"""Searches of the stored Certificates: from columns, along an index, without counting."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact

from repository.certificates.identifiers import parse_eui64_prefix, parse_serial
from repository.certificates.kinds import AUTHORITY_KINDS, CertificateKind, Status, Usage
from repository.certificates.models import Certificate, RevocationList
from smki_pma.ledger import checkpoints
from smki_pma.ledger.logs import CERTIFICATES

# The conditions of the partial indexes (models.py), with their value in the text: SQLite takes such an index
# only where it can read there that the condition holds.
_NOT_DEVICE = ~Q(Exact(F("kind"), RawSQL("'device'", ())))
_NOT_IN_USE = ~Q(Exact(F("status"), RawSQL("'I'", ())))


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
    for column in ("kind", "usage"):
        if value := getattr(query, column):
            conditions &= Q(**{column: value})
    if query.issuer:
        conditions &= _is_issued_by(query.issuer)
    if _is_of_no_device(query):
        conditions &= _NOT_DEVICE
    if query.status:
        conditions &= _has_status(query.status, at)
    return Certificate.objects.filter(conditions).defer("der")


def _is_of_no_device(query: Query) -> bool:
    """Whether what is asked for leaves out every Device Certificate, and with them nearly all there is."""
    if query.kind:
        return query.kind != CertificateKind.DEVICE
    return query.usage == Usage.CERTIFICATE_SIGNING


def _is_issued_by(issuer: str) -> Q:
    """No index holds the issuer of a Device Certificate; the log is gone through down to where it began to issue.

    An Authority's own Certificate is lodged as it becomes active, before anything that it issues (L5.1).
    """
    of_devices = authorities().filter(subject=issuer, kind=CertificateKind.ISSUING_DCA).order_by("id")
    began = of_devices.values_list("id", flat=True).first()
    return Q(issuer=issuer) & (_NOT_DEVICE if began is None else Q(id__gt=began))


def _has_status(status: str, at: datetime) -> Q:
    if status == Status.EXPIRED:
        # A Device Certificate has no end (99991231235959Z).
        return _NOT_DEVICE & Q(not_after_at__lt=at) & ~Q(status=Status.REVOKED)
    if status == Status.REVOKED:
        return _NOT_IN_USE & Q(status=status)
    if status != Status.IN_USE:
        return _NOT_IN_USE & Q(status=status, not_after_at__gte=at)
    return Q(status=status, not_after_at__gte=at)


def status_at(certificate: Certificate, at: datetime) -> Status:
    """The status as readers see it: an expired Certificate that was not revoked is expired."""
    if certificate.status != Status.REVOKED and certificate.not_after_at < at:
        return Status.EXPIRED
    return Status(certificate.status)


def authorities() -> QuerySet[Certificate]:
    """The few Certificates of the Authorities themselves, found along an index."""
    return Certificate.objects.filter(_NOT_DEVICE, kind__in=AUTHORITY_KINDS)


def issuers() -> list[str]:
    """The issuers of Certificates."""
    return list(authorities().order_by("subject").values_list("subject", flat=True).distinct())


def issuer_of(certificate: Certificate) -> Certificate | None:
    """The Certificate of the Authority that signed this one; None for a self-signed root or an unknown issuer."""
    if certificate.issuer_key_id == certificate.key_id:
        return None
    found = authorities().filter(
        subject=certificate.issuer,
        key_id=certificate.issuer_key_id,
        environment=certificate.environment,
    )
    return found.first()


def revocation_lists() -> QuerySet[RevocationList]:
    """Every version of the CRL and ARL, newest first, without their bytes."""
    return RevocationList.objects.defer("der")


def first_unsigned_at() -> datetime | None:
    """When the first Certificate was lodged that no checkpoint of the certificate log covers; None for none."""
    newest = checkpoints.latest(CERTIFICATES)
    first = Certificate.objects.filter(pk=newest.size + 1 if newest else 1)
    return first.values_list("lodged_at", flat=True).first()
