"""What a chunk commits to before anything is signed, in one column: the exact bytes, or why there are none.

A head (JSON: which Authority signs, where, from when) framed by its length; then an outcome for each request
in order: a kind octet, two lengths of two octets each and one of one. Frames, not JSON: 1,000 times 350 octets.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

VERSION = 2
_HEAD = struct.Struct(">I")
_LENGTHS = struct.Struct(">BHHB")
_TBS, _FAULT = 1, 2


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that gets no Certificate. code: stable, for programs; detail: for people.

    eui64: of the device that it was for, empty where none could be read.
    """

    code: str
    detail: str
    eui64: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intents:
    """What was committed to. authority_id: who signs. outcomes: the bytes to be signed, or the refusal."""

    authority_id: UUID
    environment: str
    not_before: datetime
    outcomes: Sequence[bytes | Refused]

    @property
    def tbs(self) -> list[bytes]:
        """The bytes to be signed, in order."""
        return [outcome for outcome in self.outcomes if isinstance(outcome, bytes)]


def pack(intents: Intents) -> bytes:
    """The column's value."""
    head = {
        "v": VERSION,
        "authority": str(intents.authority_id),
        "environment": intents.environment,
        "not_before": intents.not_before.isoformat(),
    }
    text = json.dumps(head, sort_keys=True).encode()
    return b"".join((_HEAD.pack(len(text)), text, *_packed(intents.outcomes)))


def _packed(outcomes: Iterable[bytes | Refused]) -> Iterable[bytes]:
    for outcome in outcomes:
        if isinstance(outcome, bytes):
            yield _LENGTHS.pack(_TBS, len(outcome), 0, 0)
            yield outcome
        else:
            code, detail = outcome.code.encode(), outcome.detail.encode()[:0xFFFF]
            yield _LENGTHS.pack(_FAULT, len(code), len(detail), len(outcome.eui64))
            yield code + detail + outcome.eui64


def unpack(packed: bytes | memoryview) -> Intents:
    """What `pack` was given. ValueError for bytes that are not its own, or another version's."""
    content = bytes(packed)
    start = _HEAD.size + _HEAD.unpack_from(content)[0]
    head = json.loads(content[_HEAD.size : start])
    if head["v"] != VERSION:
        raise ValueError(f"Intents of version {head['v']} cannot be read by this release.")
    return Intents(
        authority_id=UUID(head["authority"]),
        environment=head["environment"],
        not_before=datetime.fromisoformat(head["not_before"]),
        outcomes=list(_unpacked(content, start)),
    )


def _unpacked(content: bytes, place: int) -> Iterable[bytes | Refused]:
    while place < len(content):
        kind, first, second, third = _LENGTHS.unpack_from(content, place)
        place += _LENGTHS.size
        middle = place + first
        last, end = middle + second, middle + second + third
        if end > len(content) or kind not in (_TBS, _FAULT):
            raise ValueError("The intents are cut off.")
        if kind == _TBS:
            yield content[place:end]
        else:
            yield Refused(content[place:middle].decode(), content[middle:last].decode(), content[last:end])
        place = end
