"""Distinguished Encoding Rules, strictly: just enough to read a request and to write a certificate.

Strict on purpose: a length in indefinite or non-minimal form is an error, since two encodings of one
thing would let two programs read a certificate differently (X.690 section 10.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
UTF8_STRING, PRINTABLE_STRING, UTC_TIME, GENERALIZED_TIME = 0x0C, 0x13, 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31


class DerError(ValueError):
    """The bytes are not DER; `offset` counts octets from where reading began."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class DerTruncated(DerError):
    """The bytes end before the element that they begin."""


@dataclass(frozen=True, slots=True)
class Element:
    """One tag-length-value: `content` is the value, `encoded` the whole."""

    tag: int
    content: bytes
    encoded: bytes

    def children(self) -> list[Element]:
        return list(iterate(self.content))

    def contains_elements(self) -> bool:
        return bool(self.tag & 0x20)


def tagged(number: int, *, constructed: bool = True) -> int:
    """The tag octet of a context-specific element [number]."""
    return (0xA0 if constructed else 0x80) | number


def read(data: bytes, offset: int = 0) -> Element:
    """The element that begins at `offset`. Raises DerError or DerTruncated."""
    if len(data) - offset < 2:
        raise DerTruncated("The data end inside a tag or length", offset)
    tag = data[offset]
    if tag & 0x1F == 0x1F:
        raise DerError("Tags above 30 are not used here", offset)
    length, start = _read_length(data, offset + 1)
    end = start + length
    if end > len(data):
        raise DerTruncated(f"{length} octets are announced and {len(data) - start} are there", offset)
    return Element(tag, data[start:end], data[offset:end])


def _read_length(data: bytes, offset: int) -> tuple[int, int]:
    first = data[offset]
    if first < 0x80:
        return first, offset + 1
    count = first & 0x7F
    if count == 0:
        raise DerError("Indefinite lengths are not allowed in DER", offset)
    if count > 4:
        raise DerError("The announced length is absurd", offset)
    start = offset + 1 + count
    if start > len(data):
        raise DerTruncated("The data end inside a length", offset)
    length = int.from_bytes(data[offset + 1 : start])
    if length < 0x80 or data[offset + 1] == 0:
        raise DerError("The length is not in its shortest form", offset)
    return length, start


def iterate(data: bytes) -> Iterator[Element]:
    """All elements, one after the other, that fill `data` exactly."""
    offset = 0
    while offset < len(data):
        element = read(data, offset)
        yield element
        offset += len(element.encoded)


def check_strict(data: bytes, depth: int = 0) -> None:
    """Read every nested element of `data`; raises DerError at the first that is not strict DER."""
    if depth > 20:
        raise DerError("The data are nested too deeply", 0)
    for element in iterate(data):
        if element.contains_elements():
            check_strict(element.content, depth + 1)


def write(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(octets))) + octets + content


def sequence(*contents: bytes) -> bytes:
    return write(SEQUENCE, *contents)


def octet_string(content: bytes) -> bytes:
    return write(OCTET_STRING, content)


def bit_string(content: bytes, unused: int = 0) -> bytes:
    return write(BIT_STRING, bytes((unused,)), content)


def boolean(value: bool) -> bytes:
    return write(BOOLEAN, b"\xff" if value else b"\x00")


def integer(value: int) -> bytes:
    """A non-negative INTEGER; a leading zero octet keeps it positive."""
    return write(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def oid(dotted: str) -> bytes:
    first, second, *rest = (int(arc) for arc in dotted.split("."))
    return write(OID, b"".join(_base128(arc) for arc in (first * 40 + second, *rest)))


def _base128(value: int) -> bytes:
    octets = [value & 0x7F]
    while value := value >> 7:
        octets.append(0x80 | value & 0x7F)
    return bytes(reversed(octets))


def read_oid(content: bytes) -> str:
    """Content octets of an OBJECT IDENTIFIER as dotted text. Raises DerError."""
    arcs: list[int] = []
    value, fresh = 0, True
    for position, octet in enumerate(content):
        if fresh and octet == 0x80:
            raise DerError("An arc of the object identifier is padded", position)
        value, fresh = value << 7 | octet & 0x7F, octet < 0x80
        if fresh:
            arcs.append(value)
            value = 0
    if not arcs or not fresh or len(content) > 64:
        raise DerError("The object identifier is incomplete", len(content))
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))
