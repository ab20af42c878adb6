"""An installation for benches: all its processes as the units or make run start them, and its memory."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from smki_pma.deploy import secret_files
from tests.bench import _requests
from tests.servers import postgresql, processes, redis
from tests.servers.ports import free_port
from tests.servers.processes import Process

PASSPHRASE = "a passphrase of the bench only"

# Run by manage.py shell as a worker: Authorities and a subscriber.
PREPARE = """
from tests.samples.certification import certification, make_authorities
them = certification()
make_authorities(them.operator, them.second_operator)
print(them.subscriber.pk, them.officer.pk)
"""

HAND_IN = """
from pathlib import Path
from uuid import UUID, uuid4
from certification.batches.services import hand_in_batch
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role
party, person = {party!r}, {person!r}
by = acting_as(Person.objects.get(pk=person), Role.PARTY_OFFICER, clause="L3.4", party_id=UUID(party))
with Path({file!r}).open("rb") as opened:
    named = {{"file_name": "bench.zip", "submission_key": uuid4(), "by": by}}
    batch = hand_in_batch(party_id=UUID(party), content=opened, **named)
print(batch.uid)
"""


@dataclass
class Installation:
    """A running system. environment: of a command in it. workers: how many processes issue batches."""

    folder: Path
    environment: dict[str, str]
    party: str
    person: str
    processes: list[Process] = field(default_factory=list)

    def hand_in(self, archive: Path) -> str:
        """Hand in a batch; its uid."""
        text = HAND_IN.format(party=self.party, person=self.person, file=str(archive))
        web = self.environment | {"SMKI_PROCESS": "web"}
        return processes.manage(web, "shell", "--no-imports", "-c", text).split()[-1]

    def ask(self, query: str, *parameters: Any) -> tuple[Any, ...]:
        """One row from the database; the query's places are %s."""
        if url := self.environment.get("SMKI_DATABASE_URL"):
            with psycopg.connect(url) as connection:
                row = connection.execute(query, parameters).fetchone()
        else:
            import sqlite3

            with closing(sqlite3.connect(self.folder / "smki.sqlite3", timeout=20)) as lite:
                row = lite.execute(query.replace("%s", "?"), parameters).fetchone()
        if row is None:
            raise RuntimeError(f"no row: {query}")
        return tuple(row)

    def memory(self) -> float:
        """PSS of all our processes together, in MB: what they share counts once."""
        return sum(_pss(pid) for each in self.processes if each.running for pid in _group(each.running.pid))

    def seconds_of(self, uid: str, *, largest_memory: list[float], limit: float = 600) -> float:
        """From the batch's receipt by the portal until its results can be fetched, watching the memory."""
        key = uid if "SMKI_DATABASE_URL" in self.environment else uid.replace("-", "")
        state, deadline = "", time.monotonic() + limit
        while state != "completed":
            (state,) = self.ask("SELECT state FROM batches_batch WHERE uid = %s", key)
            # Reading a process's memory holds it up, so it is not asked often.
            largest_memory.append(self.memory())
            if state in ("rejected", "paused", "tampered") or time.monotonic() > deadline:
                logs = "".join(log.read_text()[-2000:] for log in self.folder.glob("*.log"))
                raise RuntimeError(f"the batch is {state}: {logs}")
            time.sleep(2)
        return float(self.ask(SECONDS[bool(self.environment.get("SMKI_DATABASE_URL"))], key)[0])


SECONDS = {
    True: "SELECT extract(epoch FROM completed_at - submitted_at) FROM batches_batch WHERE uid = %s",
    False: "SELECT (julianday(completed_at) - julianday(submitted_at)) * 86400 FROM batches_batch WHERE uid = %s",
}


def _group(leader: int) -> list[int]:
    """Every process of a group."""
    found = subprocess.run(["pgrep", "-g", str(leader)], capture_output=True, text=True).stdout
    return [int(pid) for pid in found.split()]


def _pss(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0)


@contextmanager
def production(folder: Path, *, workers: int = 2) -> Iterator[Installation]:
    """On PostgreSQL with its own durability and Redis."""
    base = processes.production(
        folder,
        database_url=postgresql.start(durable=True),
        redis_url=redis.start(),
        **_requests.SETTINGS,
    )
    keys = {"SMKI_CA_PASSPHRASE": PASSPHRASE, "SMKI_LEDGER_PASSPHRASE": PASSPHRASE, "SMKI_PROCESS": "worker"}
    keys |= {"SMKI_WORKER_THREADS": "2", "SMKI_BATCH_WORKERS": str(workers)}
    with _running(folder, base, keys, ("urgent", "normal", "batch")) as installation:
        yield installation


@contextmanager
def embedded(folder: Path, *, workers: int = 2) -> Iterator[Installation]:
    """As make run has it: SQLite, synchronous=FULL, and wake-up calls through a folder."""
    secret_files.ensure(folder)
    shared = secret_files.read(folder, secret_files.OF_ALL)
    guarded = {"SMKI_SAMPLE_COMMUNITY": "false", "SMKI_MFA_REQUIRED": "true"}
    base = processes.embedded(folder, **guarded, **_requests.SETTINGS) | shared
    keys = secret_files.read(folder, secret_files.OF_WORKER) | {"SMKI_PROCESS": "worker"}
    keys |= {"SMKI_BATCH_WORKERS": str(workers)}
    with _running(folder, base, keys, ("urgent,normal", "batch")) as installation:
        yield installation


@contextmanager
def _running(
    folder: Path, base: dict[str, str], keys: dict[str, str], workers: tuple[str, ...]
) -> Iterator[Installation]:
    processes.manage(base, "migrate", "--verbosity", "0")
    party, person = processes.manage(base | keys, "shell", "--no-imports", "-c", PREPARE).split()[-2:]
    web = ["-m", "gunicorn", "smki_pma.wsgi", "--config", "python:smki_pma.deploy.gunicorn"]
    started = [
        Process(
            [*web, "--bind", f"127.0.0.1:{free_port()}"], base | {"SMKI_PROCESS": "web"}, folder / "web.log"
        ),
        Process(["-m", "smki_pma.scheduler"], base | {"SMKI_PROCESS": "scheduler"}, folder / "scheduler.log"),
    ]
    for lanes in workers:
        environment = base | keys | {"SMKI_WORKER_NAME": lanes}
        started.append(Process(["-m", "smki_pma.deploy.worker", lanes], environment, folder / f"{lanes}.log"))
    with processes.killed_at_end(started):
        for each in started:
            each.start()
        time.sleep(8)  # nothing tells when workers are warm
        yield Installation(folder, base, party, person, started)
