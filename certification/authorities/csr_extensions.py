"""The extensions that a request asks for: keyUsage always, subjectAltName for a device, nothing else.

Whether the request marks them critical is not looked at: the Certificate's profile decides that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from certification.authorities import der
from certification.authorities.csr_structure import RequestedExtension, only
from certification.authorities.environments import Environment
from certification.authorities.eui64 import LENGTH
from certification.authorities.faults import Fault
from certification.authorities.profiles import (
    ALTERNATIVE_NAME,
    HARDWARE_MODULE_NAME,
    KEY_USAGE,
    CertificateKind,
    KeyUsage,
)

_USAGE = "keyUsage"
_NAME = "subjectAltName"
_SET_SOURCE = "Certificate profile: extensions"
_USAGE_SOURCE = "Certificate profile: keyUsage"
_NAME_SOURCE = "Device Certificate profile: subjectAltName; RFC 4108 section 5"


@dataclass(frozen=True, slots=True)
class WantedExtensions:
    usage: KeyUsage | None = None
    eui64: bytes = b""


def check_extensions(
    requested: list[RequestedExtension] | None,
    kind: CertificateKind,
    environment: Environment,
    faults: list[Fault],
) -> WantedExtensions:
    """What the extensions say; what is wrong is added to `faults`. None: they could not be read at all."""
    if requested is None:
        return WantedExtensions()
    device = kind is CertificateKind.DEVICE
    allowed = {KEY_USAGE: _USAGE, ALTERNATIVE_NAME: _NAME} if device else {KEY_USAGE: _USAGE}
    _check_set(requested, allowed, faults)
    values = {extension.oid: extension.value for extension in requested}
    usage = _check_usage(values.get(KEY_USAGE), faults)
    eui64 = _check_alternative_name(values.get(ALTERNATIVE_NAME), environment, faults) if device else b""
    return WantedExtensions(usage, eui64)


def _check_set(requested: list[RequestedExtension], allowed: dict[str, str], faults: list[Fault]) -> None:
    for oid, count in Counter(extension.oid for extension in requested).items():
        if oid not in allowed:
            may = " and ".join(allowed.values())
            message = f"The request asks for the extension {oid}; it may ask for {may} only."
            faults.append(Fault("csr.extension.unknown", "Extensions", message, _SET_SOURCE))
        elif count > 1:
            code = "csr.san.count" if oid == ALTERNATIVE_NAME else "csr.extension.repeated"
            message = f"The request asks for {allowed[oid]} {count} times; once is allowed."
            faults.append(Fault(code, allowed[oid], message, "RFC 5280 section 4.2"))


def _check_usage(value: bytes | None, faults: list[Fault]) -> KeyUsage | None:
    if value is None:
        message = "The request has no keyUsage. Ask for digitalSignature or keyAgreement."
        faults.append(Fault("csr.key_usage.missing", _USAGE, message, _USAGE_SOURCE))
        return None
    bits = _read_usage(value)
    if bits is None:
        faults.append(Fault("csr.key_usage.form", _USAGE, "keyUsage is not a BIT STRING.", _USAGE_SOURCE))
        return None
    for usage in (KeyUsage.DS, KeyUsage.KA):
        if bits == usage.bits:
            return usage
    code, message = _fault_of_usage(bits)
    faults.append(Fault(code, _USAGE, message, _USAGE_SOURCE))
    return None


def _read_usage(value: bytes) -> int | None:
    """The bits of keyUsage from digitalSignature (0x80) down; decipherOnly, the ninth, as 0x100."""
    try:
        element = der.read(value)
    except der.DerError:
        return None
    content = element.content
    if (
        element.tag != der.BIT_STRING
        or element.encoded != value
        or not 1 <= len(content) <= 3
        or content[0] > 7
    ):
        return None
    octets = content[1:]
    if any(octets[1:]):
        return 0x100 | octets[0]
    return octets[0] if octets else 0


def _fault_of_usage(bits: int) -> tuple[str, str]:
    if bits == 0:
        return "csr.key_usage.none", "keyUsage names no use. Ask for digitalSignature or keyAgreement."
    if bits == KeyUsage.DS.bits | KeyUsage.KA.bits:
        message = "keyUsage names digitalSignature and keyAgreement. Make one key and one request for each."
        return "csr.key_usage.both", message
    message = "keyUsage names another use. It must be exactly one of digitalSignature and keyAgreement."
    return "csr.key_usage.other", message


def _check_alternative_name(value: bytes | None, environment: Environment, faults: list[Fault]) -> bytes:
    if value is None:
        message = "The request has no subjectAltName with the hardwareModuleName of the device."
        faults.append(Fault("csr.san.missing", _NAME, message, _NAME_SOURCE))
        return b""
    try:
        return _read_hardware_module(value, environment, faults)
    except der.DerError as error:
        faults.append(Fault("csr.san.form", _NAME, f"subjectAltName is malformed. {error}.", _NAME_SOURCE))
        return b""


def _read_hardware_module(value: bytes, environment: Environment, faults: list[Fault]) -> bytes:
    names = der.read(value)
    if names.tag != der.SEQUENCE or names.encoded != value:
        raise der.DerError("GeneralNames was expected", 0)
    listed = names.children()
    if len(listed) != 1:
        message = f"subjectAltName holds {len(listed)} names; it must hold exactly one hardwareModuleName."
        faults.append(Fault("csr.san.count", _NAME, message, _NAME_SOURCE))
        return b""
    if listed[0].tag != der.tagged(0):
        message = "The name is not an otherName; it must be a hardwareModuleName."
        faults.append(Fault("csr.san.kind", _NAME, message, _NAME_SOURCE))
        return b""
    return _read_other_name(listed[0], environment, faults)


def _read_other_name(name: der.Element, environment: Environment, faults: list[Fault]) -> bytes:
    fields = name.children()
    if [field.tag for field in fields] != [der.OID, der.tagged(0)]:
        raise der.DerError("An otherName of a type and a value was expected", 0)
    kind = der.read_oid(fields[0].content)
    if kind != HARDWARE_MODULE_NAME:
        message = f"The otherName is a {kind}; it must be a hardwareModuleName ({HARDWARE_MODULE_NAME})."
        faults.append(Fault("csr.san.type", _NAME, message, _NAME_SOURCE))
        return b""
    module = only(fields[1], der.SEQUENCE).children()
    if [field.tag for field in module] != [der.OID, der.OCTET_STRING]:
        raise der.DerError("hardwareModuleName has hwType and hwSerialNum", 0)
    hw_type, serial = der.read_oid(module[0].content), module[1].content
    if hw_type != environment.hw_type:
        message = f"hwType is {hw_type}; in the {environment.title} environment it is {environment.hw_type}."
        faults.append(Fault("csr.san.hw_type", "hwType", message, _NAME_SOURCE))
    if len(serial) != LENGTH:
        message = f"hwSerialNum has {len(serial)} octets; the EUI-64 of a device has {LENGTH}."
        faults.append(Fault("csr.san.eui64", "hwSerialNum", message, _NAME_SOURCE))
    return serial
