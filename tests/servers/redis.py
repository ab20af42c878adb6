"""A Redis server of the tests' own."""

import atexit
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.servers.ports import free_port


def start() -> str:
    """Start Redis without persistence, stop it when this process ends, and give its URL."""
    if shutil.which("redis-server") is None:
        raise RuntimeError("Redis is not installed: apt-get install redis-server")
    folder = Path(tempfile.mkdtemp(prefix="smki-redis-"))
    port = free_port()
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
        stdout=(folder / "log").open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    owner = os.getpid()
    atexit.register(lambda: _stop(server, folder) if os.getpid() == owner else None)
    _wait_until_ready(port)
    return f"redis://127.0.0.1:{port}/0"


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 30
    while (
        subprocess.run(["redis-cli", "-p", str(port), "ping"], capture_output=True).stdout.strip() != b"PONG"
    ):
        if time.monotonic() > deadline:
            raise RuntimeError("Redis did not start.")
        time.sleep(0.1)


def _stop(server: subprocess.Popen[bytes], folder: Path) -> None:
    server.kill()
    server.wait()
    shutil.rmtree(folder, ignore_errors=True)
