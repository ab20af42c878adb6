"""python -m smki_pma.deploy.supervise: web, workers and scheduler under this one process.

For the embedded default. In production systemd does this; see the units beside this file.
"""

import contextlib
import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

from smki_pma.deploy import front, secret_files

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
STOP_SECONDS = 10
QUICK_DEATH_SECONDS = 10
QUICK_DEATHS = 3
LARGEST_LOG = 20_000_000
PR_SET_PDEATHSIG = 1


class CannotRun(SystemExit):
    """The message is one line that says what to put right."""


@dataclass
class Process:
    """One of the processes: how it is called, its command, its own environment."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    running: subprocess.Popen[bytes] | None = None
    started: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.started.append(time.monotonic())
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def has_ended(self) -> bool:
        return self.running is not None and self.running.poll() is not None

    def dies_at_once(self) -> bool:
        recent = self.started[-QUICK_DEATHS:]
        return (
            len(recent) == QUICK_DEATHS and time.monotonic() - recent[0] < QUICK_DEATHS * QUICK_DEATH_SECONDS
        )

    def signal(self, number: int) -> None:
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, number)


def _die_with_parent() -> None:
    # A killed supervisor must not leave a worker behind that holds keys.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    if os.environ.get("SMKI_PROFILE", "embedded") != "embedded":
        raise CannotRun("make run starts the embedded default; unset SMKI_PROFILE, or see docs/runbook.md.")
    port = _port("PORT", "8000")
    front_port = _port("FRONT", "0")
    data_dir = Path(os.environ.get("SMKI_DATA_DIR") or ROOT / "var").resolve()
    os.umask(0o077)
    _check_writable(data_dir)
    lock = _lock(data_dir)
    _check_free(port)
    secret_files.ensure(data_dir)
    _bring_up_data(data_dir)
    all_processes = processes(port, data_dir, front_port)
    run(all_processes, lambda: _announce(port, data_dir, front_port))
    lock.close()


def _port(name: str, otherwise: str) -> int:
    text = os.environ.get(name) or otherwise
    if text != otherwise and (not text.isdecimal() or not 0 < int(text) < 65536):
        raise CannotRun(f"{name}={text} is no port number: give one from 1 to 65535.")
    return int(text)


def _host() -> str:
    return os.environ.get("HOST") or "127.0.0.1"


def _check_writable(data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = data_dir / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotRun(f"The data folder {data_dir} cannot be written: {error.strerror}.") from None


def _lock(data_dir: Path) -> IO[str]:
    lock = (data_dir / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotRun(f"Another make run works on {data_dir}: stop it, or set SMKI_DATA_DIR.") from None
    return lock


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_host(), port))
        except OSError as error:
            raise CannotRun(
                f"Port {port} cannot be used ({error.strerror}): choose another, for example make run PORT={port + 1}"
            ) from None


def _bring_up_data(data_dir: Path) -> None:
    everything = secret_files.OF_ALL + secret_files.OF_WORKER
    _run_with_data(data_dir, everything, "-m", "smki_pma.deploy.data")


def _run_with_data(data_dir: Path, may_know: tuple[str, ...], *arguments: str) -> None:
    environment = _environment(data_dir, "command", may_know)
    done = subprocess.run(
        [PYTHON, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        log = _log(data_dir, "start")
        log.write_text(done.stdout + done.stderr)
        raise CannotRun(
            f"The data could not be brought up to this release: {_last_line(log)} (all of it: {log})"
        )


def _log(data_dir: Path, name: str) -> Path:
    folder = data_dir / "log"
    folder.mkdir(exist_ok=True)
    log = folder / f"{name}.log"
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(folder / f"{name}.log.1")
    return log


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "it said nothing"


def processes(port: int, data_dir: Path, front_port: int = 0) -> list[Process]:
    """Web, worker, the worker of batches and scheduler, each with the secrets that it may know."""
    # Celery warns of root on every start; whoever runs make run as root has seen it themselves.
    worker = [PYTHON, "-W", "ignore:You're running the worker", "-m", "smki_pma.deploy.worker"]
    address = ["--bind", f"{_host()}:{port}", "--pid", str(data_dir / "web.pid")]
    settings = ["--config", "python:smki_pma.deploy.gunicorn"]
    web = [PYTHON, "-m", "gunicorn", "smki_pma.wsgi", *settings, *address]
    both = secret_files.OF_ALL + secret_files.OF_WORKER
    public = {"SMKI_PUBLIC_URL": os.environ.get("SMKI_PUBLIC_URL") or f"http://localhost:{port}"}
    public |= _front_settings(data_dir, front_port)

    def process(name: str, command: list[str], may_know: tuple[str, ...], **more: str) -> Process:
        environment = public | _environment(data_dir, name, may_know) | more
        return Process(name, command, environment, _log(data_dir, name))

    return [
        process("web", [*web, *_front_address(data_dir, front_port)], secret_files.OF_ALL),
        process("worker", [*worker, "urgent,normal"], both),
        process(
            "batch",
            [*worker, "batch"],
            both,
            SMKI_PROCESS="worker",
            SMKI_WORKER_NAME="embedded-batch",
        ),
        process("scheduler", [PYTHON, "-m", "smki_pma.scheduler"], secret_files.OF_ALL),
        *_front_process(data_dir, front_port),
    ]


def _front_address(data_dir: Path, port: int) -> list[str]:
    return ["--bind", f"unix:{front.socket(data_dir)}"] if port else []


def _front_settings(data_dir: Path, port: int) -> dict[str, str]:
    """The web believes client certificates on the front's socket alone; without a front, nowhere."""
    if not port:
        return {"SMKI_FRONT_SOCKET": "", "SMKI_INTERFACE_URL": ""}
    return {
        "SMKI_FRONT_SOCKET": str(front.socket(data_dir)),
        "SMKI_INTERFACE_URL": f"https://localhost:{port}",
    }


