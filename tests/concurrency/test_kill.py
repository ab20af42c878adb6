"""A job accepted is done exactly once in effect, whichever process is killed at whichever moment."""

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.servers import postgresql, processes, redis
from tests.servers.processes import Process

JOBS = 300
KILLS = 12
PROBE = {"DJANGO_SETTINGS_MODULE": "tests.probe.settings"}
WORKER = ["-m", "smki_pma.deploy.worker"]


def worker(environment: dict[str, str], name: str, folder: Path, lanes: str = "urgent,normal") -> Process:
    environment = environment | {"SMKI_WORKER_NAME": name}
    return Process([*WORKER, lanes], environment, folder / f"{name}.log")


def embedded(folder: Path) -> tuple[dict[str, str], list[Process]]:
    environment = processes.embedded(folder, **PROBE, PROBE_SECONDS="0.05")
    return environment, [worker(environment, "embedded", folder)]


def production(folder: Path) -> tuple[dict[str, str], list[Process]]:
    environment = processes.production(
        folder,
        database_url=postgresql.start(durable=True),
        redis_url=redis.start(),
        **PROBE,
        PROBE_SECONDS="0.2",
        PROBE_LANE="batch",
    )
    # Somebody must take the ticks; the work is for pools of processes.
    pools = [worker(environment, name, folder, "batch") for name in ("first", "second")]
    return environment, [worker(environment, "ticks", folder, "urgent"), *pools]


@pytest.mark.slow
@pytest.mark.parametrize("installation", [embedded, production])
def test_exactly_once_in_effect(
    installation: Callable[[Path], tuple[dict[str, str], list[Process]]], tmp_path: Path
) -> None:
    environment, workers = installation(tmp_path)
    processes.manage(environment, "migrate", "--run-syncdb", "--verbosity", "0")
    causing = Process(["manage.py", "cause_jobs", str(JOBS)], environment, tmp_path / "causing")
    everything = [*workers, causing, Process(["-m", "smki_pma.scheduler"], environment, tmp_path / "beat")]
    with processes.killed_at_end(everything):
        for process in everything:
            process.start()
        kill_at_random(environment, everything)
        processes.wait_until(lambda: all_done(environment), seconds=300, what="every job is done")
    assert ask(environment, DIFFERENT_EFFECTS) == JOBS
    assert ask(environment, EFFECTS) == JOBS
    assert ask(environment, INTERRUPTED) > 0, "no kill fell into a job: the test proved nothing"


def kill_at_random(environment: dict[str, str], everything: list[Process]) -> None:
    moments = random.Random(20261122)
    for _ in range(KILLS):
        processes.wait_until(lambda: ask(environment, RUNNING) > 0, seconds=60, what="a job is running")
        time.sleep(moments.uniform(0, 0.5))
        victim = moments.choice(everything)
        victim.kill()
        victim.start()


RUNNING = "SELECT count(*) FROM jobs_job WHERE kind = 'probe.effect' AND state = 'running'"
NOT_DONE = "SELECT count(*) FROM jobs_job WHERE kind = 'probe.effect' AND state <> 'done'"
CAUSES = "SELECT count(*) FROM probe_cause"
INTERRUPTED = "SELECT count(*) FROM jobs_job WHERE kind = 'probe.effect' AND attempts > 1"
EFFECTS = "SELECT count(*) FROM probe_effect"
DIFFERENT_EFFECTS = "SELECT count(DISTINCT number) FROM probe_effect"


def ask(environment: dict[str, str], query: str) -> int:
    """A number from the installation's database."""
    if url := environment.get("SMKI_DATABASE_URL"):
        with psycopg.connect(url) as connection:
            row = connection.execute(query).fetchone()
    else:
        file = Path(environment["SMKI_DATA_DIR"]) / "smki.sqlite3"
        with closing(sqlite3.connect(file, timeout=20)) as lite:
            row = lite.execute(query).fetchone()
    return int(row[0]) if row else 0


def all_done(environment: dict[str, str]) -> bool:
    return ask(environment, CAUSES) == JOBS and ask(environment, NOT_DONE) == 0
