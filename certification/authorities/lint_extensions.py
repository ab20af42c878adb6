"""Lints of the extensions: which there are, which are critical, and what each says."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography import x509

from certification.authorities import der, encoding
from certification.authorities.eui64 import LENGTH
from certification.authorities.lint import Subject, lint
from certification.authorities.profiles import (
    AES256_WRAP_PAD,
    ALTERNATIVE_NAME,
    AUTHORITY_KEY_ID,
    BASIC_CONSTRAINTS,
    HARDWARE_MODULE_NAME,
    KEY_ID_LENGTH,
    KEY_USAGE,
    POLICIES,
    SUBJECT_KEY_ID,
    WRAPPED_CONTINGENCY_KEY,
)

_KEY = 6


@lint("extensions", source="Certificate profile: extensions, exactly these and in this order")
def check_set(subject: Subject) -> Iterator[str]:
    found = [extension.oid.dotted_string for extension in subject.certificate.extensions]
    if found != [extension.oid for extension in subject.profile.extensions]:
        yield f"The extensions are {', '.join(found)}."


@lint("criticality", source="RFC 5280 4.2.1; Certificate profile: criticality of each extension")
def check_criticality(subject: Subject) -> Iterator[str]:
    for rule in subject.profile.extensions:
        extension = subject.extension(rule.oid)
        if extension is not None and extension.critical is not rule.critical:
            yield f"{rule.name} must {'' if rule.critical else 'not '}be critical."


@lint(
    "basic_constraints",
    source="RFC 5280 4.2.1.9; Certificate profile: path length 0 for an Issuing Authority",
)
def check_basic_constraints(subject: Subject) -> Iterator[str]:
    extension = subject.extension(BASIC_CONSTRAINTS)
    if extension is None:
        if subject.profile.is_authority:
            yield "An Authority needs basicConstraints."
        return
    expected = x509.BasicConstraints(ca=True, path_length=subject.profile.path_length)
    if not subject.profile.is_authority or extension.value != expected:
        yield "basicConstraints does not say what the profile says."


@lint(
    "key_usage", source="RFC 5280 4.2.1.3; Certificate profile: exactly one of digitalSignature, keyAgreement"
)
def check_key_usage(subject: Subject) -> Iterator[str]:
    value = subject.extension_value(KEY_USAGE)
    allowed = set()
    for usage in subject.profile.usages:
        unused = (usage.bits & -usage.bits).bit_length() - 1
        allowed.add(der.write(der.BIT_STRING, bytes((unused, usage.bits))))
    if value not in allowed:
        yield f"keyUsage is not one of {', '.join(sorted(subject.profile.usages))} alone."


@lint("subject_key_identifier", source="RFC 5280 4.2.1.2 method 2; measured: 8 octets")
def check_subject_key_identifier(subject: Subject) -> Iterator[str]:
    point = subject.fields[_KEY].children()[1].content[1:]
    expected = der.write(der.OCTET_STRING, encoding.key_identifier(point))
    if subject.extension_value(SUBJECT_KEY_ID) != expected:
        yield f"subjectKeyIdentifier is not the {KEY_ID_LENGTH} octets of method 2."


@lint("authority_key_identifier", source="RFC 5280 4.2.1.1; Certificate profile: keyIdentifier form only")
def check_authority_key_identifier(subject: Subject) -> Iterator[str]:
    value = subject.extension_value(AUTHORITY_KEY_ID)
    if subject.profile.self_signed:
        if value is not None:
            yield "A self-signed Certificate has no authorityKeyIdentifier."
        return
    key_id = subject.issuer.key_id if subject.issuer else b""
    if value != der.sequence(der.write(0x80, key_id)):
        yield "authorityKeyIdentifier is not the key identifier of the issuing Authority alone."


@lint(
    "certificate_policies", source="RFC 5280 4.2.1.4; Certificate profile: the one policy of the environment"
)
def check_policies(subject: Subject) -> Iterator[str]:
    extension = subject.extension(POLICIES)
    policy = subject.profile.policy(subject.environment)
    expected = x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(policy), None)])
    if extension is None or extension.value != expected:
        yield f"certificatePolicies is not {policy} alone, without qualifiers."


@lint("subject_alt_name", source="RFC 4108 5; Certificate profile: one hardwareModuleName with the EUI-64")
def check_alternative_name(subject: Subject) -> Iterator[str]:
    extension = subject.extension(ALTERNATIVE_NAME)
    if extension is None or not isinstance(extension.value, x509.SubjectAlternativeName):
        return
    names = list(extension.value)
    if len(names) != 1 or not isinstance(names[0], x509.OtherName):
        yield "subjectAltName is not exactly one otherName."
        return
    if names[0].type_id.dotted_string != HARDWARE_MODULE_NAME:
        yield "The otherName is not a hardwareModuleName."
        return
    module = der.read(names[0].value)
    parts = module.children()
    if [part.tag for part in parts] != [der.OID, der.OCTET_STRING]:
        yield "hardwareModuleName is not hwType and hwSerialNum."
    elif der.read_oid(parts[0].content) != subject.environment.hw_type:
        yield f"hwType is not {subject.environment.hw_type}."
    elif len(parts[1].content) != LENGTH:
        yield f"hwSerialNum has not {LENGTH} octets."


@lint(
    "wrapped_contingency_key",
    source="RFC 5934 WrappedApexContingencyKey; RFC 5649 AES-256 key wrap with padding",
)
def check_wrapped_contingency_key(subject: Subject) -> Iterator[str]:
    value = subject.extension_value(WRAPPED_CONTINGENCY_KEY)
    if value is None:
        return
    parts = der.read(value).children()
    if [part.tag for part in parts] != [der.SEQUENCE, der.OCTET_STRING]:
        yield "The extension is not an algorithm and a wrapped key."
        return
    if parts[0].encoded != der.sequence(der.oid(AES256_WRAP_PAD)):
        yield "The wrap algorithm is not AES-256 key wrap with padding."
    if len(parts[1].content) % 8 or len(parts[1].content) < 32:
        yield "The wrapped key has not the length of a wrapped key."
