"""DOCX and ODT are ZIP archives: opened here with limits, so that no archive can unpack into a bomb."""

import io
import zipfile
import zlib
from dataclasses import dataclass

from smki_pma.files.refusals import RefusedFile, refuse_broken

MAX_ENTRIES = 5_000
MAX_UNPACKED = 400 * 1024 * 1024
MAX_PART = 64 * 1024 * 1024
MAX_RATIO = 200
_RATIO_MATTERS_ABOVE = 10 * 1024 * 1024

_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True)
class Archive:
    """An opened archive whose sizes have been checked."""

    title: str
    zip: zipfile.ZipFile
    names: frozenset[str]

    def part(self, name: str) -> bytes:
        """The bytes of one part; raises RefusedFile where it is missing, broken, locked or too big."""
        try:
            info = self.zip.getinfo(name)
        except KeyError:
            raise refuse_broken(self.title) from None
        if info.file_size > MAX_PART:
            raise RefusedFile(f"The text inside this {self.title} is too large to read. Split the document.")
        if info.flag_bits & 0x1:
            raise refuse_locked(self.title)
        try:
            return self.zip.read(info)
        except (*_BROKEN, RuntimeError):
            raise refuse_broken(self.title) from None


def refuse_locked(title: str) -> RefusedFile:
    """The refusal of a file that needs a password."""
    return RefusedFile(f"The {title} is protected by a password. Remove the password and upload it again.")


def open_archive(data: bytes, title: str) -> Archive:
    """Open a ZIP archive held in memory; raises RefusedFile for a broken one and for a bomb."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (*_BROKEN, RuntimeError, OverflowError, IndexError):
        raise refuse_broken(title) from None
    names = [entry.filename for entry in entries]
    _check_sizes(entries, packed=len(data))
    if len(names) != len(set(names)) or not names:
        raise refuse_broken(title)
    return Archive(title=title, zip=archive, names=frozenset(names))


def _check_sizes(entries: list[zipfile.ZipInfo], *, packed: int) -> None:
    """Sizes are those that the archive declares; zipfile never unpacks more than declared."""
    unpacked = sum(entry.file_size for entry in entries)
    is_bomb = unpacked > _RATIO_MATTERS_ABOVE and unpacked > packed * MAX_RATIO
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or is_bomb:
        raise RefusedFile(
            "The file would unpack to far more than its size, as an archive bomb does. "
            "Export the document again from your word processor."
        )
