"""In which order the due jobs of a lane are taken: a policy that the setting SMKI_JOB_ORDER names. L8.11

Single requests have a lane of their own, so nothing here can put them behind a batch.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from smki_pma.jobs.models import Job
from smki_pma.jobs.registry import Lane

Policy = Callable[[QuerySet[Job], Lane], QuerySet[Job]]


def by_deadline(due: QuerySet[Job], lane: Lane) -> QuerySet[Job]:
    """What has to be done first comes first; of equals, what was queued first."""
    return due.order_by("due_at", "run_at", "id")


@lru_cache(maxsize=4)
def _load(path: str) -> Policy:
    return cast(Policy, import_string(path))


def in_order(due: QuerySet[Job], lane: Lane) -> QuerySet[Job]:
    """The due jobs of a lane as the policy in force orders them."""
    return _load(settings.SMKI_JOB_ORDER)(due, lane)
