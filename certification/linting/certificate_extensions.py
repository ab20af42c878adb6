"""Lints of the extensions: which there are, which are critical, and what each says."""

from __future__ import annotations

from collections.abc import Iterator

from certification.authorities import der, encoding
from certification.authorities.eui64 import LENGTH
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
from certification.linting.certificate_fields import KEY
from certification.linting.rule import Expected, Register, SmkiCertificate

LINTS = Register()
# An AES key wrap adds 8 octets to a multiple of 8 (RFC 5649); nothing shorter than two blocks holds a key.
_WRAP_BLOCK, _SHORTEST_WRAP = 8, 32


@LINTS.lint("extensions", source="Certificate profile: extensions, exactly these and in this order")
def check_set(certificate: SmkiCertificate, expected: Expected) -> Iterator[str]:
    nodes = certificate.root.navigate("tbsCertificate.extensions").children.values()
    found = [str(node.children["extnID"].pdu) for node in nodes]
    if found != [extension.oid for extension in expected.profile.extensions]:
        yield f"The extensions are {', '.join(found)}."


@LINTS.lint("criticality", source="RFC 5280 4.2.1; Certificate profile: criticality of each extension")
def check_criticality(certificate: SmkiCertificate, expected: Expected) -> Iterator[str]:
    nodes = certificate.root.navigate("tbsCertificate.extensions").children.values()
    critical = {str(node.children["extnID"].pdu): bool(node.children["critical"].pdu) for node in nodes}
    for rule in expected.profile.extensions:
        if critical.get(rule.oid, rule.critical) is not rule.critical:
            yield f"{rule.name} must {'' if rule.critical else 'not '}be critical."


@LINTS.lint(
    "basic_constraints",
    source="RFC 5280 4.2.1.9; Certificate profile: path length 0 for an Issuing Authority",
)
def check_basic_constraints(certificate: SmkiCertificate, expected: Expected) -> Iterator[str]:
    value = certificate.extension_octets(BASIC_CONSTRAINTS)
    profile = expected.profile
    if not profile.is_authority:
        if value is not None:
            yield "Only an Authority has basicConstraints."
        return
    length = b"" if profile.path_length is None else der.integer(profile.path_length)
    if value != der.sequence(der.boolean(True), length):
        yield "basicConstraints does not say what the profile says."


@LINTS.lint(
    "key_usage", source="RFC 5280 4.2.1.3; Certificate profile: exactly one of digitalSignature, keyAgreement"
)
def check_key_usage(certificate: SmkiCertificate, expected: Expected) -> Iterator[str]:
    allowed = set()
    for usage in expected.profile.usages:
        unused = (usage.bits & -usage.bits).bit_length() - 1
        allowed.add(der.write(der.BIT_STRING, bytes((unused, usage.bits))))
    if certificate.extension_octets(KEY_USAGE) not in allowed:
        yield f"keyUsage is not one of {', '.join(sorted(expected.profile.usages))} alone."


@LINTS.lint("subject_key_identifier", source="RFC 5280 4.2.1.2 method 2; measured: 8 octets")
def check_subject_key_identifier(certificate: SmkiCertificate, _expected: Expected) -> Iterator[str]:
    point = certificate.fields[KEY].children()[1].content[1:]
    wanted = der.octet_string(encoding.key_identifier(point))
    if certificate.extension_octets(SUBJECT_KEY_ID) != wanted:
        yield f"subjectKeyIdentifier is not the {KEY_ID_LENGTH} octets of method 2."


@LINTS.lint(
    "authority_key_identifier", source="RFC 5280 4.2.1.1; Certificate profile: keyIdentifier form only"
)
def check_authority_key_identifier(certificate: SmkiCertificate, expected: Expected) -> Iterator[str]:
    value = certificate.extension_octets(AUTHORITY_KEY_ID)
    if expected.profile.self_signed:
        if value is not None:
            yield "A self-signed Certificate has no authorityKeyIdentifier."
        return
    key_id = expected.issuer.key_id if expected.issuer else b""
    if value != der.sequence(der.write(der.tagged(0, constructed=False), key_id)):
        yield "authorityKeyIdentifier is not the key identifier of the issuing Authority alone."


@LINTS.lint(
    "certificate_policies", source="RFC 5280 4.2.1.4; Certificate profile: the one policy of the environment"
)
def check_policies(certificate: SmkiCertificate, expected: Expected) -> Iterator[str]:
    policy = expected.profile.policy(expected.environment)
    if certificate.extension_octets(POLICIES) != der.sequence(der.sequence(der.oid(policy))):
        yield f"certificatePolicies is not {policy} alone, without qualifiers."


@LINTS.lint("subject_alt_name", source="RFC 4108 5; Certificate profile: one hardwareModuleName, the EUI-64")
def check_alternative_name(certificate: SmkiCertificate, expected: Expected) -> Iterator[str]:
    names = certificate.extension_node(ALTERNATIVE_NAME)
    if names is None:
        return
    if len(names.children) != 1 or "otherName" not in names.children["0"].children:
        yield "subjectAltName is not exactly one otherName."
        return
    other = names.children["0"].children["otherName"].children
    if str(other["type-id"].pdu) != HARDWARE_MODULE_NAME:
        yield "The otherName is not a hardwareModuleName."
        return
    module = other["value"].children.get("hardwareModuleName")
    if module is None:
        yield "hardwareModuleName is not hwType and hwSerialNum."
        return
    if str(module.children["hwType"].pdu) != expected.environment.hw_type:
        yield f"hwType is not {expected.environment.hw_type}."
    if len(bytes(module.children["hwSerialNum"].pdu)) != LENGTH:
        yield f"hwSerialNum has not {LENGTH} octets."


@LINTS.lint(
    "wrapped_contingency_key",
    source="RFC 5934 9 WrappedApexContingencyKey; RFC 5649 AES-256 key wrap with padding",
)
def check_wrapped_contingency_key(certificate: SmkiCertificate, _expected: Expected) -> Iterator[str]:
    value = certificate.extension_octets(WRAPPED_CONTINGENCY_KEY)
    if value is None:
        return
    key = certificate.extension_node(WRAPPED_CONTINGENCY_KEY)
    if key is None:
        yield "The extension is not an algorithm and a wrapped key."
        return
    if not value.startswith(
        der.sequence(der.oid(AES256_WRAP_PAD)), len(value) - len(der.read(value).content)
    ):
        yield "The wrap algorithm is not AES-256 key wrap with padding, without parameters."
    wrapped = bytes(key.children["wrappedContinPubKey"].pdu)
    if len(wrapped) % _WRAP_BLOCK or len(wrapped) < _SHORTEST_WRAP:
        yield "The wrapped key has not the length of a wrapped key."
