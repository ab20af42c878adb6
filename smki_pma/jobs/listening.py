"""Threads that do urgent jobs the moment they are called for, beside the tasks that the sweep sends."""

import logging
import threading
import time
from uuid import UUID

from django import db

from smki_pma.jobs import execution, queue, waiting, workers
from smki_pma.jobs.registry import Lane, at_worker_start

logger = logging.getLogger("smki_pma.jobs")
THREADS = 2
SECONDS = 2.0


@at_worker_start
def start() -> None:
    """Begin to listen, in a worker of the urgent lane whose broker is Redis."""
    if not waiting.can_listen() or not workers.works_on(Lane.URGENT):
        return
    for number in range(THREADS):
        threading.Thread(target=_listen, name=f"urgent-{number}", daemon=True).start()


def _listen() -> None:
    while True:
        try:
            called = waiting.next_urgent(SECONDS)
            if called is not None:
                _do(*called)
        except Exception:
            logger.warning("urgent jobs cannot be listened for; the sweep finds them", exc_info=True)
            db.connections.close_all()
            time.sleep(SECONDS)


def _do(job_id: UUID, kind: str) -> None:
    db.close_old_connections()
    job = queue.claim(job_id, kind, worker=workers.name())
    if job is not None:
        execution.do(job)
