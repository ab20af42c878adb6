"""A worker killed again and again while it issues: one Certificate for each request, and none besides. L3.5"""

import random
import shutil
import time
from pathlib import Path

import pytest

from smki_pma.deploy import secret_files
from tests.concurrency.test_kill import WORKER, ask
from tests.servers import processes
from tests.servers.processes import Process

REQUESTS = 150
KILLS = 6

AUTHORITIES = "SELECT count(*) FROM authorities_authority WHERE state = 'active'"
ISSUED = "SELECT count(*) FROM requests_certificaterequest WHERE state = 'issued'"
CERTIFICATES = "SELECT count(*) FROM certificates_certificate WHERE kind = 'device'"
DEVICES = "SELECT count(DISTINCT eui64) FROM certificates_certificate WHERE kind = 'device'"
SERIALS = (
    "SELECT count(*) FROM certificates_certificate c JOIN authorities_intent i"
    " ON i.reference = c.reference AND i.serial = c.serial WHERE c.kind = 'device'"
)
ENTRIES = "SELECT count(*) FROM ledger_entrytext WHERE event = 'request.issued'"
TRIED_AGAIN = "SELECT count(*) FROM jobs_job WHERE kind = 'certificates.issue' AND attempts > 1"


@pytest.mark.slow
@pytest.mark.clause("L3.5")
def test_each_request_has_one_certificate(prepared: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(prepared, tmp_path / "data")
    web = processes.embedded(folder, **secret_files.read(folder, secret_files.OF_ALL))
    keys = secret_files.read(folder, secret_files.OF_WORKER)
    names = {"SMKI_PROCESS": "worker", "SMKI_WORKER_NAME": "embedded"}
    worker = Process([*WORKER, "urgent,normal"], web | keys | names, tmp_path / "worker")
    hand_in = f"from tests.samples.hand_in import hand_in; hand_in({REQUESTS})"
    causing = Process(
        ["manage.py", "shell", "-v", "0", "-c", hand_in], web | {"SMKI_PROCESS": "web"}, tmp_path / "causing"
    )
    with processes.killed_at_end([worker, causing]):
        worker.start()
        processes.wait_until(
            lambda: ask(web, AUTHORITIES) == 8, seconds=60, what="both key ceremonies are done"
        )
        causing.start()
        _kill_while_issuing(web, worker)
        processes.wait_until(
            lambda: ask(web, ISSUED) == REQUESTS, seconds=150, what="every request is issued"
        )
    assert ask(web, CERTIFICATES) == REQUESTS
    assert ask(web, DEVICES) == REQUESTS
    assert ask(web, SERIALS) == REQUESTS, "a Certificate has another serial number than its intent"
    assert ask(web, ENTRIES) == REQUESTS
    assert ask(web, TRIED_AGAIN) > 0, "no kill fell into issuing: the test proved nothing"


def _kill_while_issuing(environment: dict[str, str], worker: Process) -> None:
    moments = random.Random(20261122)
    for _ in range(KILLS):
        before = ask(environment, ISSUED)
        if before < REQUESTS:
            _wait_for_one_more(environment, before)
            time.sleep(moments.uniform(0, 0.2))
            worker.kill()
            worker.start()


def _wait_for_one_more(environment: dict[str, str], before: int) -> None:
    processes.wait_until(lambda: ask(environment, ISSUED) > before, seconds=60, what="the worker issues")
