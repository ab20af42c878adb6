"""Credentials as bytes: what is read from a request, and the certificates of a small authority of their own.

They authenticate machines over TLS and follow no Certificate Policy: nothing here issues a Certificate.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certification.authorities import der, encoding
from certification.authorities.csr_reading import read_request
from certification.authorities.faults import Fault
from certification.authorities.profiles import (
    AUTHORITY_KEY_ID,
    BASIC_CONSTRAINTS,
    COMMON_NAME,
    KEY_USAGE,
    ORGANISATIONAL_UNIT,
    SUBJECT_KEY_ID,
)
from smki_pma.clauses import RuleViolation

CLAUSE = "L4.5"
ORGANISATION = "2.5.4.10"
EXTENDED_KEY_USAGE, CLIENT_AUTHENTICATION = "2.5.29.37", "1.3.6.1.5.5.7.3.2"
LONGEST_NAME = 64
_DIGITAL_SIGNATURE, _KEY_CERT_SIGN = (b"\x80", 7), (b"\x04", 2)


def read_public_key(request: bytes) -> bytes:
    """The key of a PKCS#10 request (PEM, Base64 or DER) as an uncompressed P-256 point of 65 octets. L4.5

    The names in the request are not looked at: the credential's own come from the portal. Raises RuleViolation.
    """
    content = read_request(request)
    if isinstance(content, Fault):
        raise _refusal(content.message)
    try:
        parsed = x509.load_der_x509_csr(content)
        key = parsed.public_key()
        proved = parsed.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _refusal(
            "This is no request that can be read. Make one with the command on this page."
        ) from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _refusal("The key must be an elliptic curve key on P-256 (prime256v1).")
    if not proved:
        raise _refusal("The signature of the request does not fit its key. Make the request again.")
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _refusal(message: str) -> RuleViolation:
    return RuleViolation(message, clause=CLAUSE, field="csr")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who a credential is for. common_name: the credential's id, which says nothing of a person."""

    organisation: str
    environment: str
    common_name: str

    def encoded(self) -> bytes:
        named = (
            (ORGANISATION, self.organisation),
            (ORGANISATIONAL_UNIT, f"SMKI Service Interface, {self.environment}"),
            (COMMON_NAME, self.common_name),
        )
        return der.sequence(*(_attribute(oid, text) for oid, text in named))


def _attribute(oid: str, text: str) -> bytes:
    value = der.write(der.UTF8_STRING, text[:LONGEST_NAME].encode())
    return der.write(der.SET, der.sequence(der.oid(oid), value))


def authority_name(common_name: str) -> bytes:
    """The name of the authority that signs credentials."""
    return der.sequence(_attribute(COMMON_NAME, common_name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """From when to when a certificate is valid."""

    starts_at: datetime
    ends_at: datetime

    def encoded(self) -> bytes:
        return der.sequence(encoding.encode_time(self.starts_at), encoding.encode_time(self.ends_at))


def authority_tbs(*, serial: bytes, name: str, life: Life, point: bytes) -> bytes:
    """The to-be-signed bytes of the authority's self-signed certificate (RFC 5280)."""
    named = authority_name(name)
    bits, unused = _KEY_CERT_SIGN
    extensions = [
        encoding.extension(BASIC_CONSTRAINTS, True, der.sequence(der.boolean(True), der.integer(0))),
        encoding.extension(KEY_USAGE, True, der.bit_string(bits, unused)),
        encoding.extension(SUBJECT_KEY_ID, False, der.octet_string(encoding.key_identifier(point))),
    ]
    return _tbs(serial, named, life, named, point, extensions)


def credential_tbs(
    *, serial: bytes, issuer: str, issuer_point: bytes, subject: Subject, life: Life, point: bytes
) -> bytes:
    """The to-be-signed bytes of a credential: for client authentication, and for nothing else (RFC 5280)."""
    bits, unused = _DIGITAL_SIGNATURE
    issuer_key = encoding.authority_key_identifier(encoding.key_identifier(issuer_point))
    extensions = [
        encoding.extension(BASIC_CONSTRAINTS, True, der.sequence()),
        encoding.extension(KEY_USAGE, True, der.bit_string(bits, unused)),
        encoding.extension(EXTENDED_KEY_USAGE, False, der.sequence(der.oid(CLIENT_AUTHENTICATION))),
        encoding.extension(SUBJECT_KEY_ID, False, der.octet_string(encoding.key_identifier(point))),
        encoding.extension(AUTHORITY_KEY_ID, False, issuer_key),
    ]
    return _tbs(serial, authority_name(issuer), life, subject.encoded(), point, extensions)


def _tbs(
    serial: bytes, issuer: bytes, life: Life, subject: bytes, point: bytes, extensions: list[bytes]
) -> bytes:
    return der.sequence(
        der.write(der.tagged(0), der.integer(2)),
        der.write(der.INTEGER, serial),
        encoding.SIGNATURE_ALGORITHM,
        issuer,
        life.encoded(),
        subject,
        encoding.public_key_info(point),
        der.write(der.tagged(3), der.sequence(*extensions)),
    )


def pem(certificate: bytes) -> str:
    """A certificate as PEM."""
    return x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM).decode()
