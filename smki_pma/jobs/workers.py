"""The processes that do jobs: what each is called, and what it does before its first job."""

import ctypes
import gc
import logging
import signal
from importlib import import_module

from billiard import current_process
from django import db
from django.conf import settings

from smki_pma.jobs.registry import Lane, loaded_before_fork, preparations

logger = logging.getLogger("smki_pma.jobs")
_PR_SET_PDEATHSIG = 1


def name() -> str:
    """What the running process is called in the rows that it claims.

    A process of a pool has its place in the name: the next one in that place takes up what it died over.
    """
    place = getattr(current_process(), "index", None)
    base: str = settings.SMKI_WORKER_NAME
    return base if place is None else f"{base}/{place}"


def works_on(lane: Lane) -> bool:
    """Whether the running process takes jobs of this lane."""
    from smki_pma.celery import app

    return lane.queue in app.amqp.queues.consume_from


def prepare() -> None:
    """Do what was registered. What fails is logged and tried again by the job that needs it."""
    for preparation in preparations():
        try:
            preparation()
        except Exception:
            logger.warning("a worker starts unprepared", exc_info=True)


def before_fork() -> None:
    """Let the processes of a pool share the memory of what is loaded: the collector no longer touches it.

    What they must not share is a connection: two would read each other's answers.
    """
    db.connections.close_all()
    for module in loaded_before_fork():
        import_module(module)
    gc.collect()
    gc.freeze()


def after_fork() -> None:
    """A process of a pool never outlives its parent: it holds keys."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    prepare()
