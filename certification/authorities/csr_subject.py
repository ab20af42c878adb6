"""The subject of a request: empty for a device; role and EUI-64, and perhaps a name, for an organisation."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from certification.authorities import der
from certification.authorities.csr_structure import bits, read_name
from certification.authorities.eui64 import LENGTH
from certification.authorities.faults import Fault
from certification.authorities.profiles import (
    COMMON_NAME,
    ORGANISATIONAL_UNIT,
    UNIQUE_IDENTIFIER,
    CertificateKind,
)
from certification.authorities.role_codes import RESERVED_FOR_AUTHORITIES, ROLE_CODES, role_name

_FIELD = "Subject"
_DEVICE = "Device Certificate profile: subject"
_ORGANISATION = "Organisation Certificate profile: subject"
_NAMES = {COMMON_NAME: "CN", ORGANISATIONAL_UNIT: "OU", UNIQUE_IDENTIFIER: "uniqueIdentifier"}
_TWO_HEX_DIGITS = re.compile(r"[0-9A-Fa-f]{2}")
_LONGEST_COMMON_NAME = 64
_TEXT = (der.UTF8_STRING, der.PRINTABLE_STRING)


@dataclass(frozen=True, slots=True)
class RequestedSubject:
    eui64: bytes = b""
    role_code: int | None = None
    common_name: str = ""


def check_subject(subject: der.Element, kind: CertificateKind, faults: list[Fault]) -> RequestedSubject:
    """What the subject says; what is wrong with it is added to `faults`."""
    if kind is CertificateKind.DEVICE:
        if subject.content:
            message = "The subject of a Device request must be empty (openssl: an empty distinguished_name)."
            faults.append(Fault("csr.subject.not_empty", _FIELD, message, _DEVICE))
        return RequestedSubject()
    try:
        return _check_organisation(read_name(subject), faults)
    except der.DerError as error:
        faults.append(Fault("csr.not_der", _FIELD, f"{error}.", "RFC 5280 4.1.2.4"))
        return RequestedSubject()


def _check_organisation(attributes: list[tuple[str, der.Element]], faults: list[Fault]) -> RequestedSubject:
    counts = Counter(oid for oid, _ in attributes)
    for oid, count in counts.items():
        if oid not in _NAMES:
            message = f"The subject may hold CN, OU and uniqueIdentifier only; it also holds {oid}."
            faults.append(Fault("csr.subject.unknown", _FIELD, message, _ORGANISATION))
        elif count > 1:
            message = f"The subject holds {_NAMES[oid]} {count} times; once is allowed."
            faults.append(Fault("csr.subject.repeated", _FIELD, message, _ORGANISATION))
    values = dict(attributes)
    return RequestedSubject(
        eui64=_check_identifier(values.get(UNIQUE_IDENTIFIER), faults),
        role_code=_check_role(values.get(ORGANISATIONAL_UNIT), faults),
        common_name=_check_common_name(values.get(COMMON_NAME), faults),
    )


def _check_identifier(value: der.Element | None, faults: list[Fault]) -> bytes:
    field = "uniqueIdentifier"
    if value is None:
        message = "The subject has no uniqueIdentifier (2.5.4.45) with the organisation's EUI-64."
        faults.append(Fault("csr.subject.identifier_missing", field, message, _ORGANISATION))
        return b""
    try:
        octets = bits(value)
    except der.DerError:
        message = "uniqueIdentifier must be a BIT STRING of 64 bits (openssl: FORMAT:HEX,BITSTRING)."
        faults.append(Fault("csr.subject.identifier_form", field, message, _ORGANISATION))
        return b""
    if len(octets) != LENGTH:
        message = f"The EUI-64 has {len(octets)} octets; it must have {LENGTH}."
        faults.append(Fault("csr.subject.eui64", field, message, _ORGANISATION))
    return octets


def _check_role(value: der.Element | None, faults: list[Fault]) -> int | None:
    field = "OU"
    if value is None:
        message = "The subject has no OU with the role code (two hexadecimal digits, 02 for a Supplier)."
        faults.append(Fault("csr.subject.role_missing", field, message, _ORGANISATION))
        return None
    text = _read_text(value)
    if text is None or not _TWO_HEX_DIGITS.fullmatch(text):
        message = "OU must be the role code in exactly two hexadecimal digits, as a UTF8String."
        faults.append(Fault("csr.subject.role_form", field, message, _ORGANISATION))
        return None
    code = int(text, 16)
    if code not in ROLE_CODES:
        message = f"There is no role with the code {text}."
        faults.append(Fault("csr.subject.role_unknown", field, message, _ORGANISATION))
    elif code in RESERVED_FOR_AUTHORITIES:
        message = f"The role code {text} ({role_name(code)}) belongs to Certification Authorities alone."
        faults.append(Fault("csr.subject.role_reserved", field, message, _ORGANISATION))
    return code


def _check_common_name(value: der.Element | None, faults: list[Fault]) -> str:
    if value is None:
        return ""
    text = _read_text(value)
    if text is None or not 1 <= len(text) <= _LONGEST_COMMON_NAME or not text.isprintable():
        message = f"CN must be 1 to {_LONGEST_COMMON_NAME} printable characters, as a UTF8String."
        faults.append(Fault("csr.subject.common_name", "CN", message, _ORGANISATION))
        return ""
    return text


def _read_text(value: der.Element) -> str | None:
    if value.tag not in _TEXT:
        return None
    try:
        return value.content.decode("ascii" if value.tag == der.PRINTABLE_STRING else "utf-8")
    except UnicodeDecodeError:
        return None
