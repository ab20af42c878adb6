"""Certificate Signing Requests in bulk: the whole check for the first of a shape, a quick one for its like.

The requests of a batch come from one program and differ in key, device, use and signature alone. A request
that equals a wholly checked one in every other octet has passed every check that those octets decide. What
remains is whether the point is on the curve and whether the signature proves possession of the key. Any
other request, and any that fails here, goes through `check_csr`, whose verdict stands.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from certification.authorities.csr import CheckedCsr, check_csr
from certification.authorities.csr_reading import read_request
from certification.authorities.encoding import POINT_LENGTH
from certification.authorities.environments import Environment
from certification.authorities.eui64 import LENGTH as EUI64_LENGTH
from certification.authorities.faults import Fault
from certification.authorities.profiles import CertificateKind, KeyUsage
from certification.engine.template import USAGES, key_info

_CURVE = ec.SECP256R1()
_ECDSA = ec.ECDSA(hashes.SHA256())
_KEY_USAGE_OID = bytes.fromhex("0603551d0f")
_USAGE_OF = {USAGES[usage]: usage for usage in (KeyUsage.DS, KeyUsage.KA)}
# A batch comes from one program, or from a few; a stranger's thousand shapes must not fill the memory.
MOST_SHAPES = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request without faults asks for, and the SHA-256 of its SubjectPublicKeyInfo."""

    point: bytes
    digest: bytes
    usage: KeyUsage
    eui64: bytes


Verdict = Wanted | tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A request's octets before the signature, cut at key, use and EUI-64.

    info: where CertificationRequestInfo begins and ends, once the outer header of two to four octets is
    there. places, fixed: counted from the beginning of info. algorithm: the octets between info and signature.
    """

    length: int
    algorithm: bytes
    places: tuple[slice, slice, slice]
    fixed: tuple[tuple[slice, bytes], ...]

    def read(self, der: bytes) -> Wanted | None:
        """What the request wants, with its possession proved; None where it does not fit or does not hold."""
        start = _header_length(der)
        end = start + self.length
        after = end + len(self.algorithm)
        if der[end:after] != self.algorithm or not _is_framed(der, start, after):
            return None
        info = der[start:end]
        for place, part in self.fixed:
            if info[place] != part:
                return None
        point, bits, eui64 = (info[place] for place in self.places)
        usage = _USAGE_OF.get(bits)
        if usage is None or point[0] != 4:
            return None
        try:
            key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)
            key.verify(der[after + 3 :], info, _ECDSA)
        except (InvalidSignature, ValueError):
            return None
        return Wanted(point, hashlib.sha256(key_info(point)).digest(), usage, eui64)


def _header_length(der: bytes) -> int:
    """The octets of the outer tag and length; what they say is judged by `_is_framed`."""
    first = der[1] if len(der) > 1 else 0
    return 2 if first < 0x80 else 2 + (first & 0x7F)


def _is_framed(der: bytes, start: int, signature_at: int) -> bool:
    """The outer SEQUENCE and the signature's BIT STRING have shortest lengths and end where the bytes end."""
    content = len(der) - start
    header = b"\x30\x82" + content.to_bytes(2) if content > 0xFF else b"\x30\x81" + bytes((content,))
    signature = len(der) - signature_at - 2
    return (
        0x7F < content < 0x10000
        and der[:start] == header
        and 1 < signature < 0x80
        and der[signature_at : signature_at + 3] == bytes((3, signature, 0))
    )


def learn(csr: CheckedCsr) -> Shape | None:
    """The shape of a wholly checked request; None where its fields cannot be told apart without doubt."""
    der = csr.der
    start = _header_length(der)
    usage_at = _find_usage(der, csr.usage)
    point_at, eui64_at = _find_once(der, csr.point), _find_once(der, csr.eui64)
    if usage_at is None or point_at is None or eui64_at is None:
        return None
    info_length = _element_length(der, start)
    places = [(point_at, POINT_LENGTH), (usage_at, 2), (eui64_at, EUI64_LENGTH)]
    slices = [slice(at - start, at - start + length) for at, length in places]
    info = der[start : start + info_length]
    algorithm_length = _element_length(der, start + info_length)
    algorithm = der[start + info_length : start + info_length + algorithm_length]
    ordered = sorted(slices, key=lambda place: place.start)
    ends = [0, *(place.stop for place in ordered)]
    starts = [*(place.start for place in ordered), info_length]
    fixed = [slice(end, begin) for end, begin in zip(ends, starts, strict=True)]
    if any(place.start > place.stop for place in fixed) or ordered[-1].stop > info_length:
        return None
    point, usage, eui64 = slices
    return Shape(
        info_length, algorithm, (point, usage, eui64), tuple((place, info[place]) for place in fixed)
    )


def _find_once(der: bytes, value: bytes) -> int | None:
    at = der.find(value)
    return None if at < 0 or der.find(value, at + 1) >= 0 else at


def _find_usage(der: bytes, usage: KeyUsage) -> int | None:
    """Where the two octets of keyUsage stand: after its one OID and, perhaps, `critical`."""
    at = _find_once(der, _KEY_USAGE_OID)
    if at is None:
        return None
    at += len(_KEY_USAGE_OID)
    if der[at : at + 3] == b"\x01\x01\xff":
        at += 3
    if der[at : at + 6] != b"\x04\x04\x03\x02" + USAGES[usage]:
        return None
    return at + 4


def _element_length(der: bytes, at: int) -> int:
    first = der[at + 1]
    if first < 0x80:
        return 2 + first
    count = first & 0x7F
    return 2 + count + int.from_bytes(der[at + 2 : at + 2 + count])


class RequestChecker:
    """Checks requests for Device Certificates in one environment, and remembers the shapes of the sound ones.

    weak_key: as check_csr's. whole: how many went the whole way, for measurements.
    """

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.shapes: list[Shape] = []
        self.whole = 0

    def check(self, data: bytes) -> Verdict:
        """What the request asks for, or the faults that check_csr finds. L3.4, L3.5"""
        der = read_request(data)
        if isinstance(der, Fault):
            return (der,)
        for shape in self.shapes:
            wanted = shape.read(der)
            if wanted is not None:
                return wanted
        return self._check_whole(data)

    def _check_whole(self, data: bytes) -> Verdict:
        self.whole += 1
        outcome = check_csr(data, CertificateKind.DEVICE, self.environment)
        csr = outcome.csr
        if csr is None:
            return outcome.faults
        shape = learn(csr)
        if shape is not None and shape not in self.shapes:
            self.shapes = [shape, *self.shapes][:MOST_SHAPES]
        return Wanted(csr.point, hashlib.sha256(csr.spki).digest(), csr.usage, csr.eui64)
