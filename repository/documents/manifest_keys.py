"""The key that signs manifests. The private half stays with the worker; pages read the public half only.

It is an encrypted PKCS#8 file, opened by the same passphrase as the keys of the ledger.
"""

from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from smki_pma.files.whole import write_whole
from smki_pma.ledger.keys import passphrase, write_private


def private_key() -> Ed25519PrivateKey:
    """The signing key, made on first use, with its public half published. For the worker alone."""
    file = _folder() / "manifest.key"
    if not file.exists():
        _make(file)
    key = load_pem_private_key(file.read_bytes(), passphrase())
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{file} is not an Ed25519 key.")
    _publish(key.public_key())
    return key


def public_pem() -> bytes | None:
    """The public key as PEM, or None where no manifest has been signed yet."""
    file = _public_file()
    return file.read_bytes() if file.exists() else None


def _folder() -> Path:
    folder: Path = getattr(settings, "SMKI_MANIFEST_KEY_DIR", None) or settings.DATA_DIR / "manifest-key"
    return folder


def _public_file() -> Path:
    return _folder() / "manifest.pub"


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase())
    )
    # Another worker may have been first: its key stands.
    with suppress(FileExistsError):
        write_private(file, pem)


def _publish(key: Ed25519PublicKey) -> None:
    """Before anything is signed, so that a signature never exists without its public key."""
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    if public_pem() != pem:
        write_whole(_public_file(), [pem], mode=0o644)
