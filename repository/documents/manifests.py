"""The signed manifest of a lodged version: a JSON text and a detached Ed25519 signature.

Anybody checks them with openssl:
`openssl pkeyutl -verify -pubin -inkey KEY -rawin -in MANIFEST -sigfile SIGNATURE`.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FORMAT = "SMKI Repository manifest 1"
# The job that signs one.
SIGN = "documents.sign_manifest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a manifest says. Times are UTC."""

    version_id: str
    kind: str
    title: str
    number: int
    dated_on: date
    sha256: str
    size: int
    media_type: str
    lodged_at: datetime
    lodged_for: str


def manifest_text(manifest: Manifest) -> str:
    """The manifest as JSON, keys sorted, ending in a newline: the very bytes that are signed."""
    content = {
        "format": FORMAT,
        "document": {
            "kind": manifest.kind,
            "title": manifest.title,
            "version": manifest.number,
            "dated": manifest.dated_on.isoformat(),
            "id": manifest.version_id,
        },
        "file": {"sha256": manifest.sha256, "size": manifest.size, "media_type": manifest.media_type},
        "lodged": {"at": manifest.lodged_at.isoformat(), "for": manifest.lodged_for},
    }
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def sign_manifest(text: str, key: Ed25519PrivateKey) -> bytes:
    """The detached signature, 64 octets."""
    return key.sign(text.encode())


def key_id(key: Ed25519PublicKey) -> str:
    """SHA-256 of the raw public key, hexadecimal."""
    return hashlib.sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()
