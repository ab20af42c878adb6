"""One byte form for what is hashed.

Canonical JSON here means: UTF-8; object keys are strings, sorted by code point; no space between tokens;
only ", \\ and the control characters below U+0020 are escaped, as Python's json does; integers only, no
floats; no lone surrogates. Times are UTC with six decimals and Z, dates ISO 8601, UUIDs in lower-case
hyphenated form, decimals as plain text, bytes as lower-case hexadecimal.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

_REFUSAL = "Canonical JSON cannot hold {!r} ({}): give text, an integer, a time, a UUID or a decimal."


def canonical(value: object) -> bytes:
    """The canonical JSON bytes of a value. Raises TypeError for floats, ValueError for lone surrogates."""
    text = json.dumps(
        plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8")


def time_text(at: datetime) -> str:
    """An aware time as canonical text: 2026-11-22T14:15:00.000000Z."""
    if at.tzinfo is None:
        raise TypeError("A time in the ledger must be aware.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: object) -> Any:  # a JSON value
    """The value as JSON types alone, converted as this module's text says."""
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(item) for item in value), key=canonical)
    return _scalar(value)


def _key(key: object) -> str:
    if isinstance(key, Enum):
        key = key.value
    if isinstance(key, UUID):
        return str(key)
    if not isinstance(key, str):
        raise TypeError(_REFUSAL.format(key, "as a key"))
    return key


def _scalar(value: object) -> str | int | bool | None:
    if isinstance(value, Enum):
        value = value.value
    match value:
        case None | bool() | int():
            return value
        case str():
            value.encode("utf-8")
            return str(value)
        case datetime():
            return time_text(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Decimal():
            return _decimal(value)
        case bytes() | memoryview():
            return bytes(value).hex()
        case _:
            raise TypeError(_REFUSAL.format(value, type(value).__name__))


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise TypeError(_REFUSAL.format(value, "not finite"))
    return format(value, "f")
