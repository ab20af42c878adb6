"""Workers that issue killed at random: each request answered once, each Certificate stored, nothing besides. L3.5

`make test` kills two dozen of them; `make crash` some hundreds, on each database.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.samples.certification import PASSPHRASE
from tests.servers import postgresql, processes

KILLS = int(os.environ.get("SMKI_KILLS", "25"))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is found after many kills, on a database of its own of the kind that this run tests."""
    folder = tmp_path_factory.mktemp("killed")
    environment = processes.plain_environment() | {
        "DJANGO_SETTINGS_MODULE": "smki_pma.settings.test",
        "SMKI_TEST_DATABASE": connection.vendor,
        "SMKI_TEST_DIR": str(folder),
        "SMKI_CA_PASSPHRASE": PASSPHRASE,
    }
    if connection.vendor == "postgresql":
        environment["SMKI_TEST_DATABASE_URL"] = postgresql.start()
    command = [sys.executable, "-m", "tests.concurrency.batch_killing", str(folder), str(KILLS)]
    done = subprocess.run(
        command, env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-4000:]
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.slow
@pytest.mark.clause("L3.5")
def test_killed_workers_lose_nothing_and_repeat_nothing(found: dict[str, Any]) -> None:
    asked, issued = found["asked"], found["certificates"]
    assert asked == found["batches"] * 120
    assert found["answers"] == found["told_issued"] + found["told_refused"] == asked
    assert found["told_refused"] == asked / 10
    assert found["told_issued"] == found["answers_with_certificate"]
    singles = found["singles"]
    assert singles == found["singles_with_certificate"] == found["single_entries"] == found["batches"] * 15
    assert issued == found["told_issued"] + singles == found["requests_served"]
    assert found["keys"] == found["places"] == issued
    assert found["chunk_entries"] == found["chunks"]


@pytest.mark.slow
@pytest.mark.clause("L3.5")
def test_no_certificate_exists_outside_the_repository(found: dict[str, Any]) -> None:
    assert found["committed_and_stored"]
    assert found["signed_but_not_stored"] == 0
    assert found["in_the_log"] == found["in_the_repository"]
    assert found["faults"] == []


@pytest.mark.slow
def test_the_kills_fell_where_it_matters(found: dict[str, Any]) -> None:
    died_over = found["died_over"]
    assert found["kills"] == KILLS
    assert died_over.get("batches.chunk waiting", 0) + died_over.get("batches.chunk prepared", 0) > KILLS / 5
    assert died_over.get("certificates.issue", 0) >= KILLS // 100
