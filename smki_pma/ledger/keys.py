"""The key that signs tree heads. Only the worker reads it; the web process has no need of it.

It is an encrypted PKCS#8 file in the data folder. The passphrase comes from SMKI_LEDGER_PASSPHRASE; the
embedded default keeps one of its own making beside the key, production refuses to do without.
"""

import hashlib
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from smki_pma.calendar import clock
from smki_pma.files.whole import write_whole
from smki_pma.ledger import store
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import HOUSE_RULE, record, service
from smki_pma.ledger.logs import LEDGER, Log
from smki_pma.ledger.models import SigningKey
from smki_pma.ledger.notes import verifier_key
from smki_pma.ledger.witness import names_left


class KeyMissing(RuntimeError):
    """The private key that belongs to the published one is not on this machine."""


def folder() -> Path:
    """Where key files are kept, for the worker's eyes only."""
    path: Path = settings.DATA_DIR / "ledger" / "keys"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def passphrase() -> bytes:
    """What the key files are encrypted with."""
    given: str = settings.ENVIRONMENT.ledger_passphrase.get_secret_value()
    if given:
        return given.encode()
    if settings.ENVIRONMENT.profile == "production":
        raise ImproperlyConfigured("Production needs SMKI_LEDGER_PASSPHRASE where the worker runs.")
    file = folder() / "passphrase"
    if not file.exists():
        # Another worker may have been first: its passphrase stands.
        with suppress(FileExistsError):
            write_private(file, secrets.token_urlsafe(32).encode())
    return file.read_bytes()


def write_private(file: Path, content: bytes) -> None:
    """Create a file that only its owner reads, whole or not at all; an existing one is an error."""
    write_whole(file, [content], mode=0o600, once=True)


def current_key() -> SigningKey | None:
    """The public key in use; None before the worker has made the first."""
    return SigningKey.objects.order_by("-valid_from_size", "-valid_from_at").first()


def all_keys() -> list[SigningKey]:
    """Every key ever used, the first one first: old ones stay published."""
    return list(SigningKey.objects.order_by("valid_from_size", "valid_from_at"))


def vkey(key: SigningKey, log: Log = LEDGER) -> str:
    """The published form of a key for one log."""
    return verifier_key(log.origin, bytes(key.public_key))


def private_key(key: SigningKey) -> Ed25519PrivateKey:
    """The private key of a published one. Raises KeyMissing."""
    try:
        pem = (folder() / f"{key.key_id}.pem").read_bytes()
    except FileNotFoundError:
        raise KeyMissing(
            f"The private key {key.key_id[:16]} is not in {folder()}. Restore it from the backup, or run "
            "`manage.py rotate_ledger_key` to put a new one into use."
        ) from None
    loaded = load_pem_private_key(pem, passphrase())
    if not isinstance(loaded, Ed25519PrivateKey):
        raise KeyMissing(f"{key.key_id[:16]} is not an Ed25519 key.")
    return loaded


def published_vkeys(log: Log = LEDGER) -> list[str]:
    """Every key that has signed a log, under each name that the log has had (see reconciling)."""
    origins = list(dict.fromkeys([*names_left(log), log.origin]))
    return [verifier_key(origin, bytes(key.public_key)) for origin in origins for key in all_keys()]


@service
def put_new_key_into_use(*, reason: str, by: Actor) -> SigningKey:
    """Make a key and let it sign from here on; earlier keys stay published (house rule)."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key_id = hashlib.sha256(public).hexdigest()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase()))
    write_private(folder() / f"{key_id}.pem", pem)
    store.take_turn(LEDGER)
    key = SigningKey(
        key_id=key_id,
        public_key=public,
        valid_from_at=clock.now(),
        valid_from_size=store.size_of(LEDGER),
        reason=reason,
    )
    key.save(force_insert=True)
    facts = {"reason": reason, "vkey": vkey(key), "valid_from_size": key.valid_from_size}
    record("ledger.key_put_into_use", clause=HOUSE_RULE, by=by, subject=key, facts=facts, audience="public")
    return key


def key_in_use() -> SigningKey:
    """The key to sign with, made now if there has never been one."""
    return current_key() or put_new_key_into_use(reason="First key", by=Actor.clock())
