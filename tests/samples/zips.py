"""ZIP archives for batches: right, hostile, or wrong in one chosen place."""

import io
import struct
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

from certification.batches.result_zip import ResultZip
from tests.samples.signing_requests import device


def zip_of(files: Mapping[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive as Python's zipfile writes it, but without the time: the same files give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type, entry.external_attr = compression, 0o600 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def streamed_zip(files: Mapping[str, bytes]) -> bytes:
    """As written to a pipe: sizes follow the data, and every entry says that it may need ZIP64."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.parts: list[bytes] = []

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.parts.append(bytes(data))  # type: ignore[call-overload]
            return len(self.parts[-1])

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            with archive.open(name, "w", force_zip64=True) as entry:
                entry.write(content)
    return b"".join(pipe.parts)


def with_attributes(name: str, mode: int) -> bytes:
    """An archive with one entry of this Unix mode, beside a right one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.create_system = 3
        entry.external_attr = mode << 16
        archive.writestr(entry, b"/etc/passwd")
        archive.writestr("right.csr", b"x")
    return out.getvalue()


def patched_central(content: bytes, offset: int, value: bytes) -> bytes:
    """The archive with some octets of its first central header changed; offset counts from the signature."""
    place = content.index(b"PK\x01\x02") + offset
    return content[:place] + value + content[place + len(value) :]


def overlapping() -> bytes:
    """A file whose stored octets are themselves a second entry, local header and all: an archive bomb's trick."""
    inner = zip_of({"b.csr": b"0" * 1000})
    inner_local = inner[: inner.index(b"PK\x01\x02")]
    outer = zip_of({"a.csr": inner_local, "b.csr": b"0" * 1000}, compression=zipfile.ZIP_STORED)
    start = outer.index(b"PK\x01\x02")
    second = outer.index(b"PK\x01\x02", start + 4)
    method = inner[inner.index(b"PK\x01\x02") :][10:28]
    place = struct.pack("<L", 30 + len("a.csr"))
    patched = outer[second : second + 10] + method + outer[second + 28 : second + 42] + place
    return outer[:second] + patched + outer[second + 46 :]


def many_entries(count: int) -> bytes:
    """As many empty files, written fast."""
    out = io.BytesIO()
    archive = ResultZip(out, made_at=datetime(2026, 11, 22, tzinfo=UTC))
    for number in range(count):
        archive.add(f"{number}.csr", b"")
    archive.close()
    return out.getvalue()


def device_requests(count: int, *, first: int = 0x90B3D51F30010000) -> dict[str, bytes]:
    """Requests of as many devices, by file name."""
    return {
        f"device-{first + number:016X}.csr": device(eui64=(first + number).to_bytes(8, "big")).make()
        for number in range(count)
    }
