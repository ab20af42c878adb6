"""One builder for all six kinds of Certificate. It makes the bytes to be signed and never signs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from certification.authorities import der, encoding
from certification.authorities.encoding import Name
from certification.authorities.environments import Environment
from certification.authorities.profiles import (
    ALTERNATIVE_NAME,
    AUTHORITY_KEY_ID,
    BASIC_CONSTRAINTS,
    HARDWARE_MODULE_NAME,
    KEY_USAGE,
    POLICIES,
    SERIAL_LENGTH,
    SUBJECT_KEY_ID,
    WRAPPED_CONTINGENCY_KEY,
    KeyUsage,
    Profile,
)

# A fixed first octet from 0x40 to 0x7F keeps every serial positive and 16 octets long; the time in the next
# four keeps the index of serials local; 88 random bits follow (at least 64 are asked for).
SERIAL_FIRST_OCTET = 0x53
_RANDOM_OCTETS = SERIAL_LENGTH - 5


class SignatureMismatch(Exception):
    """A signature does not verify, or was made over other bytes than those that were linted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What varies between two Certificates of one profile.

    `issuer_key_id` is None for a self-signed one; `point` is the subject's key, 65 octets; `eui64` is that
    of the device (it goes to subjectAltName) and is inside `subject` for an organisation;
    `wrapped_contingency_key` is the whole encoded extension value, for the Root OCA alone.
    """

    profile: Profile
    environment: Environment
    serial: bytes
    issuer: Name
    issuer_key_id: bytes | None
    subject: Name
    not_before: datetime
    point: bytes
    usage: KeyUsage
    eui64: bytes = b""
    wrapped_contingency_key: bytes = b""

    @property
    def not_after(self) -> datetime:
        return self.profile.lifetime.ends_at(self.not_before)


def new_serial(at: datetime) -> bytes:
    """Sixteen octets: one fixed, four of time, 88 random bits. Unique by constraint, not by hope."""
    seconds = int(at.astimezone(UTC).timestamp()) & 0xFFFFFFFF
    return bytes((SERIAL_FIRST_OCTET,)) + seconds.to_bytes(4) + secrets.token_bytes(_RANDOM_OCTETS)


def build_tbs(contents: Contents) -> bytes:
    """The TBSCertificate (RFC 5280 4.1) that the profile of `contents` prescribes."""
    return der.sequence(
        der.write(der.tagged(0), der.integer(2)),
        der.write(der.INTEGER, contents.serial),
        encoding.SIGNATURE_ALGORITHM,
        contents.issuer.encoded(),
        der.sequence(encoding.encode_time(contents.not_before), encoding.encode_time(contents.not_after)),
        contents.subject.encoded(),
        encoding.public_key_info(contents.point),
        der.write(der.tagged(3), der.sequence(*_extensions(contents))),
    )


def _extensions(contents: Contents) -> list[bytes]:
    return [
        encoding.extension(rule.oid, rule.critical, _VALUES[rule.oid](contents))
        for rule in contents.profile.extensions
    ]


def _basic_constraints(contents: Contents) -> bytes:
    length = contents.profile.path_length
    return der.sequence(der.boolean(True), b"" if length is None else der.integer(length))


def _key_usage(contents: Contents) -> bytes:
    bits = contents.usage.bits
    unused = (bits & -bits).bit_length() - 1
    return der.bit_string(bytes((bits,)), unused)


def _subject_key_id(contents: Contents) -> bytes:
    return der.octet_string(encoding.key_identifier(contents.point))


def _authority_key_id(contents: Contents) -> bytes:
    if contents.issuer_key_id is None:
        raise ValueError("A Certificate that is not self-signed needs the key identifier of its issuer.")
    return encoding.authority_key_identifier(contents.issuer_key_id)


def _policies(contents: Contents) -> bytes:
    return der.sequence(der.sequence(der.oid(contents.profile.policy(contents.environment))))


def _alternative_name(contents: Contents) -> bytes:
    module = der.sequence(der.oid(contents.environment.hw_type), der.octet_string(contents.eui64))
    other_name = der.oid(HARDWARE_MODULE_NAME) + der.write(der.tagged(0), module)
    return der.sequence(der.write(der.tagged(0), other_name))


def _wrapped_contingency_key(contents: Contents) -> bytes:
    if not contents.wrapped_contingency_key:
        raise ValueError("The Root OCA Certificate needs the wrapped Contingency Key.")
    return contents.wrapped_contingency_key


_VALUES: dict[str, Callable[[Contents], bytes]] = {
    BASIC_CONSTRAINTS: _basic_constraints,
    KEY_USAGE: _key_usage,
    SUBJECT_KEY_ID: _subject_key_id,
    AUTHORITY_KEY_ID: _authority_key_id,
    POLICIES: _policies,
    ALTERNATIVE_NAME: _alternative_name,
    WRAPPED_CONTINGENCY_KEY: _wrapped_contingency_key,
}


def assemble(tbs: bytes, signature: bytes, *, issuer_point: bytes) -> bytes:
    """The signed document, after the issuer's key has verified the signature over exactly `tbs`.

    Raises SignatureMismatch, so that no document with a bad signature ever leaves.
    """
    document = encoding.signed(tbs, signature)
    if encoding.to_be_signed(document) != tbs:
        raise SignatureMismatch("The signed document does not contain the bytes that were linted.")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), issuer_point)
    try:
        key.verify(signature, tbs, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise SignatureMismatch("The signature does not verify with the key of the issuer.") from error
    return document
