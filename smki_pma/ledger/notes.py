"""Signed notes with Ed25519 keys, and the checkpoints inside them (C2SP signed-note, tlog-checkpoint)."""

import base64
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
SIGNATURE_MARK = "\N{EM DASH} "


class BadNote(ValueError):
    """The text is no signed note of the kind asked for, or no known key has signed it."""


def key_id(name: str, public_key: bytes) -> bytes:
    """The four octets that name a key in a signature line (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4]


def verifier_key(name: str, public_key: bytes) -> str:
    """The public key as Go's x/mod/sumdb/note and other tools read it: name+id+base64."""
    encoded = base64.b64encode(ED25519 + public_key).decode()
    return f"{name}+{key_id(name, public_key).hex()}+{encoded}"


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The text as a signed note. text: ends in a newline."""
    if not text.endswith("\n"):
        raise ValueError("The text of a note ends in a newline.")
    public_key = key.public_key().public_bytes_raw()
    signature = base64.b64encode(key_id(name, public_key) + key.sign(text.encode())).decode()
    return f"{text}\n{SIGNATURE_MARK}{name} {signature}\n"


def open_note(note: str, name: str, public_key: bytes) -> str:
    """The text of a note that this key has signed. Raises BadNote."""
    text, separator, signatures = note.rpartition("\n\n")
    if not separator:
        raise BadNote("There is no signature.")
    text += "\n"
    wanted = key_id(name, public_key)
    for line in signatures.splitlines():
        signed_by, _, encoded = line.removeprefix(SIGNATURE_MARK).partition(" ")
        raw = base64.b64decode(encoded)
        if signed_by == name and raw[:4] == wanted:
            try:
                Ed25519PublicKey.from_public_bytes(public_key).verify(raw[4:], text.encode())
            except InvalidSignature:
                raise BadNote(f"The signature of {name} does not match the text.") from None
            return text
    raise BadNote(f"{name} has not signed this.")


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint says: of which log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The body of the note (C2SP tlog-checkpoint)."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> "TreeHead":
        """The head that a note's text states. Raises BadNote."""
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0] or not lines[1].isdecimal() or str(int(lines[1])) != lines[1]:
            raise BadNote("This is no checkpoint.")
        return cls(origin=lines[0], size=int(lines[1]), root=base64.b64decode(lines[2], validate=True))
