"""A job accepted is done exactly once in effect, whichever process is killed at whichever moment."""

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers import postgresql, processes, redis
from tests.servers.processes import Process

JOBS = 300
KILLS = 12
PROBE = {"DJANGO_SETTINGS_MODULE": "tests.probe.settings"}
CELERY = ["-m", "celery", "--app", "smki_pma", "--quiet"]
WORKER = [*CELERY, "worker", "--queues", "urgent,normal", "--loglevel", "WARNING"]
BEAT = [*CELERY, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile", "", "--loglevel", "WARNING"]


def embedded(folder: Path) -> tuple[dict[str, str], list[Process]]:
    environment = processes.embedded(folder, **PROBE)
    worker = [*WORKER, "--pool", "threads", "--concurrency", "4"]
    return environment, [Process(worker, environment | {"SMKI_WORKER_NAME": "embedded"}, folder / "log")]


def production(folder: Path) -> tuple[dict[str, str], list[Process]]:
    environment = processes.production(
        folder, database_url=postgresql.start(durable=True), redis_url=redis.start(), **PROBE
    )
    worker = [*WORKER, "--pool", "prefork", "--concurrency", "2"]
    names = ("first", "second")
    return environment, [Process(worker, environment | {"SMKI_WORKER_NAME": n}, folder / n) for n in names]


@pytest.mark.slow
@pytest.mark.parametrize("installation", [embedded, production])
def test_exactly_once_in_effect(
    installation: Callable[[Path], tuple[dict[str, str], list[Process]]], tmp_path: Path
) -> None:
    environment, workers = installation(tmp_path)
    processes.manage(environment, "migrate", "--run-syncdb", "--verbosity", "0")
    causing = Process(["manage.py", "cause_jobs", str(JOBS)], environment, tmp_path / "causing")
    everything = [*workers, causing, Process(BEAT, environment, tmp_path / "beat")]
    with processes.killed_at_end(everything):
        for process in everything:
            process.start()
        kill_at_random(everything)
        processes.wait_until(lambda: unfinished(environment) == 0, seconds=120, what=log(tmp_path))
    causes, effects = counts(environment)
    assert len(causes) == JOBS
    assert effects == Counter(causes)
    assert interrupted(environment), "no kill fell into a job: the test proved nothing"


def kill_at_random(everything: list[Process]) -> None:
    moments = random.Random(20261122)
    for _ in range(KILLS):
        time.sleep(moments.uniform(0.5, 3.0))
        victim = moments.choice(everything)
        victim.kill()
        victim.start()


def unfinished(environment: dict[str, str]) -> int:
    """Causes not yet written, and jobs not yet ended."""
    code = (
        "from smki_pma.jobs.models import Job; from tests.probe.models import Cause;"
        f"print({JOBS} - Cause.objects.count()"
        " + Job.objects.filter(kind='probe.effect').exclude(state='done').count())"
    )
    return int(processes.manage(environment, "shell", "--no-imports", "-c", code))


def interrupted(environment: dict[str, str]) -> int:
    """Jobs that needed more than one attempt."""
    code = (
        "from smki_pma.jobs.models import Job;"
        "print(Job.objects.filter(kind='probe.effect', attempts__gt=1).count())"
    )
    return int(processes.manage(environment, "shell", "--no-imports", "-c", code))


def counts(environment: dict[str, str]) -> tuple[list[int], Counter[int]]:
    code = (
        "from tests.probe.models import Cause, Effect;"
        "print(*Cause.objects.values_list('number', flat=True)); print('-');"
        "print(*Effect.objects.values_list('number', flat=True))"
    )
    causes, effects = processes.manage(environment, "shell", "--no-imports", "-c", code).split("-")
    return [int(n) for n in causes.split()], Counter(int(n) for n in effects.split())


def log(folder: Path) -> str:
    return "\n".join(f.read_text()[-2000:] for f in folder.iterdir() if f.is_file() and f.suffix == "")
