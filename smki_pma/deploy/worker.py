"""python -m smki_pma.deploy.worker LANES: one worker of Celery; LANES is batch, or urgent and normal or one of them.

Not by Celery's command line, which brings a shell with completion and colours into every process: 7 MB each.
"""

import ctypes
import os
import sys
from typing import Any

from smki_pma.jobs.registry import Lane

# Of malloc.h, glibc.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGE_BLOCK = 1024 * 1024
# Batches give way to pages and single requests.
NICENESS = 10
LANES = {
    str(Lane.URGENT): ("threads", "SMKI_WORKER_THREADS", 4),
    str(Lane.NORMAL): ("threads", "SMKI_WORKER_THREADS", 4),
    # One process for each core: a batch is arithmetic.
    str(Lane.BATCH): ("prefork", "SMKI_BATCH_WORKERS", 2),
}


class CannotWork(SystemExit):
    """The message is one line that says what to put right."""


def main() -> None:
    if len(sys.argv) != 2:
        raise CannotWork(f"Say which lanes to work on: {', '.join(LANES)}.")
    options = options_for(sys.argv[1])
    _give_memory_back()
    if options["pool_cls"] == "prefork":
        os.nice(NICENESS)
    from smki_pma.celery import app

    worker = app.Worker(**options)
    worker.start()
    sys.exit(worker.exitcode)


def _give_memory_back() -> None:
    """Have the C library return large blocks as soon as they are free, not keep them for the next: a chunk has many."""
    c_library = ctypes.CDLL(None)
    for parameter in (M_TRIM_THRESHOLD, M_MMAP_THRESHOLD):
        c_library.mallopt(parameter, LARGE_BLOCK)


def options_for(lanes: str) -> dict[str, Any]:
    """What Celery's worker is told. lanes: with commas between. Raises CannotWork."""
    kinds = {LANES.get(lane) for lane in lanes.split(",")}
    kind = kinds.pop()
    if kind is None or kinds:
        raise CannotWork(f"{lanes} are no lanes of one worker: say batch, or urgent,normal, or one of them.")
    pool, setting, otherwise = kind
    return {
        "queues": lanes,
        "pool_cls": pool,
        "concurrency": int(os.environ.get(setting) or otherwise),
        "loglevel": "WARNING",
        "quiet": True,
        # Workers have nothing to tell one another: what is to be done stands in the database.
        "without_gossip": True,
        "without_mingle": True,
        "without_heartbeat": True,
    }


if __name__ == "__main__":
    main()
