"""Waiting for a job without asking the database again and again, where a Redis server carries the wake-up calls.

Both ways go over lists with one element for each call: whoever waits is woken at once, and a call that comes
before the waiting is found there. A call may be lost: then the waiter asks the row when its time is over, and
the sweep finds the job.
"""

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings

logger = logging.getLogger("smki_pma.jobs")
FIRST_PAUSE, LONGEST_PAUSE = 0.002, 0.05
# An end that nobody waits for is forgotten.
KEPT_SECONDS = 10
URGENT_CALLS = "smki:jobs:urgent"
CALLS_KEPT = 10_000


@lru_cache(maxsize=1)
def _redis() -> Any:
    """The client of the broker, if that is Redis."""
    if not settings.CELERY_BROKER_URL.startswith(("redis://", "rediss://", "unix://")):
        return None
    import redis

    return redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=2, socket_timeout=5)


def _ends(job_id: UUID) -> str:
    return f"smki:jobs:end:{job_id}"


def tell_end(job_id: UUID) -> None:
    """Wake whoever waits for this job, after the commit that ended it."""
    client = _redis()
    if client is None:
        return
    try:
        pipe = client.pipeline(transaction=False)
        pipe.rpush(_ends(job_id), 1)
        pipe.expire(_ends(job_id), KEPT_SECONDS)
        pipe.execute()
    except Exception:
        logger.warning("the end of a job could not be told", exc_info=True)


def until(has_ended: Callable[[], bool], job_id: UUID, seconds: float) -> None:
    """Return when a job has ended, or after some seconds. has_ended: asks the row, where nobody has told."""
    deadline, pause = time.monotonic() + seconds, FIRST_PAUSE
    while (left := deadline - time.monotonic()) > 0:
        if _is_told(job_id, left) or has_ended():
            return
        time.sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_PAUSE)


def _is_told(job_id: UUID, seconds: float) -> bool:
    client = _redis()
    if client is None or seconds < FIRST_PAUSE:
        return False
    try:
        return client.blpop([_ends(job_id)], timeout=seconds) is not None
    except Exception:
        logger.warning("the end of a job cannot be waited for; the row is asked", exc_info=True)
        return False


def call_urgent(job_id: UUID, kind: str) -> bool:
    """Hand an urgent job to the workers that listen. False where none can be called this way."""
    client = _redis()
    if client is None:
        return False
    try:
        pipe = client.pipeline(transaction=False)
        pipe.lpush(URGENT_CALLS, f"{job_id} {kind}")
        pipe.ltrim(URGENT_CALLS, 0, CALLS_KEPT - 1)
        pipe.execute()
    except Exception:
        logger.warning("the broker took no wake-up call; the sweep will find the job", exc_info=True)
    return True


def next_urgent(seconds: float) -> tuple[UUID, str] | None:
    """Id and kind of the next urgent job, the first called first; None when none is called in some seconds."""
    called = _redis().brpop([URGENT_CALLS], timeout=seconds)
    if called is None:
        return None
    job_id, _, kind = called[1].decode().partition(" ")
    return UUID(job_id), kind


def can_listen() -> bool:
    """Whether calls come this way at all."""
    return _redis() is not None
