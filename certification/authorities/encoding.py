"""The parts that Certificates, CRLs and ARLs have in common, encoded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from certification.authorities import der
from certification.authorities.profiles import (
    COMMON_NAME,
    EC_PUBLIC_KEY,
    ECDSA_SHA256,
    KEY_ID_LENGTH,
    ORGANISATIONAL_UNIT,
    P256,
    UNIQUE_IDENTIFIER,
)
from certification.authorities.role_codes import format_role

POINT_LENGTH = 65
SIGNATURE_ALGORITHM = der.sequence(der.oid(ECDSA_SHA256))  # parameters absent: RFC 5758 3.2
_KEY_ALGORITHM = der.sequence(der.oid(EC_PUBLIC_KEY), der.oid(P256))
_LAST_UTC_TIME = 2049


@dataclass(frozen=True, slots=True)
class Name:
    """A subject or issuer name; all parts empty is the empty name of a Device Certificate."""

    common_name: str = ""
    role_code: int | None = None
    eui64: bytes = b""

    def encoded(self) -> bytes:
        """The DER of the Name, in the order of published Certificates.

        An organisation has CN, OU, uniqueIdentifier; an authority has OU, CN.
        """
        common_name = self._common_name()
        unit = self._unit()
        if not self.eui64:
            return der.sequence(unit, common_name)
        return der.sequence(common_name, unit, _attribute(UNIQUE_IDENTIFIER, der.bit_string(self.eui64)))

    def _common_name(self) -> bytes:
        if not self.common_name:
            return b""
        return _attribute(COMMON_NAME, der.write(der.UTF8_STRING, self.common_name.encode()))

    def _unit(self) -> bytes:
        if self.role_code is None:
            return b""
        return _attribute(
            ORGANISATIONAL_UNIT, der.write(der.UTF8_STRING, format_role(self.role_code).encode())
        )


def _attribute(oid: str, value: bytes) -> bytes:
    return der.write(der.SET, der.sequence(der.oid(oid), value))


def public_key_info(point: bytes) -> bytes:
    """SubjectPublicKeyInfo of an uncompressed P-256 point of 65 octets (RFC 5480 2)."""
    return der.sequence(_KEY_ALGORITHM, der.bit_string(point))


def key_identifier(point: bytes) -> bytes:
    """Eight octets: 0100 and the last 60 bits of the SHA-1 of the key (RFC 5280 4.2.1.2 method 2)."""
    digest = hashlib.sha1(point, usedforsecurity=False).digest()[-KEY_ID_LENGTH:]
    return bytes((0x40 | digest[0] & 0x0F,)) + digest[1:]


def encode_time(moment: datetime) -> bytes:
    """UTCTime to 2049, GeneralizedTime from 2050 (RFC 5280 4.1.2.5). `moment` is aware."""
    utc = moment.astimezone(UTC)
    if utc.year <= _LAST_UTC_TIME:
        return der.write(der.UTC_TIME, f"{utc:%y%m%d%H%M%SZ}".encode())
    return der.write(der.GENERALIZED_TIME, f"{utc.year:04d}{utc:%m%d%H%M%SZ}".encode())


def extension(oid: str, critical: bool, value: bytes) -> bytes:
    """One Extension; `critical` is written only when true, being FALSE by default (X.690 11.5)."""
    flag = der.boolean(True) if critical else b""
    return der.sequence(der.oid(oid), flag, der.octet_string(value))


def authority_key_identifier(key_id: bytes) -> bytes:
    """The keyIdentifier form alone (RFC 5280 4.2.1.1)."""
    return der.sequence(der.write(der.tagged(0, constructed=False), key_id))


def signed(tbs: bytes, signature: bytes) -> bytes:
    """A Certificate or CertificateList from its to-be-signed bytes and the ECDSA-Sig-Value."""
    return der.sequence(tbs, SIGNATURE_ALGORITHM, der.bit_string(signature))


def to_be_signed(document: bytes) -> bytes:
    """The to-be-signed bytes inside a Certificate, CertificateList or request. Raises DerError."""
    return der.read(document).children()[0].encoded