def _front_process(data_dir: Path, port: int) -> list[Process]:
    if not port:
        return []
    _check_free(port)
    try:
        command = front.write_configuration(data_dir, port)
    except front.NoNginx as error:
        raise CannotRun(str(error)) from None
    _run_with_data(data_dir, secret_files.OF_ALL + secret_files.OF_WORKER, "manage.py", "prepare_local_front")
    return [Process("front", command, _environment(data_dir, "front", ()), _log(data_dir, "front"))]


def _environment(data_dir: Path, process: str, secret_names: tuple[str, ...]) -> dict[str, str]:
    # Emptied, not left out: the caller's own environment must not reach a process that may not know it.
    emptied = {name.upper(): "" for name in secret_files.OF_ALL + secret_files.OF_WORKER}
    emptied |= {"SMKI_SECRETS_DIR": "", "CREDENTIALS_DIRECTORY": ""}
    named = {
        "SMKI_PROCESS": process,
        "SMKI_DATA_DIR": str(data_dir),
        "SMKI_WORKER_NAME": "embedded",
        "DJANGO_SETTINGS_MODULE": "smki_pma.settings",
    }
    return emptied | named | secret_files.read(data_dir, secret_names)


def run(all_processes: list[Process], when_up: Callable[[], bool]) -> None:
    """Start them, start again the one that ends, and stop them all on SIGINT, SIGTERM or a lasting fault."""
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    fault = ""
    for process in all_processes:
        process.start()
    announced = False
    while not stopping and not fault:
        time.sleep(0.1)
        announced = announced or when_up()
        fault = _restart_ended(all_processes)
    _stop(all_processes)
    if fault:
        raise CannotRun(fault)


def _restart_ended(all_processes: list[Process]) -> str:
    for process in all_processes:
        if process.has_ended():
            if process.dies_at_once():
                said = f"{_last_line(process.log)} (all of it: {process.log})"
                return f"The {process.name} process ends again and again: {said}"
            process.start()
    return ""


def _stop(all_processes: list[Process]) -> None:
    for process in all_processes:
        if process.running is not None and process.running.poll() is None:
            process.running.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline and not all(p.has_ended() for p in all_processes):
        time.sleep(0.05)
    for process in all_processes:
        process.signal(signal.SIGKILL)


def _announce(port: int, data_dir: Path, front_port: int = 0) -> bool:
    try:
        with urllib.request.urlopen(f"http://{_host()}:{port}/livez", timeout=2):
            pass
    except (urllib.error.URLError, OSError):
        return False
    print(
        f"SMKI PMA is at http://localhost:{port}/\n"
        f"Sign in: open http://localhost:{port}/accounts/login/ and choose a person of the sample community.\n"
        f"{front.how_to_try(data_dir, front_port) if front_port else ''}"
        f"Stop with Ctrl-C. Everything is kept in {data_dir} for the next run; the log is in its log folder.",
        flush=True,
    )
    return True


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
