"""Every code that a fault of a request can have: what it means and what to do. The codes never change.

The words of a fault itself (csr_*.py) name the very value that is wrong; these are for documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """When a fault is found. Where step one finds one, nothing else can be said of the request."""

    READING = "1: one whole request"
    PROFILE = "2: the profile"
    FACTS = "2: key and device"


@dataclass(frozen=True, slots=True)
class FaultCode:
    code: str
    step: Step
    meaning: str
    remedy: str


_WHOLE = "Copy or upload the whole request."
_P256 = "Make an elliptic curve key on P-256 (prime256v1)."
_ONE_USE = "Ask for exactly one of digitalSignature and keyAgreement."
_ONE_NAME = "Ask for exactly one hardwareModuleName with hwType and the EUI-64."
_NEW_KEY = "Make a new key pair and a new request for it."


def _reading(code: str, meaning: str, remedy: str) -> FaultCode:
    return FaultCode(f"csr.{code}", Step.READING, meaning, remedy)


def _profile(code: str, meaning: str, remedy: str) -> FaultCode:
    return FaultCode(f"csr.{code}", Step.PROFILE, meaning, remedy)


def _fact(code: str, meaning: str, remedy: str) -> FaultCode:
    return FaultCode(f"csr.{code}", Step.FACTS, meaning, remedy)


FAULT_CODES: tuple[FaultCode, ...] = (
    _reading("empty", "There is nothing, or nothing between the PEM lines.", "Send the request."),
    _reading("too_large", "It is larger than a request can be.", "Send the request alone."),
    _reading(
        "private_key",
        "It contains a private key. What was sent is not kept.",
        "Treat the key as Compromised; make a new one and send only its request.",
    ),
    _reading("not_base64", "It is neither PEM, nor Base64, nor DER.", "Send a PKCS#10 request."),
    _reading(
        "not_a_request", "It is something else than a request, perhaps a Certificate.", "Send the request."
    ),
    _reading("several", "There is more than one request.", "Send one at a time, or a batch."),
    _reading("truncated", "It ends in the middle.", _WHOLE),
    _reading("trailing_data", "Something follows the end of the request.", "Remove it."),
    _reading("not_der", "It is not DER, as a whole or in one part.", "Make it with a tool that writes DER."),
    _profile("version", "The version is not 0.", "Make a PKCS#10 request of version 0 (RFC 2986)."),
    _profile("key.rsa", "The key is an RSA key.", _P256),
    _profile("key.algorithm", "The key is of another kind.", _P256),
    _profile("key.curve", "The key is on another curve.", _P256),
    _profile("key.curve_not_named", "The curve is described, not named.", "Name the curve P-256."),
    _profile("key.compressed", "The point is compressed.", "Write it uncompressed."),
    _profile("key.point", "The key is not an uncompressed point of 65 octets.", _P256),
    _profile("key.not_on_curve", "The point is not on the curve P-256.", _NEW_KEY),
    _profile("signature.algorithm", "It is not signed with ecdsa-with-SHA256.", "Sign it with SHA-256."),
    _profile("signature.parameters", "The signature algorithm has parameters.", "Leave them out, NULL too."),
    _profile(
        "signature.bad",
        "The signature does not verify with the key in the request.",
        "Sign the unchanged request with the private key that belongs to it.",
    ),
    _profile("subject.not_empty", "A Device request has a subject.", "Leave the subject empty."),
    _profile(
        "subject.unknown", "The subject holds another attribute.", "Use CN, OU and uniqueIdentifier only."
    ),
    _profile("subject.repeated", "The subject holds an attribute more than once.", "Give each once."),
    _profile("subject.identifier_missing", "There is no uniqueIdentifier.", "Give the EUI-64 in 2.5.4.45."),
    _profile("subject.identifier_form", "uniqueIdentifier is not a BIT STRING.", "Write 64 bits."),
    _profile("subject.eui64", "The EUI-64 in uniqueIdentifier has not 8 octets.", "Write all 8 octets."),
    _profile("subject.role_missing", "There is no OU with the role code.", "Give it, 02 for a Supplier."),
    _profile(
        "subject.role_form", "OU is not two hexadecimal digits.", "Write the role code so, as UTF8String."
    ),
    _profile("subject.role_unknown", "There is no such role code.", "Use one of the role codes."),
    _profile(
        "subject.role_reserved",
        "The role code belongs to Certification Authorities.",
        "Use your own role code.",
    ),
    _profile("subject.common_name", "CN is empty, too long or not printable.", "Write 1 to 64 characters."),
    _profile(
        "attributes", "The request has not exactly one attribute, extensionRequest.", "Leave out all others."
    ),
    _profile("extension.unknown", "It asks for an extension that the profile has not.", "Leave it out."),
    _profile("extension.repeated", "It asks for an extension more than once.", "Ask once."),
    _profile("key_usage.missing", "There is no keyUsage.", _ONE_USE),
    _profile("key_usage.form", "keyUsage is not a BIT STRING.", _ONE_USE),
    _profile("key_usage.none", "keyUsage names no use.", _ONE_USE),
    _profile("key_usage.both", "keyUsage names both uses.", "Make one key and one request for each."),
    _profile("key_usage.other", "keyUsage names another use.", _ONE_USE),
    _profile("san.missing", "A Device request has no subjectAltName.", _ONE_NAME),
    _profile("san.form", "subjectAltName is malformed.", _ONE_NAME),
    _profile("san.count", "subjectAltName holds no or several names, or is there twice.", _ONE_NAME),
    _profile("san.kind", "The name is not an otherName.", _ONE_NAME),
    _profile("san.type", "The otherName is not a hardwareModuleName.", _ONE_NAME),
    _profile("san.hw_type", "hwType is not that of the environment.", "Use the environment's hwType."),
    _profile("san.eui64", "hwSerialNum has not 8 octets.", "Write all 8 octets of the EUI-64."),
    _fact("key.known_weak", "The key is on a list of keys known to be weak.", _NEW_KEY),
    _fact("key.used", "The key has been used in an earlier request.", _NEW_KEY),
    _fact("device.limit", "The device has as many Certificates as one may have.", "None: ask DCC."),
)
