"""Lints of the fields of a Certificate that are neither names nor extensions."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pkilint.pkix.time import parse_time_node

from certification.authorities import der, encoding
from certification.authorities.profiles import NO_WELL_DEFINED_EXPIRY, P256, SERIAL_LENGTH
from certification.linting.rule import Expected, Register, SmkiCertificate

VERSION, SERIAL, ALGORITHM, ISSUER, VALIDITY, SUBJECT, KEY, EXTENSIONS = range(8)
FIELDS = [der.tagged(0), der.INTEGER, *[der.SEQUENCE] * 5, der.tagged(3)]
LINTS = Register()


@LINTS.lint("version", source="RFC 5280 4.1.2.1: version 3, as it has extensions")
def check_version(certificate: SmkiCertificate, _expected: Expected) -> Iterator[str]:
    if certificate.fields[VERSION].content != der.integer(2):
        yield "The version is not 3."


@LINTS.lint("serial", source="RFC 5280 4.1.2.2; measured on published Certificates: 16 octets, positive")
def check_serial(certificate: SmkiCertificate, _expected: Expected) -> Iterator[str]:
    content = certificate.fields[SERIAL].content
    if len(content) != SERIAL_LENGTH or not 0x40 <= content[0] <= 0x7F:
        yield "The serial is not 16 octets beginning with 40 to 7F."


@LINTS.lint(
    "signature_algorithm", source="RFC 5758 3.2; Certificate profile: ecdsa-with-SHA256, no parameters"
)
def check_signature_algorithm(certificate: SmkiCertificate, _expected: Expected) -> Iterator[str]:
    if certificate.fields[ALGORITHM].encoded != encoding.SIGNATURE_ALGORITHM:
        yield "The signature algorithm is not ecdsa-with-SHA256 without parameters."


@LINTS.lint("signature", source="RFC 5280 4.1.1.3: the signature of the issuing Authority over these bytes")
def check_signature(certificate: SmkiCertificate, expected: Expected) -> Iterator[str]:
    if expected.issuer_point is None:  # a twin, which a throw-away key has signed
        return
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), expected.issuer_point)
    tbs, _, signature = der.read(certificate.substrate).children()
    try:
        key.verify(signature.content[1:], tbs.encoded, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        yield "The signature does not verify with the key of the issuing Authority."


@LINTS.lint("validity_form", source="RFC 5280 4.1.2.5: UTCTime to 2049, GeneralizedTime from 2050")
def check_validity_form(certificate: SmkiCertificate, _expected: Expected) -> Iterator[str]:
    nodes = certificate.root.navigate("tbsCertificate.validity").children.values()
    for node, element in zip(nodes, certificate.fields[VALIDITY].children(), strict=True):
        moment = parse_time_node(node)
        if element.encoded != encoding.encode_time(moment):
            yield f"{moment:%Y-%m-%d} is not written in the form of its year."


@LINTS.lint("lifetime", source="Certificate profile: lifetime (Device: RFC 5280 4.1.2.5, no defined expiry)")
def check_lifetime(certificate: SmkiCertificate, expected: Expected) -> Iterator[str]:
    lifetime, ends_at = expected.profile.lifetime, certificate.not_after
    if ends_at != lifetime.ends_at(certificate.not_before):
        yield f"notAfter {ends_at:%Y-%m-%d %H:%M:%S} is not the end of the lifetime ({lifetime.source})."
    if lifetime.years is None and ends_at != NO_WELL_DEFINED_EXPIRY:
        yield "notAfter is not 99991231235959Z."


@LINTS.lint(
    "public_key", source="RFC 5480 2.1.1 and 2.2: named curve P-256, uncompressed; the point is on the curve"
)
def check_public_key(certificate: SmkiCertificate, _expected: Expected) -> Iterator[str]:
    element = certificate.fields[KEY]
    algorithm, key = element.children()
    curves = [der.read_oid(part.content) for part in algorithm.children()[1:] if part.tag == der.OID]
    point = key.content[1:]
    if curves != [P256] or element.encoded != encoding.public_key_info(point) or point[:1] != b"\x04":
        yield "The key is not an uncompressed point with the named curve P-256."
        return
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        yield "The point is not on the curve."
