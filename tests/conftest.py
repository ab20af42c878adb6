"""What every test may use."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests import evidence
from tests.clock import SetClock


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--evidence", type=Path, help="write the clause-to-test matrix to this file")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """An unknown clause id fails the run, whatever was selected."""
    for item in items:
        evidence.citations(item)
    if to := config.getoption("--evidence"):
        evidence.write(items, to)


@pytest.fixture(autouse=True)
def _fresh_clock() -> Iterator[None]:
    yield
    SetClock(settings.SMKI_CLOCK_FILE).reset()


@pytest.fixture
def clock() -> SetClock:
    """Set or advance the time for this test and the processes that it starts."""
    return SetClock(settings.SMKI_CLOCK_FILE)
