"""How the requests of one chunk lie in one column: names and bytes, framed by their lengths.

One entry is three lengths (name, fault: one octet each; request: two octets, big-endian), then the three.
Whatever an entry's fault, it has its place, so that item numbers are places in the ZIP.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Requests in one chunk, so in one job and two transactions.
CHUNK = 1000

_LENGTHS = struct.Struct(">BBH")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the ZIP. name: with .csr, ASCII. csr: its bytes, empty where fault names what is wrong."""

    name: str
    csr: bytes
    fault: str = ""


def pack(entries: Iterable[Entry]) -> bytes:
    """The column's value."""
    parts: list[bytes] = []
    for entry in entries:
        name, fault = entry.name.encode("ascii"), entry.fault.encode("ascii")
        parts += (_LENGTHS.pack(len(name), len(fault), len(entry.csr)), name, fault, entry.csr)
    return b"".join(parts)


def unpack(packed: bytes | memoryview) -> Iterator[Entry]:
    """The entries in order."""
    content, place = bytes(packed), 0
    while place < len(content):
        name_length, fault_length, csr_length = _LENGTHS.unpack_from(content, place)
        name_at = place + _LENGTHS.size
        fault_at = name_at + name_length
        csr_at = fault_at + fault_length
        place = csr_at + csr_length
        name, fault = content[name_at:fault_at].decode("ascii"), content[fault_at:csr_at].decode("ascii")
        yield Entry(name, content[csr_at:place], fault)
