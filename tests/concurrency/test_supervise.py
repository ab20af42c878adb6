"""make run: one process above web, worker and scheduler."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.clock import SetClock
from tests.servers import processes, site
from tests.servers.ports import free_port
from tests.servers.site import Site


def supervise(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start it where it must refuse; what it says."""
    return subprocess.run(
        [sys.executable, "-m", "smki_pma.deploy.supervise"],
        cwd=processes.ROOT,
        env=processes.plain_environment() | {"SMKI_DATA_DIR": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def assert_one_clear_line(done: subprocess.CompletedProcess[str], says: str) -> None:
    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_taken_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert_one_clear_line(supervise(tmp_path, PORT=port), f"Port {port} cannot be used")


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1"])
def test_port_that_is_none(tmp_path: Path, port: str) -> None:
    assert_one_clear_line(supervise(tmp_path, PORT=port), "is no port number")


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_one_clear_line(supervise(tmp_path / "file" / "var"), "cannot be written")


def test_production_is_not_started_this_way(tmp_path: Path) -> None:
    assert_one_clear_line(supervise(tmp_path, SMKI_PROFILE="production"), "unset SMKI_PROFILE")


def test_broken_data_is_one_line_and_a_log(tmp_path: Path) -> None:
    (tmp_path / "smki.sqlite3").write_text("this is no database " * 100)
    done = supervise(tmp_path, PORT=str(free_port()))
    assert_one_clear_line(done, "could not be brought up to this release")
    assert "Traceback" in (tmp_path / "log" / "start.log").read_text()


def test_life_of_an_installation(prepared: Path, tmp_path: Path) -> None:
    """Up; refused a second time; each killed process comes back; stopped by Ctrl-C; up again with its data."""
    with site.running(prepared, tmp_path, SetClock(tmp_path / "clock")) as running:
        assert_one_clear_line(supervise(tmp_path, PORT=str(free_port())), "Another make run works on")
        for name in ("worker", "batch", "scheduler", "web"):
            come_back_after_kill(running, name)
        assert_passphrases_are_the_workers_alone(running)
        pids = processes.children_of(running.supervisor.pid)
        os.kill(running.supervisor.pid, signal.SIGINT)
        assert running.supervisor.wait(timeout=30) == 0
        assert [pid for pid in pids if not is_gone(pid)] == []
    people = running.manage("shell", "--no-imports", "-c", PEOPLE)
    with site.running(tmp_path, tmp_path, SetClock(tmp_path / "clock")) as again:
        assert again.manage("shell", "--no-imports", "-c", PEOPLE) == people
        assert int(people) > 10


PEOPLE = "from smki_pma.parties.models import Person; print(Person.objects.count())"


def come_back_after_kill(running: Site, name: str) -> None:
    before = running.pids(name)
    running.kill(name)
    processes.wait_until(
        lambda: len(running.pids(name)) == 1 and running.pids(name) != before,
        seconds=30,
        what=f"{name} again",
    )
    processes.wait_until(lambda: answers(running.url), seconds=60, what="the web answers")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/livez", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def assert_passphrases_are_the_workers_alone(running: Site) -> None:
    secret = (running.data_dir / "secrets" / "smki_ca_passphrase").read_bytes()
    knows = {}
    for name in ("web", "worker", "batch", "scheduler"):
        (pid,) = running.pids(name)
        knows[name] = secret in Path(f"/proc/{pid}/environ").read_bytes()
    assert knows == {"web": False, "worker": True, "batch": True, "scheduler": False}


def test_nothing_survives_a_killed_supervisor(prepared: Path, tmp_path: Path) -> None:
    port = free_port()
    with site.running(prepared, tmp_path, SetClock(tmp_path / "clock"), FRONT=str(port)) as running:
        pids = processes.children_of(running.supervisor.pid)
        processes.wait_until(lambda: hears(port), seconds=20, what="the front hears")
        running.supervisor.kill()
        running.supervisor.wait()
        processes.wait_until(lambda: all(is_gone(p) for p in pids), seconds=20, what="the children end")
        assert not hears(port)


def hears(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
