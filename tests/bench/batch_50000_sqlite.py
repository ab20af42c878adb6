"""The batch of 50,000 on SQLite (WAL, synchronous=FULL), with wake-up calls through a folder, as make run has it."""

from collections.abc import Iterator
from typing import Any

from tests.bench import _installation, batch_50000


def measure() -> Iterator[dict[str, Any]]:
    """The lines of this bench."""
    yield from batch_50000.of("batch_50000_sqlite", _installation.embedded)
