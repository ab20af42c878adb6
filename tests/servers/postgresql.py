"""A PostgreSQL cluster of the tests' own. It refuses to run as root, so root hands it to another user."""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

# Lost on a power cut, and nobody minds: the cluster lives for one run.
# Without autovacuum: it finds the tables of tests empty between two of them, and what it notes then makes the server
# plan for one row where there are hundreds.
FAST = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
]
DURABLE = ["max_connections=200"]


def start(*, durable: bool = False) -> str:
    """Start a cluster, stop and remove it when this process ends, and give the URL of its database.

    durable: with PostgreSQL's own settings for durability, for benches; otherwise fast.
    """
    folder = Path(tempfile.mkdtemp(prefix="smki-postgresql-"))
    command = _programs() / "initdb"
    _give_to_server_user(folder)
    _run([command, "-D", folder / "data", "-U", "smki", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"])
    # By a socket alone, as on one machine one should: no port to find, and less work for each statement.
    options = ["listen_addresses=", f"unix_socket_directories={folder}"]
    options += DURABLE if durable else FAST
    server = subprocess.Popen(
        [*_as_server_user(), _programs() / "postgres", "-D", folder / "data", *(f"--{o}" for o in options)],
        stdout=(folder / "log").open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    owner = os.getpid()
    atexit.register(lambda: _stop(server, folder) if os.getpid() == owner else None)
    _wait_until_ready(server, folder)
    _run([_programs() / "createdb", "-h", folder, "-U", "smki", "smki"])
    return f"postgresql://smki@{quote(str(folder), safe='')}/smki"


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1]


def _as_server_user() -> list[str]:
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []


def _give_to_server_user(folder: Path) -> None:
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)


def _run(command: list[str | Path]) -> None:
    done = subprocess.run([*_as_server_user(), *command], capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 60
    ready = [str(_programs() / "pg_isready"), "-q", "-h", str(folder), "-U", "smki"]
    while subprocess.run(ready).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.1)


def _stop(server: subprocess.Popen[bytes], folder: Path) -> None:
    server.send_signal(signal.SIGINT)  # fast shutdown: does not wait for clients
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
    shutil.rmtree(folder, ignore_errors=True)
