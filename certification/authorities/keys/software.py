"""Software keys: an encrypted PKCS#8 file for each (PBES2, scrypt, AES-256), readable by its owner alone."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from certification.authorities import der
from certification.authorities.keys import containers
from certification.authorities.keys.backend import (
    KeyMissing,
    KeyUnavailable,
    check_process,
    check_reference,
)
from smki_pma.files.whole import write_whole
from smki_pma.settings.environment import Environment

_SHORTEST_PASSPHRASE = 16
_NAMES = ("SMKI_CA_PASSPHRASE", "SMKI_SECRETS_DIR", "CREDENTIALS_DIRECTORY")


class SoftwareKeys:
    """Keys in `folder`. A decrypted key stays in the memory of this process, since scrypt takes a while."""

    deterministic = True
    _opened: dict[tuple[Path, bytes, str], ec.EllipticCurvePrivateKey] = {}

    def __init__(self, folder: Path, passphrase: bytes) -> None:
        if len(passphrase) < _SHORTEST_PASSPHRASE:
            raise KeyUnavailable(
                f"The passphrase of the CA keys needs {_SHORTEST_PASSPHRASE} characters or more."
            )
        self._folder = folder
        self._passphrase = passphrase

    def __repr__(self) -> str:
        return f"SoftwareKeys({str(self._folder)!r})"

    @classmethod
    def from_settings(cls) -> Self:
        check_process()
        return cls(key_folder(), _read_passphrase())

    def generate(self, reference: str) -> bytes:
        path = self._path(reference, "p8")
        if not path.exists():
            key = ec.generate_private_key(ec.SECP256R1())
            plain = key.private_bytes(
                serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            if _write_once(path, containers.encrypt(plain, self._passphrase)):
                self._opened[self._place(reference)] = key
        return self.public_point(reference)

    def public_point(self, reference: str) -> bytes:
        return (
            self._open(reference)
            .public_key()
            .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        )

    def sign(self, reference: str, tbs: bytes) -> bytes:
        """Deterministic (RFC 6979): signing the same bytes again gives the same Certificate."""
        return self.signer(reference)(tbs)

    def signer(self, reference: str) -> Callable[[bytes], bytes]:
        key, algorithm = self._open(reference), ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        return lambda tbs: key.sign(tbs, algorithm)

    def generate_wrapping(self, reference: str) -> None:
        path = self._path(reference, "aes")
        if not path.exists():
            _write_once(path, containers.encrypt(der.octet_string(secrets.token_bytes(32)), self._passphrase))

    def wrap(self, reference: str, content: bytes) -> bytes:
        return keywrap.aes_key_wrap_with_padding(der.read(self._decrypt(reference, "aes")).content, content)

    def _open(self, reference: str) -> ec.EllipticCurvePrivateKey:
        cached = self._opened.get(self._place(reference))
        if cached is not None:
            return cached
        key = serialization.load_der_private_key(self._decrypt(reference, "p8"), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyUnavailable(f"The key {reference} is not an elliptic curve key.")
        self._opened[self._place(reference)] = key
        return key

    def _decrypt(self, reference: str, suffix: str) -> bytes:
        path = self._path(reference, suffix)
        try:
            return containers.decrypt(path.read_bytes(), self._passphrase)
        except FileNotFoundError:
            raise KeyMissing(f"There is no key {reference} in {self._folder}: restore the CA keys.") from None
        except containers.WrongPassphrase:
            raise KeyUnavailable(f"The key {reference} does not open with the passphrase given.") from None

    def _place(self, reference: str) -> tuple[Path, bytes, str]:
        return self._folder, hashlib.sha256(self._passphrase).digest(), reference

    def _path(self, reference: str, suffix: str) -> Path:
        check_reference(reference)
        return self._folder / f"{reference}.{suffix}"


def key_folder() -> Path:
    configured = getattr(settings, "SMKI_CA_KEY_DIR", None)
    return Path(configured) if configured else Path(settings.DATA_DIR) / "ca" / "keys"


def _read_passphrase() -> bytes:
    # Where it comes from, so that another environment (a test's) is read anew.
    return _passphrase_in(*(os.environ.get(name) for name in _NAMES))


@lru_cache(maxsize=2)
def _passphrase_in(*places: str | None) -> bytes:
    text = Environment().ca_passphrase.get_secret_value()
    if not text:
        raise KeyUnavailable(
            "This process has no passphrase for the CA keys: start it with SMKI_CA_PASSPHRASE, or with the "
            "file smki_ca_passphrase in SMKI_SECRETS_DIR. Only workers have one."
        )
    return text.encode()


def _write_once(path: Path, content: bytes) -> bool:
    """Write all or nothing, and never over a key that another process was first to write: then False."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        write_whole(path, [content], mode=0o600, once=True)
    except FileExistsError:
        return False
    return True
