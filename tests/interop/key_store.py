"""The certificates that DCC publishes for its emulator (npm @smartdcc/dccboxed-keystore), fetched when asked for.

The package is under the GPL, so nothing of it is in this repository: it is fetched once into build/, held to its
SHA-512, and only the Certificates are read.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "@smartdcc/dccboxed-keystore@0.4.2"
SHA512 = (
    "b811c10e1c946eae9341c7782d7fb5230f36a718a0617bd9bc3ed54911a6b471"
    "bf16e36c5942104d1f08aa4394a951e9f72cf69ae5d2386b5d80518b3307238c"
)
FOLDER = Path(__file__).resolve().parents[2] / "build" / "key-store"


class NotFetched(Exception):
    """The package is not here and cannot be had."""


@dataclass(frozen=True)
class Published:
    """One Certificate as DCC names it, with the role code that the package gives beside it."""

    name: str
    role: int
    eui64: str
    usage: str
    der: bytes


def published() -> list[Published]:
    """Every Certificate of the key store."""
    with tarfile.open(_fetch()) as archive:
        member = archive.extractfile("package/keystore.json")
        assert member is not None
        store = json.load(member)
    return [
        Published(entry["name"], entry["role"], eui64, usage, _read_pem(entry["certificate"]))
        for eui64, usages in store.items()
        for usage, entries in usages.items()
        for entry in entries.values()
    ]


def _read_pem(text: str) -> bytes:
    return base64.b64decode("".join(line for line in text.splitlines() if not line.startswith("-----")))


def _fetch() -> Path:
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / "key-store.tgz"
    if not kept.exists():
        if shutil.which("npm") is None:
            raise NotFetched("npm is not here")
        done = subprocess.run(
            ["npm", "pack", "--silent", PACKAGE], cwd=FOLDER, capture_output=True, text=True, timeout=60
        )
        if done.returncode:
            raise NotFetched(f"npm pack {PACKAGE} failed")
        (FOLDER / done.stdout.split()[-1]).replace(kept)
    if hashlib.sha512(kept.read_bytes()).hexdigest() != SHA512:
        kept.unlink()
        raise AssertionError(f"{PACKAGE} is not the package that was looked at.")
    return kept
