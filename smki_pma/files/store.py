"""Content-addressed store: a file is known by the SHA-256 of its bytes and is checked whenever it is read."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Protocol

from django.core.files.base import File
from django.core.files.storage import Storage, storages

_IN_MEMORY = 8 * 1024 * 1024
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store holds: lower-case hexadecimal SHA-256 and the size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Held:
    """Bytes with their hash, in a file of their own and not stored yet."""

    stored: Stored
    file: IO[bytes]


class DamagedFile(Exception):
    """The stored bytes are missing or are not those that were stored; they are never served."""

    def __init__(self, sha256: str, reason: str) -> None:
        self.sha256 = sha256
        self.reason = reason
        super().__init__(f"The stored file {sha256} is {reason}.")


class Readable(Protocol):
    """Anything with `read(size)`: an uploaded file, an open file, a BytesIO."""

    def read(self, size: int = ..., /) -> bytes: ...


@contextmanager
def hold(content: bytes | Readable) -> Iterator[Held]:
    """Take bytes or a stream in without storing them, for who must first look whether they may be kept."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        digest = hashlib.sha256()
        size = 0
        for chunk in _chunks(content):
            digest.update(chunk)
            size += len(chunk)
            spool.write(chunk)
        yield Held(Stored(sha256=digest.hexdigest(), size=size), spool)


def keep(held: Held) -> Stored:
    """Store what is held; the same bytes are stored once. Returns their hash and size."""
    if not _is_whole(held.stored.sha256):
        held.file.seek(0)
        _storage().save(_key(held.stored.sha256), File(held.file))
    return held.stored


def put(content: bytes | Readable) -> Stored:
    """Store bytes or a stream; the same bytes are stored once. Returns their hash and size."""
    with hold(content) as held:
        return keep(held)


def open_verified(sha256: str) -> IO[bytes]:
    """The stored bytes as a stream at its start, already checked; raises DamagedFile where they do not match.

    The stream is a copy made while hashing, so what is served is what was checked.
    """
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
    try:
        _copy_checked(sha256, spool)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


def read_verified(sha256: str) -> bytes:
    """The stored bytes, checked; raises DamagedFile where they do not match."""
    with open_verified(sha256) as stream:
        return stream.read()


def remove(sha256: str) -> None:
    """Take a file out of the store for good; nothing happens where it is not there."""
    _storage().delete(_key(sha256))


def find_damage(hashes: Iterator[str] | list[str]) -> list[DamagedFile]:
    """Check every named file and return what is damaged or missing, for the regular check of the store."""
    found = []
    for sha256 in hashes:
        try:
            open_verified(sha256).close()
        except DamagedFile as damage:
            found.append(damage)
    return found


def _copy_checked(sha256: str, out: IO[bytes]) -> None:
    digest = hashlib.sha256()
    try:
        with _storage().open(_key(sha256), "rb") as stored:
            for chunk in _chunks(stored):
                digest.update(chunk)
                out.write(chunk)
    except FileNotFoundError as error:
        raise DamagedFile(sha256, "missing") from error
    except OSError as error:
        raise DamagedFile(sha256, f"unreadable ({error.strerror or 'read error'})") from error
    if digest.hexdigest() != sha256:
        raise DamagedFile(sha256, "damaged: its bytes are not those that were stored")


def _is_whole(sha256: str) -> bool:
    """Storing bytes again heals a damaged copy, so existence alone is not enough."""
    if not _storage().exists(_key(sha256)):
        return False
    try:
        open_verified(sha256).close()
    except DamagedFile:
        return False
    return True


def _chunks(content: bytes | Readable) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(_CHUNK):
        yield chunk


def _storage() -> Storage:
    return storages["files"]


def _key(sha256: str) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise DamagedFile(sha256, "not named by a SHA-256")
    return f"{sha256[:2]}/{sha256}"
