"""Our engine's chunks against django-ca's create_cert(): the same database, the same run, one process each.

The peer has a virtual environment of its own under build/, made on the first run. It checks no proof of
possession, reserves no key, keeps no intent and no log; ours does all of it. The ratio is ours to its.
"""

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import _one_process, _requests
from tests.servers import postgresql

PEER = "django-ca[postgres]==3.2.0"
COUNT = int(os.environ.get("PEER_COUNT", "1500"))
OURS = int(os.environ.get("OURS_COUNT", "10000"))
ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "django-ca"


def measure() -> Iterator[dict[str, Any]]:
    """The lines of this bench."""
    python = _environment()
    for name in ("SQLite", "PostgreSQL"):
        theirs = _theirs(python, _url(name))
        ours = _ours(_url(name))
        yield {
            "bench": f"django_ca, {name}: create_cert",
            "value": round(theirs),
            "unit": "certificates/s",
            "ratio": 1.0,
        }
        yield {
            "bench": f"django_ca, {name}: our chunks, one process",
            "value": round(ours),
            "unit": "certificates/s",
            "ratio": round(ours / theirs, 1),
        }


def _url(name: str) -> str:
    return postgresql.start(durable=True) if name == "PostgreSQL" else ""


def _environment() -> Path:
    python = FOLDER / "bin" / "python"
    if not python.exists():
        venv.create(FOLDER, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True, capture_output=True)
    return python


def _theirs(python: Path, url: str) -> float:
    with tempfile.TemporaryDirectory(prefix="smki-bench-") as folder:
        file = Path(folder) / "requests"
        all_of_them = [_requests.csr() for _ in range(COUNT)]
        file.write_bytes(b"".join(len(each).to_bytes(2) + each for each in all_of_them))
        peer = Path(__file__).with_name("_django_ca_peer.py")
        # -P: this folder holds a module of the peer's name.
        command = [python, "-P", peer, folder, url, file]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
        if done.returncode:
            sys.stderr.write(done.stderr[-3000:])
            raise RuntimeError("the peer failed")
        return float(done.stdout.splitlines()[-1])


def _ours(url: str) -> float:
    taken = _one_process.seconds(OURS, url)
    return taken["issued"] / taken["issue"]
