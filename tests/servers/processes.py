"""Processes of the system, started as supervisors do it and killed as machines do it."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """One process in a group of its own."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.command = [sys.executable, *command]
        self.environment = environment
        self.log = log
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=plain_environment() | self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL to the whole group: nothing gets to say goodbye."""
        if self.running is not None and self.running.poll() is None:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()


def plain_environment() -> dict[str, str]:
    """This process's environment without what it says of the system: the test says that itself."""
    ours = ("SMKI_", "DJANGO_", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def embedded(data_dir: Path, **more: str) -> dict[str, str]:
    """The environment of an embedded installation under this folder."""
    return {
        "SMKI_PROFILE": "embedded",
        "SMKI_DATA_DIR": str(data_dir),
        "SMKI_SECRET_KEY": secrets.token_urlsafe(48),
        **more,
    }


def production(data_dir: Path, *, database_url: str, redis_url: str, **more: str) -> dict[str, str]:
    """The environment of a production installation that may start."""
    return {
        "SMKI_PROFILE": "production",
        "SMKI_DATA_DIR": str(data_dir),
        "SMKI_SECRET_KEY": secrets.token_urlsafe(48),
        "SMKI_DATABASE_URL": database_url,
        "SMKI_BROKER_URL": redis_url,
        "SMKI_CACHE_URL": redis_url,
        "SMKI_PUBLIC_URL": "https://smki-pma.example",
        "SMKI_ALLOWED_HOSTS": "smki-pma.example",
        "SMKI_SAMPLE_COMMUNITY": "false",
        "SMKI_MFA_REQUIRED": "true",
        **more,
    }


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a management command to its end; its output. Raises RuntimeError with it where it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=plain_environment() | environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def children_of(parent: int) -> list[int]:
    """The processes that a process has started; /proc's own list of them misses some while others end."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return sorted(found)


def wait_until(true: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Look again and again; AssertionError with `what` where it does not come true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.1)


@contextmanager
def killed_at_end(processes: list[Process]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.kill()
