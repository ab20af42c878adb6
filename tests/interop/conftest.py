"""The whole system behind its TLS front, as make front starts it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clock import SetClock
from tests.servers import processes
from tests.servers import site as sites
from tests.servers.front import Front
from tests.servers.ports import free_port

POLICIES = ("device", "organisation")


@pytest.fixture(scope="session")
def front(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """nginx, gunicorn, workers and scheduler with the sample community; one for all modules.

    Its worker has held the ceremonies of the sample Authorities: they begin once it runs, and take a moment.
    """
    folder = tmp_path_factory.mktemp("front")
    port = free_port()
    with sites.running(prepared, folder, SetClock(folder / "clock"), FRONT=str(port)) as site:
        front = Front(site, port)
        processes.wait_until(
            lambda: all(
                front.as_officer(f"/.well-known/est/{policy}/cacerts").status == 200 for policy in POLICIES
            ),
            seconds=90,
            what="the sample Authorities issue",
        )
        yield front
