"""Certificate Signing Requests checked against the profile they ask for, in two steps.

Step one: is it one whole PKCS#10 request at all? Then nothing else can be said. Step two: every rule of
the profile, all faults together. Pure functions over bytes; whatever the bytes are, faults come back and
nothing is raised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from certification.authorities import csr_extensions, csr_key, csr_structure, csr_subject, der
from certification.authorities.csr_reading import (
    MAX_BYTES,
    PRIVATE_KEY,
    holds_private_key,
    private_key_fault,
    read_element,
    read_request,
)
from certification.authorities.environments import Environment
from certification.authorities.faults import Fault
from certification.authorities.profiles import CertificateKind, KeyUsage

__all__ = ["MAX_BYTES", "PRIVATE_KEY", "CheckedCsr", "CsrOutcome", "check_csr"]

_PKCS10 = "RFC 2986 section 4"
_PKCS9 = "RFC 2985 section 5.4.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCsr:
    """What a request without faults asks for. `role_code` and `common_name` belong to organisations."""

    kind: CertificateKind
    der: bytes
    point: bytes
    spki: bytes
    usage: KeyUsage
    eui64: bytes
    role_code: int | None = None
    common_name: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.der).hexdigest()

    @property
    def spki_sha256(self) -> str:
        return hashlib.sha256(self.spki).hexdigest()


@dataclass(frozen=True, slots=True)
class CsrOutcome:
    """`csr` is None exactly when there are faults."""

    csr: CheckedCsr | None
    faults: tuple[Fault, ...]

    @property
    def may_be_kept(self) -> bool:
        """False where the bytes hold a private key: they must not be stored anywhere."""
        return all(fault.code != PRIVATE_KEY for fault in self.faults)


def _no_key_is_known_weak(spki: bytes) -> bool:
    return False


def check_csr(
    data: bytes,
    kind: CertificateKind,
    environment: Environment,
    weak_key: Callable[[bytes], bool] = _no_key_is_known_weak,
) -> CsrOutcome:
    """Check a request (PEM, Base64 or DER) for a Device or Organisation Certificate. L3.4, L3.5

    `weak_key` gets the SubjectPublicKeyInfo and says whether the key is on a list of known-weak keys.
    """
    if kind not in (CertificateKind.DEVICE, CertificateKind.ORGANISATION):
        raise ValueError("Only Device and Organisation Certificates are issued on a request.")
    parts = _read(data)
    if isinstance(parts, Fault):
        return CsrOutcome(None, (parts,))
    return _check_profile(parts, kind, environment, weak_key)


def _read(data: bytes) -> tuple[bytes, csr_structure.RequestParts] | Fault:
    if holds_private_key(data):
        return private_key_fault()
    content = read_request(data)
    if isinstance(content, Fault):
        return content
    element = read_element(content)
    if isinstance(element, Fault):
        return element
    try:
        return content, csr_structure.take_apart(element)
    except der.DerTruncated as error:
        return Fault("csr.not_der", "Request", f"{error}.", _PKCS10)
    except der.DerError as error:
        what = "a Certificate" if _looks_like_a_certificate(element) else "something else"
        message = f"This is {what}, not a request. {error}."
        return Fault("csr.not_a_request", "Request", message, _PKCS10)


def _looks_like_a_certificate(element: der.Element) -> bool:
    """A Certificate's first inner field is [0] version, or its serial followed by the algorithm."""
    try:
        first = element.children()[0].children()[0]
    except (der.DerError, IndexError):
        return False
    return first.tag == der.tagged(0)


def _check_profile(
    read: tuple[bytes, csr_structure.RequestParts],
    kind: CertificateKind,
    environment: Environment,
    weak_key: Callable[[bytes], bool],
) -> CsrOutcome:
    content, parts = read
    faults: list[Fault] = []
    if parts.version != b"\x00":
        faults.append(Fault("csr.version", "Version", "The version of the request must be 0.", _PKCS10))
    point = csr_key.check_key(parts, faults)
    subject = csr_subject.check_subject(parts.subject, kind, faults)
    wanted = csr_extensions.check_extensions(_requested(parts, faults), kind, environment, faults)
    if point is not None and weak_key(parts.public_key.encoded):
        faults.append(csr_key.known_weak_fault())
    if faults or point is None or wanted.usage is None:
        return CsrOutcome(None, tuple(faults))
    checked = CheckedCsr(
        kind=kind,
        der=content,
        point=point,
        spki=parts.public_key.encoded,
        usage=wanted.usage,
        eui64=wanted.eui64 or subject.eui64,
        role_code=subject.role_code,
        common_name=subject.common_name,
    )
    return CsrOutcome(checked, ())


def _requested(
    parts: csr_structure.RequestParts, faults: list[Fault]
) -> list[csr_structure.RequestedExtension] | None:
    """The extensions asked for: one extensionRequest attribute with one value, and no other attribute."""
    if len(parts.attributes) != 1:
        message = (
            f"The request has {len(parts.attributes)} attributes; it must have exactly one, extensionRequest "
            "(with openssl: req_extensions; leave out a challenge password)."
        )
        faults.append(Fault("csr.attributes", "Attributes", message, _PKCS9))
        return None
    try:
        identifier, values = csr_structure.read_attribute(parts.attributes[0])
        if identifier != csr_structure.EXTENSION_REQUEST or len(values) != 1:
            message = "The one attribute of the request must be extensionRequest, with one value."
            faults.append(Fault("csr.attributes", "Attributes", message, _PKCS9))
            return None
        return csr_structure.read_extensions(values[0])
    except der.DerError as error:
        faults.append(Fault("csr.not_der", "Attributes", f"{error}.", _PKCS9))
        return None
