"""EUI-64 identifiers: eight octets, shown as eight dash-separated pairs."""

from __future__ import annotations

import re

LENGTH = 8
_SEPARATORS = re.compile(r"[-:.\s]")
_SIXTEEN_DIGITS = re.compile(r"[0-9A-Fa-f]{16}")


def format_eui64(value: bytes) -> str:
    """`90-B3-D5-1F-30-01-00-00`"""
    return value.hex("-").upper()


def parse_eui64(text: str) -> bytes:
    """Eight octets from text in either case with any usual separators. Raises ValueError."""
    digits = _SEPARATORS.sub("", text)
    if not _SIXTEEN_DIGITS.fullmatch(digits):
        raise ValueError("An EUI-64 has 16 hexadecimal digits, like 90-B3-D5-1F-30-01-00-00.")
    return bytes.fromhex(digits)
