"""The key of a request: P-256, uncompressed, on the curve; and the proof that the sender holds it."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from certification.authorities import der
from certification.authorities.csr_structure import RequestParts, bits, children, read_algorithm
from certification.authorities.encoding import POINT_LENGTH
from certification.authorities.faults import Fault
from certification.authorities.profiles import EC_PUBLIC_KEY, ECDSA_SHA256, P256

_RSA = "1.2.840.113549.1.1.1"
_CURVES = {"1.3.132.0.34": "P-384", "1.3.132.0.35": "P-521", "1.3.132.0.10": "secp256k1"}
_ALGORITHMS = {
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
}
_KEY = "Public key"
_SIGNATURE = "Signature"
_SOURCE = "RFC 5480 section 2; Certificate profile: P-256 only"
_PROOF = "RFC 2986 section 4.2; proof of possession"


def check_key(parts: RequestParts, faults: list[Fault]) -> bytes | None:
    """The uncompressed point of 65 octets, or None with what is wrong added to `faults`."""
    try:
        point = _read_point(parts, faults)
        algorithm_fits = _check_signature_algorithm(parts, faults)
    except der.DerError as error:
        faults.append(Fault("csr.not_der", _KEY, f"{error}.", _SOURCE))
        return None
    if point is None:
        return None
    key = _load(point, faults)
    if key is not None and algorithm_fits:
        _check_possession(key, parts, faults)
    return point if key is not None else None


def _read_point(parts: RequestParts, faults: list[Fault]) -> bytes | None:
    algorithm, key = children(parts.public_key, der.SEQUENCE, der.BIT_STRING)
    identifier, parameters = read_algorithm(algorithm)
    fault = _fault_of_algorithm(identifier, parameters)
    point = bits(key)
    if fault is None:
        fault = _fault_of_point(point)
    if fault is None:
        return point
    faults.append(fault)
    return None


def _fault_of_algorithm(identifier: str, parameters: der.Element | None) -> Fault | None:
    if identifier == _RSA:
        return Fault("csr.key.rsa", _KEY, "This is an RSA key. Make an elliptic curve key on P-256.", _SOURCE)
    if identifier != EC_PUBLIC_KEY:
        message = f"The kind of key is {identifier}. Make an elliptic curve key (id-ecPublicKey) on P-256."
        return Fault("csr.key.algorithm", _KEY, message, _SOURCE)
    if parameters is None or parameters.tag != der.OID:
        message = "The curve must be named (P-256), not described by its parameters."
        return Fault("csr.key.curve_not_named", _KEY, message, _SOURCE)
    curve = der.read_oid(parameters.content)
    if curve != P256:
        message = f"The curve is {_CURVES.get(curve, curve)}. Make a key on P-256 (prime256v1)."
        return Fault("csr.key.curve", _KEY, message, _SOURCE)
    return None


def _fault_of_point(point: bytes) -> Fault | None:
    if point[:1] in (b"\x02", b"\x03"):
        message = "The point is compressed. Write it uncompressed (openssl: -conv_form uncompressed)."
        return Fault("csr.key.compressed", _KEY, message, _SOURCE)
    if len(point) != POINT_LENGTH or point[0] != 4:
        return Fault("csr.key.point", _KEY, "The key is not an uncompressed point of 65 octets.", _SOURCE)
    return None


def _load(point: bytes, faults: list[Fault]) -> ec.EllipticCurvePublicKey | None:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        faults.append(Fault("csr.key.not_on_curve", _KEY, "The point is not on the curve P-256.", _SOURCE))
        return None


def _check_signature_algorithm(parts: RequestParts, faults: list[Fault]) -> bool:
    identifier, parameters = read_algorithm(parts.algorithm)
    if identifier != ECDSA_SHA256:
        named = _ALGORITHMS.get(identifier, identifier)
        message = f"The request is signed with {named}; it must be ecdsa-with-SHA256 (openssl: -sha256)."
        faults.append(Fault("csr.signature.algorithm", _SIGNATURE, message, "RFC 5758 section 3.2"))
        return False
    if parameters is not None:
        message = "ecdsa-with-SHA256 has no parameters, not even NULL."
        faults.append(Fault("csr.signature.parameters", _SIGNATURE, message, "RFC 5758 section 3.2"))
        return False
    return True


def _check_possession(key: ec.EllipticCurvePublicKey, parts: RequestParts, faults: list[Fault]) -> None:
    try:
        key.verify(parts.signature, parts.info, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        message = (
            "The signature does not verify with the key in the request, so the request was changed, or the "
            "sender does not hold the private key."
        )
        faults.append(Fault("csr.signature.bad", _SIGNATURE, message, _PROOF))


def known_weak_fault() -> Fault:
    """For a key on one of the lists that were loaded, whatever the route of the request."""
    message = "This key is on a list of keys known to be weak. Make a new one."
    return Fault("csr.key.known_weak", _KEY, message, "House rule: no known weak keys")
