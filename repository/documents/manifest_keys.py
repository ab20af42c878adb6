"""The key that signs manifests. The private half stays with the worker; pages read the public half only."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings


def private_key() -> Ed25519PrivateKey:
    """The signing key, made on first use. For the worker alone."""
    file = _folder() / "manifest.key"
    if not file.exists():
        _make(file)
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{file} is not an Ed25519 key.")
    return key


def public_pem() -> bytes | None:
    """The public key as PEM, or None where no manifest has been signed yet."""
    file = _folder() / "manifest.pub"
    return file.read_bytes() if file.exists() else None


def public_key() -> Ed25519PublicKey | None:
    """The public key, or None where no manifest has been signed yet."""
    pem = public_pem()
    if pem is None:
        return None
    key = load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise TypeError("The public manifest key is not an Ed25519 key.")
    return key


def _folder() -> Path:
    folder: Path = getattr(settings, "SMKI_MANIFEST_KEY_DIR", None) or settings.DATA_DIR / "manifest-key"
    return folder


def _make(file: Path) -> None:
    """The public half is written first, so that a signature never exists without it."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _write(file.with_suffix(".pub"), public, 0o644)
    _write(file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)


def _write(file: Path, content: bytes, mode: int) -> None:
    temporary = file.with_suffix(f"{file.suffix}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(file)
