"""Lints of the fields of a TBSCertificate that are not extensions."""

from __future__ import annotations

from collections.abc import Iterator

from certification.authorities import der, encoding
from certification.authorities.eui64 import LENGTH
from certification.authorities.lint import Subject, lint
from certification.authorities.profiles import (
    AUTHORITY_NAME_LENGTH,
    COMMON_NAME,
    NO_WELL_DEFINED_EXPIRY,
    ORGANISATIONAL_UNIT,
    P256,
    SERIAL_LENGTH,
    UNIQUE_IDENTIFIER,
    SubjectForm,
)
from certification.authorities.role_codes import RESERVED_FOR_AUTHORITIES, ROLE_CODES

_VERSION, _SERIAL, _ALGORITHM, _ISSUER, _VALIDITY, _SUBJECT, _KEY = range(7)


@lint("version", source="RFC 5280 4.1.2.1: version 3, as it has extensions")
def check_version(subject: Subject) -> Iterator[str]:
    if subject.fields[_VERSION].content != der.integer(2):
        yield "The version is not 3."


@lint("serial", source="RFC 5280 4.1.2.2; measured: 16 octets, positive")
def check_serial(subject: Subject) -> Iterator[str]:
    content = subject.fields[_SERIAL].content
    if len(content) != SERIAL_LENGTH or not 0x40 <= content[0] <= 0x7F:
        yield "The serial is not 16 octets beginning with 40 to 7F."


@lint("signature_algorithm", source="RFC 5758 3.2; Certificate profile: ecdsa-with-SHA256, no parameters")
def check_signature_algorithm(subject: Subject) -> Iterator[str]:
    if subject.fields[_ALGORITHM].encoded != encoding.SIGNATURE_ALGORITHM:
        yield "The signature algorithm is not ecdsa-with-SHA256 without parameters."


@lint("issuer", source="RFC 5280 4.1.2.4 and 7.1: the issuer's own subject, byte for byte")
def check_issuer(subject: Subject) -> Iterator[str]:
    issuer, own = subject.fields[_ISSUER].encoded, subject.fields[_SUBJECT].encoded
    if subject.profile.self_signed and issuer != own:
        yield "A self-signed Certificate must name itself as issuer."
    if not subject.profile.self_signed and (subject.issuer is None or issuer != subject.issuer.name):
        yield "The issuer is not the subject of the issuing Authority."


@lint("validity_form", source="RFC 5280 4.1.2.5: UTCTime to 2049, GeneralizedTime from 2050")
def check_validity_form(subject: Subject) -> Iterator[str]:
    times = subject.fields[_VALIDITY].children()
    moments = (subject.certificate.not_valid_before_utc, subject.certificate.not_valid_after_utc)
    for element, moment in zip(times, moments, strict=True):
        if element.encoded != encoding.encode_time(moment):
            yield f"{moment:%Y-%m-%d} is not written in the form of its year."


@lint("lifetime", source="Certificate profile: lifetime (Device: RFC 5280 4.1.2.5, no well-defined expiry)")
def check_lifetime(subject: Subject) -> Iterator[str]:
    lifetime = subject.profile.lifetime
    ends_at = subject.certificate.not_valid_after_utc
    if ends_at != lifetime.ends_at(subject.certificate.not_valid_before_utc):
        yield f"notAfter {ends_at:%Y-%m-%d %H:%M:%S} is not the end of the lifetime ({lifetime.source})."
    if lifetime.years is None and ends_at != NO_WELL_DEFINED_EXPIRY:
        yield "notAfter is not 99991231235959Z."


@lint("subject", source="Certificate profile: subject")
def check_subject(subject: Subject) -> Iterator[str]:
    form = subject.profile.subject
    attributes = _read_name(subject.fields[_SUBJECT])
    if attributes is None:
        yield "The subject holds a set of several attributes or a malformed one."
    elif form is SubjectForm.EMPTY and attributes:
        yield "The subject is not empty."
    elif form is SubjectForm.AUTHORITY:
        yield from _check_authority_name(attributes, subject.profile.unit)
    elif form is SubjectForm.ORGANISATION:
        yield from _check_organisation_name(attributes)


def _read_name(name: der.Element) -> list[tuple[str, der.Element]] | None:
    found = []
    for part in name.children():
        attributes = part.children()
        if len(attributes) != 1 or len(fields := attributes[0].children()) != 2:
            return None
        found.append((der.read_oid(fields[0].content), fields[1]))
    return found


def _check_authority_name(attributes: list[tuple[str, der.Element]], unit: int | None) -> Iterator[str]:
    if [oid for oid, _ in attributes] != [ORGANISATIONAL_UNIT, COMMON_NAME]:
        yield "The subject of an Authority is OU and CN."
        return
    if attributes[0][1].encoded != der.write(der.UTF8_STRING, f"{unit:02X}".encode()):
        yield f"OU is not {unit:02X}."
    name = attributes[1][1]
    if name.tag != der.UTF8_STRING or not 1 <= len(name.content.decode()) <= AUTHORITY_NAME_LENGTH:
        yield f"CN is not a UTF8String of 1 to {AUTHORITY_NAME_LENGTH} characters."


def _check_organisation_name(attributes: list[tuple[str, der.Element]]) -> Iterator[str]:
    oids = [oid for oid, _ in attributes]
    if oids not in (
        [ORGANISATIONAL_UNIT, UNIQUE_IDENTIFIER],
        [COMMON_NAME, ORGANISATIONAL_UNIT, UNIQUE_IDENTIFIER],
    ):
        yield "The subject of an organisation is an optional CN, OU and uniqueIdentifier."
        return
    values = dict(attributes)
    unit = values[ORGANISATIONAL_UNIT]
    allowed = {f"{code:02X}".encode() for code in ROLE_CODES.keys() - RESERVED_FOR_AUTHORITIES}
    if unit.tag != der.UTF8_STRING or unit.content not in allowed:
        yield "OU is not a role code of an organisation in two hexadecimal digits."
    identifier = values[UNIQUE_IDENTIFIER]
    if identifier.tag != der.BIT_STRING or len(identifier.content) != LENGTH + 1 or identifier.content[0]:
        yield "uniqueIdentifier is not a BIT STRING of 64 bits."


@lint(
    "public_key", source="RFC 5480 2.1.1 and 2.2: named curve P-256, uncompressed; the point is on the curve"
)
def check_public_key(subject: Subject) -> Iterator[str]:
    element = subject.fields[_KEY]
    algorithm, key = element.children()
    curves = [der.read_oid(part.content) for part in algorithm.children()[1:] if part.tag == der.OID]
    point = key.content[1:]
    if curves != [P256] or element.encoded != encoding.public_key_info(point) or point[:1] != b"\x04":
        yield "The key is not an uncompressed point with the named curve P-256."
        return
    try:
        subject.certificate.public_key()
    except ValueError:
        yield "The point is not on the curve."
