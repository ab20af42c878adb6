"""Lints of issuer and subject: the three forms of name that SMKI Certificates have."""

from __future__ import annotations

from collections.abc import Iterator

from certification.authorities import der
from certification.authorities.eui64 import LENGTH
from certification.authorities.profiles import (
    AUTHORITY_NAME_LENGTH,
    COMMON_NAME,
    ORGANISATIONAL_UNIT,
    UNIQUE_IDENTIFIER,
    SubjectForm,
)
from certification.authorities.role_codes import RESERVED_FOR_AUTHORITIES, ROLE_CODES
from certification.linting.certificate_fields import ISSUER, SUBJECT
from certification.linting.rule import Expected, Register, SmkiCertificate

LINTS = Register()
_SUBJECT = "tbsCertificate.subject.rdnSequence"
Attributes = list[tuple[str, der.Element]]


@LINTS.lint("issuer", source="RFC 5280 4.1.2.4 and 7.1: the issuer's own subject, byte for byte")
def check_issuer(certificate: SmkiCertificate, expected: Expected) -> Iterator[str]:
    issuer, own = certificate.fields[ISSUER].encoded, certificate.fields[SUBJECT].encoded
    if expected.profile.self_signed and issuer != own:
        yield "A self-signed Certificate must name itself as issuer."
    if not expected.profile.self_signed and (expected.issuer is None or issuer != expected.issuer.name):
        yield "The issuer is not the subject of the issuing Authority."


@LINTS.lint("subject", source="Certificate profile: subject")
def check_subject(certificate: SmkiCertificate, expected: Expected) -> Iterator[str]:
    form = expected.profile.subject
    attributes = _read_subject(certificate)
    if attributes is None:
        yield "The subject holds a set of several attributes."
    elif form is SubjectForm.EMPTY and attributes:
        yield "The subject is not empty."
    elif form is SubjectForm.AUTHORITY:
        yield from _check_authority(attributes, expected.profile.unit)
    elif form is SubjectForm.ORGANISATION:
        yield from _check_organisation(attributes)


def _read_subject(certificate: SmkiCertificate) -> Attributes | None:
    """The types and the encoded values in order; None where one set holds several."""
    found: Attributes = []
    for part in certificate.root.navigate(_SUBJECT).children.values():
        if len(part.children) != 1:
            return None
        attribute = part.children["0"].children
        found.append((str(attribute["type"].pdu), der.read(bytes(attribute["value"].pdu))))
    return found


def _check_authority(attributes: Attributes, unit: int | None) -> Iterator[str]:
    if [oid for oid, _ in attributes] != [ORGANISATIONAL_UNIT, COMMON_NAME]:
        yield "The subject of an Authority is OU and CN."
        return
    if attributes[0][1].encoded != der.write(der.UTF8_STRING, f"{unit:02X}".encode()):
        yield f"OU is not {unit:02X}."
    name = attributes[1][1]
    if name.tag != der.UTF8_STRING or not 1 <= len(name.content.decode()) <= AUTHORITY_NAME_LENGTH:
        yield f"CN is not a UTF8String of 1 to {AUTHORITY_NAME_LENGTH} characters."


def _check_organisation(attributes: Attributes) -> Iterator[str]:
    always = [ORGANISATIONAL_UNIT, UNIQUE_IDENTIFIER]
    if [oid for oid, _ in attributes] not in (always, [COMMON_NAME, *always]):
        yield "The subject of an organisation is an optional CN, OU and uniqueIdentifier."
        return
    values = dict(attributes)
    unit, identifier = values[ORGANISATIONAL_UNIT], values[UNIQUE_IDENTIFIER]
    allowed = {f"{code:02X}".encode() for code in ROLE_CODES.keys() - RESERVED_FOR_AUTHORITIES}
    if unit.tag != der.UTF8_STRING or unit.content not in allowed:
        yield "OU is not a role code of an organisation in two hexadecimal digits."
    if identifier.tag != der.BIT_STRING or len(identifier.content) != LENGTH + 1 or identifier.content[0]:
        yield "uniqueIdentifier is not a BIT STRING of 64 bits."
