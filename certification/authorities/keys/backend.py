"""What a key backend does. Keys are P-256; a reference names a key and is never secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol, Self

from django.conf import settings

_REFERENCE = re.compile(r"[a-z0-9][a-z0-9-]{2,80}")


class KeyUnavailable(Exception):
    """This process cannot reach the keys, or the passphrase is wrong. The message says what to do."""


class KeyMissing(KeyUnavailable):
    """There is no key with that reference."""


class KeyBackend(Protocol):
    """`deterministic`: the same bytes give the same signature, so signing again gives the same Certificate.

    A backend that is not (most hardware modules) signs the stored bytes of an intent again after a crash;
    the first signature was never released.
    """

    deterministic: bool

    @classmethod
    def from_settings(cls) -> Self: ...

    def generate(self, reference: str) -> bytes:
        """Make the key and return its uncompressed point; the key that is there already is kept."""
        ...

    def public_point(self, reference: str) -> bytes:
        """The uncompressed point of 65 octets. Raises KeyMissing."""
        ...

    def sign(self, reference: str, tbs: bytes) -> bytes:
        """An ECDSA-Sig-Value over the SHA-256 of `tbs`. Raises KeyMissing or KeyUnavailable."""
        ...

    def signer(self, reference: str) -> Callable[[bytes], bytes]:
        """`sign` for many documents under one key, which is looked up once."""
        ...

    def generate_wrapping(self, reference: str) -> None:
        """Make an AES-256 key; the key that is there already is kept."""
        ...

    def wrap(self, reference: str, content: bytes) -> bytes:
        """`content` under AES-256 key wrap with padding (RFC 5649)."""
        ...


def check_process() -> None:
    """Only workers, and the owner's commands, reach keys: raises KeyUnavailable elsewhere. L3.5"""
    if settings.SMKI_PROCESS in ("web", "scheduler"):
        raise KeyUnavailable(
            f"The {settings.SMKI_PROCESS} process holds no CA key: hand the work to a worker by a job."
        )


def check_reference(reference: str) -> None:
    """A reference is a plain name: raises ValueError."""
    if not _REFERENCE.fullmatch(reference):
        raise ValueError("A key reference is made of lower case letters, digits and dashes.")
