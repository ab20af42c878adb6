"""Certificate Signing Requests, right or wrong in one chosen place, with a true signature unless said."""

import base64
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from certification.authorities import der
from certification.authorities.environments import live_environment
from certification.authorities.profiles import (
    ALTERNATIVE_NAME,
    COMMON_NAME,
    EC_PUBLIC_KEY,
    ECDSA_SHA256,
    HARDWARE_MODULE_NAME,
    KEY_USAGE,
    ORGANISATIONAL_UNIT,
    P256,
    UNIQUE_IDENTIFIER,
)

# What the portal serves where no object identifiers are set.
SAMPLE = live_environment(device_policy="", organisation_policy="", hw_type="")
EUI64 = bytes.fromhex("90B3D51F30010000")
DIGITAL_SIGNATURE = bytes.fromhex("03020780")
KEY_AGREEMENT = bytes.fromhex("03020308")
EXTENSION_REQUEST = "1.2.840.113549.1.9.14"


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def private_key(wrapping: str) -> bytes:
    """A private key as it is sent by mistake: "PEM", "DER" or "Base64"."""
    encoding = serialization.Encoding.PEM if wrapping == "PEM" else serialization.Encoding.DER
    form = serialization.PrivateFormat.TraditionalOpenSSL
    found = new_key().private_bytes(encoding, form, serialization.NoEncryption())
    return base64.encodebytes(found) if wrapping == "Base64" else found


def point_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return point_of_public(key.public_key())


def point_of_public(key: ec.EllipticCurvePublicKey) -> bytes:
    form = serialization.PublicFormat.UncompressedPoint
    return key.public_bytes(serialization.Encoding.X962, form)


def key_info(point: bytes, *, algorithm: str = EC_PUBLIC_KEY, parameters: bytes = der.oid(P256)) -> bytes:
    return der.sequence(der.sequence(der.oid(algorithm), parameters), der.bit_string(point))


def other_name(
    eui64: bytes = EUI64, *, hw_type: str = SAMPLE.hw_type, kind: str = HARDWARE_MODULE_NAME
) -> bytes:
    module = der.sequence(der.oid(hw_type), der.octet_string(eui64))
    return der.write(der.tagged(0), der.oid(kind), der.write(der.tagged(0), module))


def alternative_name(*names: bytes) -> bytes:
    return der.sequence(*names)


def name(*attributes: tuple[str, bytes]) -> bytes:
    return der.sequence(*(der.write(der.SET, der.sequence(der.oid(oid), value)) for oid, value in attributes))


def utf8(text: str) -> bytes:
    return der.write(der.UTF8_STRING, text.encode())


def organisation_name(role: str = "02", eui64: bytes = EUI64, common_name: str = "") -> bytes:
    first = [(COMMON_NAME, utf8(common_name))] if common_name else []
    return name(*first, (ORGANISATIONAL_UNIT, utf8(role)), (UNIQUE_IDENTIFIER, der.bit_string(eui64)))


def attribute(*values: bytes, oid: str = EXTENSION_REQUEST) -> bytes:
    return der.sequence(der.oid(oid), der.write(der.SET, *values))


@dataclass(frozen=True)
class Recipe:
    """What goes into a request; None means the right thing for `key`."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    version: bytes = der.integer(0)
    subject: bytes = der.sequence()
    key_info: bytes | None = None
    extensions: tuple[tuple[str, bytes], ...] = ()
    attributes: tuple[bytes, ...] | None = None
    algorithm: bytes = der.sequence(der.oid(ECDSA_SHA256))
    signature: bytes | None = None
    surplus: bytes = b""

    def but(self, **changes: object) -> "Recipe":
        return replace(self, **changes)  # type: ignore[arg-type]

    def make(self) -> bytes:
        """The DER of the request."""
        extensions = der.sequence(
            *(der.sequence(der.oid(oid), der.octet_string(value)) for oid, value in self.extensions)
        )
        attributes = (attribute(extensions),) if self.attributes is None else self.attributes
        info = der.sequence(
            self.version,
            self.subject,
            self.key_info or key_info(point_of(self.key)),
            der.write(der.tagged(0), *attributes),
            self.surplus,
        )
        signature = self.signature or self.key.sign(info, ec.ECDSA(hashes.SHA256()))
        return der.sequence(info, self.algorithm, der.bit_string(signature))


def device(
    eui64: bytes = EUI64, usage: bytes = DIGITAL_SIGNATURE, *, hw_type: str = SAMPLE.hw_type
) -> Recipe:
    """A Device request that is right."""
    names = alternative_name(other_name(eui64, hw_type=hw_type))
    return Recipe(extensions=((KEY_USAGE, usage), (ALTERNATIVE_NAME, names)))


def organisation(role: str = "02", eui64: bytes = EUI64, common_name: str = "") -> Recipe:
    """An Organisation request that is right."""
    return Recipe(
        subject=organisation_name(role, eui64, common_name), extensions=((KEY_USAGE, DIGITAL_SIGNATURE),)
    )
