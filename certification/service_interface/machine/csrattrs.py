"""What a request must contain, as EST tells its clients (RFC 7030 section 4.5.2, RFC 9908). L4.4(c)"""

from certification.authorities import der
from certification.authorities.environments import environment as environment_of
from certification.authorities.profiles import (
    ALTERNATIVE_NAME,
    EC_PUBLIC_KEY,
    ECDSA_SHA256,
    HARDWARE_MODULE_NAME,
    KEY_USAGE,
    P256,
)
from certification.subscribers.rules import Policy

EXTENSION_REQUEST = "1.2.840.113549.1.9.14"


def attributes_for(policy: Policy, environment: str) -> bytes:
    """The CsrAttrs (DER): P-256, ECDSA with SHA-256, and the extensions; an empty value is for the client to fill."""
    wanted = [_extension(KEY_USAGE, b"")]
    if policy is Policy.DEVICE:
        wanted.append(_extension(ALTERNATIVE_NAME, _hardware_module_name(environment)))
    return der.sequence(
        der.oid(ECDSA_SHA256),
        _attribute(EC_PUBLIC_KEY, der.oid(P256)),
        _attribute(EXTENSION_REQUEST, der.sequence(*wanted)),
    )


def _attribute(oid: str, value: bytes) -> bytes:
    return der.sequence(der.oid(oid), der.write(der.SET, value))


def _extension(oid: str, value: bytes) -> bytes:
    return der.sequence(der.oid(oid), der.boolean(True), der.octet_string(value))


def _hardware_module_name(environment: str) -> bytes:
    """The form of the name of a device: its type, and an empty serial number for the EUI-64."""
    module = der.sequence(der.oid(environment_of(environment).hw_type), der.octet_string(b""))
    other_name = der.oid(HARDWARE_MODULE_NAME) + der.write(der.tagged(0), module)
    return der.sequence(der.write(der.tagged(0), other_name))
