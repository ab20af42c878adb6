"""The whole system as make run starts it: gunicorn, worker and scheduler on a folder of its own."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smki_pma.deploy import secret_files
from tests.clock import SetClock
from tests.servers import processes
from tests.servers.ports import free_port


@dataclass(frozen=True)
class Site:
    """A running system.

    clock: moves it. data_dir: where it keeps everything. log: what its supervisor wrote; what the
    processes wrote stands in data_dir / "log". settings: what its environment says beyond the default.
    """

    url: str
    data_dir: Path
    clock: SetClock
    log: Path
    supervisor: "subprocess.Popen[bytes]"
    settings: dict[str, str]

    def manage(self, *arguments: str) -> str:
        """Run a management command on this system's data; its output."""
        return processes.manage(_environment(self.data_dir, self.clock) | self.settings, *arguments)

    def kill(self, process: str) -> None:
        """SIGKILL the "web", "worker", "batch" worker or "scheduler"; the supervisor starts it again."""
        for pid in self.pids(process):
            os.kill(pid, signal.SIGKILL)

    def pids(self, process: str) -> list[int]:
        """The supervisor's child of this name, if it runs."""
        word = {
            "web": b"gunicorn",
            "worker": b"urgent,normal",
            "batch": b"batch",
            "scheduler": b"smki_pma.scheduler",
        }[process]
        children = processes.children_of(self.supervisor.pid)
        return [pid for pid in children if word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]


def prepare(folder: Path, **settings: str) -> None:
    """Fill a folder as the first make run does: secrets, database, static files, sample community."""
    secret_files.ensure(folder)
    environment = _environment(folder, SetClock(folder / "clock")) | settings
    done = subprocess.run(
        [sys.executable, "-m", "smki_pma.deploy.data"],
        cwd=processes.ROOT,
        env=processes.plain_environment() | environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"preparing the data failed:\n{done.stdout}{done.stderr}")


def prepare_once(shared: Path) -> Path:
    """The folder of a first start under `shared`, prepared by the first process that asks; not to be changed."""
    folder, done = shared / "prepared", shared / "prepared.done"
    with (shared / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            prepare(folder)
            done.touch()
    return folder


@contextmanager
def running(prepared: Path, folder: Path, clock: SetClock, **settings: str) -> Iterator[Site]:
    """A system on a copy of a prepared folder, or on that folder itself."""
    if folder != prepared:
        shutil.copytree(prepared, folder, dirs_exist_ok=True)
    port = free_port()
    environment = processes.plain_environment() | _environment(folder, clock) | settings | {"PORT": str(port)}
    log = folder / "supervisor.log"
    with log.open("wb") as opened:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "smki_pma.deploy.supervise"],
            cwd=processes.ROOT,
            env=environment,
            stdout=opened,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        url = f"http://localhost:{port}"
        processes.wait_until(lambda: _answers(supervisor, url, log), seconds=90, what="the system is up")
        yield Site(url, folder, clock, log, supervisor, settings)
    finally:
        # Its children die with it, and nobody waits for a graceful end: test_supervise has that.
        supervisor.kill()
        supervisor.wait()


def _environment(folder: Path, clock: SetClock) -> dict[str, str]:
    return {
        "SMKI_PROFILE": "embedded",
        "SMKI_DATA_DIR": str(folder),
        "SMKI_CLOCK_FILE": str(clock.file),
        "DJANGO_SETTINGS_MODULE": "smki_pma.settings",
    }


def _answers(supervisor: "subprocess.Popen[bytes]", url: str, log: Path) -> bool:
    if supervisor.poll() is not None:
        raise RuntimeError(f"the system did not start:\n{log.read_text()[-4000:]}")
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
