"""The wake-up call. It carries a lane's name and may be lost: the sweep finds the work all the same."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from smki_pma.jobs import waiting
from smki_pma.jobs.registry import Lane

if TYPE_CHECKING:
    from smki_pma.jobs.models import Job

logger = logging.getLogger("smki_pma.jobs")


def up(lane: Lane, job: Job | None = None) -> None:
    """Ask a worker to look for work in a lane, or to do this urgent job. A broker that does not answer is logged,
    never an error."""
    if job is not None and lane is Lane.URGENT and waiting.call_urgent(job.pk, job.kind):
        return
    from smki_pma.jobs.tasks import work  # the task's module needs the queue, which needs this one

    try:
        work.apply_async((str(lane),), queue=lane.queue, retry=False, expires=60)
    except Exception:
        logger.warning("the broker took no wake-up call; the sweep will find the job", exc_info=True)
