"""The wake-up call. It carries a lane's name and may be lost: the sweep finds the work all the same."""

import logging

from smki_pma.jobs.registry import Lane

logger = logging.getLogger("smki_pma.jobs")


def up(lane: Lane) -> None:
    """Ask a worker to look for work in a lane. A broker that does not answer is logged, never an error."""
    from smki_pma.jobs.tasks import work  # the task's module needs the queue, which needs this one

    try:
        work.apply_async((str(lane),), queue=lane.queue, retry=False, expires=60)
    except Exception:
        logger.warning("the broker took no wake-up call; the sweep will find the job", exc_info=True)
