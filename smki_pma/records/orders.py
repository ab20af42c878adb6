"""What goes to the process that makes documents, and how it travels there."""

import json
import struct
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import IO

_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF. relationship: as PDF/A-3 names it (ISO 19005-3, 6.8)."""

    name: str
    description: str
    content: bytes
    relationship: str = "Supplement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One document to be made. certificate, key: of who signs, DER, the key as PKCS#8. reason: in the signature."""

    html: str
    attachments: Sequence[Attached]
    certificate: bytes
    key: bytes
    reason: str

    def dump(self) -> bytes:
        """As octets."""
        return json.dumps(asdict(self), default=lambda value: b64encode(value).decode()).encode()

    @classmethod
    def load(cls, octets: bytes) -> "Order":
        """The order that `dump` made."""
        said = json.loads(octets)
        files = [Attached(**each | {"content": b64decode(each["content"])}) for each in said["attachments"]]
        keys = {name: b64decode(said[name]) for name in ("certificate", "key")}
        return cls(html=said["html"], reason=said["reason"], attachments=files, **keys)


def write_frame(stream: IO[bytes], octets: bytes) -> None:
    """Send octets with their length before them."""
    stream.write(_LENGTH.pack(len(octets)) + octets)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """What `write_frame` sent; None where the other side has ended."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    octets = stream.read(length)
    return octets if len(octets) == length else None
