"""A batch of 50,000 on PostgreSQL with Redis, through Celery, from its receipt to the ZIP of results.

Everything safe is switched on: keys reserved, bytes committed before they are signed, each signature verified,
lints, the certificate log, the ledger, PostgreSQL's own durability. The ratio is to the raw limit of the same
run: verify a request, splice, sign, on as many processes, measured before and after.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tests.bench import _installation, _raw_limit, _requests
from tests.bench._installation import Installation

COUNT = int(os.environ.get("BATCH_COUNT", "50000"))
WORKERS = int(os.environ.get("BATCH_WORKERS", "2"))
MOST_MEMORY = 600


def measure() -> Iterator[dict[str, Any]]:
    """The lines of this bench."""
    yield from of("batch_50000, PostgreSQL", _installation.production)


def of(name: str, installed: Callable[..., AbstractContextManager[Installation]]) -> Iterator[dict[str, Any]]:
    """The lines for one kind of installation: rate beside the raw limit, and memory small and large."""
    with tempfile.TemporaryDirectory(prefix="smki-bench-") as folder:
        before = _raw_limit.rate()
        archive, small = Path(folder) / "batch.zip", Path(folder) / "small.zip"
        small.write_bytes(_requests.batch(max(COUNT // 10, 2)))
        archive.write_bytes(_requests.batch(COUNT))
        data = Path(folder) / "data"
        data.mkdir()
        with installed(data, workers=WORKERS) as installation:
            memory_small: list[float] = []
            memory: list[float] = []
            installation.seconds_of(installation.hand_in(small), largest_memory=memory_small)
            seconds = installation.seconds_of(installation.hand_in(archive), largest_memory=memory)
        limit = (before + _raw_limit.rate()) / 2
    rate = COUNT / seconds
    yield {"bench": f"{name}, raw limit", "value": round(limit), "unit": "certificates/s", "ratio": 1.0}
    yield {
        "bench": f"{name}, {COUNT:,} in {seconds:.1f} s",
        "value": round(rate),
        "unit": "certificates/s",
        "ratio": round(rate / limit, 3),
    }
    yield {
        "bench": f"{name}, memory of our processes (PSS), against a batch a tenth as large",
        "value": round(max(memory)),
        "unit": f"MB of {MOST_MEMORY}",
        "ratio": round(max(memory) / max(memory_small), 2),
    }
