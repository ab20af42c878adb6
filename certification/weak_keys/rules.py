"""The form of a file of known weak keys: pure functions over bytes."""

import base64
import binascii
import re

from smki_pma.clauses import RuleViolation

CLAUSE = "L3.5"
_DIGEST_LENGTH = 32
_HEX = re.compile(r"[0-9A-Fa-f]{64}")


def read_list(content: bytes) -> list[bytes]:
    """The SHA-256 of each SubjectPublicKeyInfo in a list, each once, in order. L3.5

    One key on a line, as 64 hexadecimal digits (the fingerprint of pwnedkeys.com) or as 44 characters of
    Base64 (RFC 7469 pin-sha256). Empty lines, and all from # to the end of a line, are passed over.
    Raises RuleViolation that names the first line that is anything else, so that no list is loaded in part.
    """
    try:
        lines = content.decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise RuleViolation("The file is not plain text.", clause=CLAUSE) from error
    found: dict[bytes, None] = {}
    for number, line in enumerate(lines, start=1):
        text = line.split("#", 1)[0].strip()
        if text:
            found[_read_digest(text, number)] = None
    if not found:
        raise RuleViolation("The file names no key.", clause=CLAUSE)
    return list(found)


def _read_digest(text: str, number: int) -> bytes:
    if _HEX.fullmatch(text):
        return bytes.fromhex(text)
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if len(digest) != _DIGEST_LENGTH:
        raise RuleViolation(
            f"Line {number} is not the SHA-256 of a public key, in hexadecimal or Base64. Nothing was loaded.",
            clause=CLAUSE,
        )
    return digest
