"""How people write EUI-64 identifiers and serial numbers, and the one form in which they are stored.

Both are stored as upper-case hexadecimal without separators, so that text order is number order.
"""

import re

EUI64_DIGITS = 16
SEPARATORS = re.compile(r"[\s:.\-]+")
HEXADECIMAL = re.compile(r"[0-9A-F]+")
# An X.509 serial number has at most 20 octets (RFC 5280 section 4.1.2.2): 40 hexadecimal digits.
LONGEST_SERIAL = 40
# Our serial numbers have 16 octets: 32 hexadecimal digits, which is 38 or 39 decimal ones.
SHORTEST_DECIMAL_SERIAL = 36


def _bare(text: str) -> str:
    """The text without separators and without 0x, in upper case."""
    bare = SEPARATORS.sub("", text).upper()
    return bare.removeprefix("0X")


def parse_eui64(text: str) -> str:
    """The EUI-64 that `text` writes, as 16 upper-case digits; ValueError says what is wrong with it."""
    bare = _bare(text)
    if not HEXADECIMAL.fullmatch(bare):
        raise ValueError("An EUI-64 has only the digits 0 to 9 and A to F, with or without separators.")
    if len(bare) != EUI64_DIGITS:
        raise ValueError(f"An EUI-64 has 16 hexadecimal digits (8 octets); this one has {len(bare)}.")
    return bare


def parse_eui64_prefix(text: str) -> tuple[str, str]:
    """First and last EUI-64 that begin as `text` does, so that a search is a range and never a LIKE."""
    bare = _bare(text)
    if not HEXADECIMAL.fullmatch(bare) or len(bare) > EUI64_DIGITS:
        raise ValueError("Enter an EUI-64, or the beginning of one, in the digits 0 to 9 and A to F.")
    return bare.ljust(EUI64_DIGITS, "0"), bare.ljust(EUI64_DIGITS, "F")


def format_eui64(value: str) -> str:
    """Eight dash-separated pairs, as the repository interface writes it: 90-B3-D5-1F-30-01-00-00."""
    return "-".join(value[i : i + 2] for i in range(0, len(value), 2))


def parse_serial(text: str) -> str:
    """The serial number that `text` writes in hexadecimal or decimal, as upper-case hexadecimal."""
    bare = _bare(text)
    if not HEXADECIMAL.fullmatch(bare):
        raise ValueError("Enter a serial number in hexadecimal or in decimal digits.")
    said_hexadecimal = text.strip().lower().startswith("0x") or any(mark in text for mark in ":-")
    if bare.isdigit() and len(bare) >= SHORTEST_DECIMAL_SERIAL and not said_hexadecimal:
        return serial_of(int(bare))
    if len(bare) > LONGEST_SERIAL:
        raise ValueError("A serial number has at most 20 octets (40 hexadecimal digits).")
    return serial_of(int(bare, 16))


def serial_of(number: int) -> str:
    """A serial number as stored: upper-case hexadecimal in whole octets."""
    digits = f"{number:X}"
    if len(digits) > LONGEST_SERIAL:
        raise ValueError("A serial number has at most 20 octets (40 hexadecimal digits).")
    return digits.zfill(len(digits) + len(digits) % 2)


def format_serial(value: str) -> str:
    """A stored serial number with a colon between octets, as openssl prints it."""
    return ":".join(value[i : i + 2] for i in range(0, len(value), 2))
