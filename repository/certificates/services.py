"""Lodging in the Repository: the only way in for Certificates, CRL and ARL, and open to DCC alone."""

from dataclasses import asdict
from datetime import datetime

from repository.certificates import log
from repository.certificates.kinds import AUTHORITY_KINDS, STORED_STATUSES, CertificateKind, ListKind, Status
from repository.certificates.lodging import LODGING, PURPOSE, name_lodger
from repository.certificates.models import Certificate, RevocationList
from repository.certificates.permissions import require_lodger
from repository.certificates.reading import read_certificate, read_revocation_list
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.statements import fetch_one, insert_row

_LODGED = "SELECT id, sha256 FROM certificates_certificate WHERE serial = %s AND issuer = %s"


@service
def lodge_certificate(
    *, der: bytes, kind: str, environment: str, by: Actor, at: datetime | None = None, reference: str = ""
) -> Certificate:
    """DCC lodges a Certificate; lodging the same bytes again changes nothing. L5.3(a), L5.4

    der: the final Certificate, from which every column is read. kind: a CertificateKind value.
    reference: what it was issued for, as the caller names it. Raises NotEntitled for anybody but DCC,
    RuleViolation for bytes that are no Certificate of that kind or a serial number used before.
    """
    at = at or clock.now()
    require_lodger(by, clause=LODGING, at=at)
    try:
        columns = read_certificate(der, CertificateKind(kind))
    except ValueError as error:
        raise RuleViolation(
            f"These bytes are not a Certificate of this kind: {error}", clause="L5.3"
        ) from error
    lodged = fetch_one(_LODGED, [columns.serial, columns.issuer])
    if lodged is not None and lodged[1] == columns.sha256:
        return unchanged(Certificate.objects.get(pk=lodged[0]))
    if lodged is not None:
        raise RuleViolation("This issuer has used this serial number before.", clause="L3.5")
    size = log.take_place()
    certificate = Certificate(
        id=size + 1,
        kind=kind,
        environment=environment,
        der=der,
        reference=reference,
        lodged_at=at,
        lodged_by=name_lodger(by),
        purpose=PURPOSE,
        **asdict(columns),
    )
    insert_row(certificate)
    grown = log.append(size, [log.leaf_of(der)])
    if kind in AUTHORITY_KINDS:
        log.ask_for_checkpoint()
    facts = {
        "kind": kind,
        "environment": environment,
        "issuer": columns.issuer,
        "serial": columns.serial,
        "sha256": columns.sha256,
        "reference": reference,
        **grown.facts(),
    }
    record("certificate.lodged", clause=LODGING, by=by, subject=certificate, facts=facts, audience="dcc")
    return certificate


@service
def set_certificate_status(
    *, certificate_id: int, status: str, by: Actor, at: datetime | None = None
) -> Certificate:
    """DCC keeps the status of a Certificate true; a revoked one stays revoked. L5.3(a)"""
    at = at or clock.now()
    require_lodger(by, clause=LODGING, at=at)
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if certificate.status == status:
        return unchanged(certificate)
    if status not in STORED_STATUSES:
        raise RuleViolation("A Certificate is pending, in use, not in use or revoked.", clause="L5.3")
    if certificate.status == Status.REVOKED:
        raise RuleViolation("A revoked Certificate stays revoked.", clause="L3.5")
    if status == Status.REVOKED and certificate.kind == CertificateKind.DEVICE:
        raise RuleViolation("A Device Certificate is never revoked.", clause="L3.5")
    facts = {"serial": certificate.serial, "from": certificate.status, "to": status}
    certificate.status = Status(status)
    certificate.status_changed_at = at
    certificate.save()
    record("certificate.status_set", clause=LODGING, by=by, subject=certificate, facts=facts, audience="dcc")
    return certificate


@service
def lodge_revocation_list(
    *, der: bytes, list_kind: str, environment: str, issuer_name: str, by: Actor, at: datetime | None = None
) -> RevocationList:
    """DCC lodges a CRL or an ARL; every version is kept. L5.3(a), L5.1(j)-(k)"""
    at = at or clock.now()
    require_lodger(by, clause=LODGING, at=at)
    try:
        columns = read_revocation_list(der)
    except ValueError as error:
        raise RuleViolation(
            f"These bytes are not a list of revoked Certificates: {error}", clause="L5.3"
        ) from error
    lodged = RevocationList.objects.filter(sha256=columns.sha256).first()
    if lodged is not None:
        return unchanged(lodged)
    revocations = RevocationList(
        list_kind=ListKind(list_kind),
        environment=environment,
        issuer_name=issuer_name,
        der=der,
        lodged_at=at,
        lodged_by=name_lodger(by),
        **asdict(columns),
    )
    revocations.save()
    facts = {
        "list": list_kind,
        "environment": environment,
        "issuer": columns.issuer,
        "number": columns.number,
        "entries": columns.entries,
        "sha256": columns.sha256,
    }
    record("revocation_list.lodged", clause=LODGING, by=by, subject=revocations, facts=facts, audience="dcc")
    return revocations
