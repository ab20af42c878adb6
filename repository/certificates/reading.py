"""Columns read from the final DER, so that what is searched is what was signed. No database here."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from repository.certificates.identifiers import serial_of
from repository.certificates.kinds import CertificateKind, Usage

HARDWARE_MODULE_NAME = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.4")
UNIQUE_IDENTIFIER = x509.ObjectIdentifier("2.5.4.45")
EUI64_OCTETS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateColumns:
    """What the Repository searches a Certificate by."""

    serial: str
    issuer: str
    issuer_key_id: str
    subject: str
    subject_cn: str
    eui64: str
    role_code: int | None
    usage: str
    key_id: str
    public_key_sha256: str
    not_before_at: datetime
    not_after_at: datetime
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListColumns:
    """What the Repository shows of a CRL or ARL; number is decimal text, for it may have 20 octets."""

    issuer: str
    issuer_key_id: str
    number: str
    entries: int
    this_update_at: datetime
    next_update_at: datetime | None
    sha256: str


def read_certificate(der: bytes, kind: CertificateKind) -> CertificateColumns:
    """The columns of one DER Certificate; ValueError when the bytes are not one of that kind."""
    certificate = x509.load_der_x509_certificate(der)
    try:
        return _columns(certificate, der, kind)
    except x509.ExtensionNotFound as error:
        raise ValueError(str(error)) from error


def _columns(certificate: x509.Certificate, der: bytes, kind: CertificateKind) -> CertificateColumns:
    key_id = _subject_key_id(certificate)
    return CertificateColumns(
        serial=serial_of(certificate.serial_number),
        issuer=certificate.issuer.rfc4514_string(),
        issuer_key_id=_authority_key_id(certificate.extensions) or key_id,
        subject=_name(certificate.subject),
        subject_cn=_common_name(certificate.subject),
        eui64=_eui64(certificate, kind),
        role_code=_role_code(certificate.subject) if kind == CertificateKind.ORGANISATION else None,
        usage=_usage(certificate),
        key_id=key_id,
        public_key_sha256=_public_key_sha256(certificate),
        not_before_at=certificate.not_valid_before_utc,
        not_after_at=certificate.not_valid_after_utc,
        sha256=hashlib.sha256(der).hexdigest(),
    )


def read_revocation_list(der: bytes) -> ListColumns:
    """The columns of one DER CRL or ARL; ValueError when the bytes are not one."""
    revocations = x509.load_der_x509_crl(der)
    try:
        number = revocations.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound as error:
        raise ValueError("A list of revoked Certificates has a number.") from error
    return ListColumns(
        issuer=revocations.issuer.rfc4514_string(),
        issuer_key_id=_authority_key_id(revocations.extensions),
        number=str(number),
        entries=len(revocations),
        this_update_at=revocations.last_update_utc,
        next_update_at=revocations.next_update_utc,
        sha256=hashlib.sha256(der).hexdigest(),
    )


def _name(name: x509.Name) -> str:
    """A name without its unique identifier, which has a column of its own."""
    shown = [part for part in name.rdns if part.get_attributes_for_oid(UNIQUE_IDENTIFIER) == []]
    return x509.Name(shown).rfc4514_string() if shown else ""


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""


def _role_code(name: x509.Name) -> int:
    found = name.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    if len(found) != 1:
        raise ValueError("An Organisation Certificate has one organisational unit, its role code.")
    return int(str(found[0].value), 16)


def _eui64(certificate: x509.Certificate, kind: CertificateKind) -> str:
    if kind == CertificateKind.DEVICE:
        return _device_eui64(certificate)
    if kind == CertificateKind.ORGANISATION:
        return _organisation_eui64(certificate)
    return ""


def _device_eui64(certificate: x509.Certificate) -> str:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    for name in names:
        if isinstance(name, x509.OtherName) and name.type_id == HARDWARE_MODULE_NAME:
            # hwSerialNum is the last element of the sequence: an OCTET STRING of 8.
            return name.value[-EUI64_OCTETS:].hex().upper()
    raise ValueError("A Device Certificate names its device in a hardwareModuleName.")


def _organisation_eui64(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(UNIQUE_IDENTIFIER)
    if len(found) != 1 or not isinstance(found[0].value, bytes):
        raise ValueError("An Organisation Certificate has one unique identifier, its EUI-64.")
    return found[0].value[-EUI64_OCTETS:].hex().upper()


def _usage(certificate: x509.Certificate) -> str:
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    if usage.key_cert_sign:
        return Usage.CERTIFICATE_SIGNING.value
    return Usage.KEY_AGREEMENT.value if usage.key_agreement else Usage.DIGITAL_SIGNATURE.value


def _subject_key_id(certificate: x509.Certificate) -> str:
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except x509.ExtensionNotFound:
        return ""
    return found.value.digest.hex().upper()


def _authority_key_id(extensions: x509.Extensions) -> str:
    try:
        found = extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
    except x509.ExtensionNotFound:
        return ""
    return (found.value.key_identifier or b"").hex().upper()


def _public_key_sha256(certificate: x509.Certificate) -> str:
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()
