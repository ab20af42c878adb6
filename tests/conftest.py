"""What every test may use."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import storages

from tests import evidence
from tests.clock import SetClock
from tests.servers import site as sites

pytest_plugins = ["tests.community", "tests.samples.token_fixtures"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--evidence", type=Path, help="write the clause-to-test matrix to this file")
    parser.addoption("--first", action="append", default=[], help="begin with the tests of this file")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """An unknown clause id fails the run, whatever was selected. Then the files that are to be first."""
    for item in items:
        evidence.citations(item)
    first = [config.rootpath / path for path in config.getoption("--first")]
    if missing := [str(path) for path in first if not path.exists()]:
        raise pytest.UsageError(f"--first names no file: {', '.join(missing)}")
    items.sort(key=lambda item: first.index(item.path) if item.path in first else len(first))
    if to := config.getoption("--evidence"):
        evidence.write(items, to)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _fresh_clock() -> Iterator[None]:
    yield
    SetClock(settings.SMKI_CLOCK_FILE).reset()


@pytest.fixture
def clock() -> SetClock:
    """Set or advance the time for this test and the processes that it starts."""
    return SetClock(settings.SMKI_CLOCK_FILE)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a first start, made once for all processes of a run; each system runs on a copy."""
    base = tmp_path_factory.getbasetemp()
    return sites.prepare_once(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Call it to do every job that is due now, and those that they queue, in this process; gives their number."""
    from smki_pma.jobs import Lane, execution

    def run() -> int:
        taken = 0
        while new := sum(execution.drain(lane, worker="the test") for lane in Lane):
            taken += new
        return taken

    return run


@pytest.fixture(autouse=True)
def _fresh_ledger_witness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a database of its own, so what an earlier test signed and published does not bind it."""
    from smki_pma.files.storage import DurableFileSystemStorage
    from smki_pma.ledger import witness

    folder = settings.DATA_DIR / "witness" / uuid4().hex
    monkeypatch.setattr(settings, "SMKI_WITNESS_DIR", folder, raising=False)
    monkeypatch.setattr(witness, "_read_before", {})
    published = DurableFileSystemStorage(location=folder / "published")
    monkeypatch.setitem(storages._storages, "checkpoints", published)
