"""The Celery application: it carries wake-up calls and ticks; what is to be done stands in job rows."""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import worker_init, worker_process_init, worker_ready
from django import db
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smki_pma.settings")
# Celery's own run of every check loads all pages into every worker; deploy/start.py checks what a worker needs.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

TRANSPORT_ALIASES["folder"] = "smki_pma.jobs.transport:Transport"

app = Celery("smki_pma")
app.config_from_object("django.conf:settings", namespace="CELERY")
# A connection is kept from task to task: each task begins by closing what is of no use any more (jobs/tasks.py).
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize // 2


def _refuse_unsafe_start(**kwargs: Any) -> None:
    from smki_pma.deploy.start import refuse_unsafe_start

    refuse_unsafe_start()


def _take_up_abandoned_jobs(**kwargs: Any) -> None:
    from smki_pma.jobs import execution

    execution.recover_at_start(settings.SMKI_WORKER_NAME)
    # The parent of a pool forks again when a process dies, which must not get this connection too.
    db.connections.close_all()


def _prepare_to_work(sender: Any, **kwargs: Any) -> None:
    """Threads work in this very process; a pool's processes are prepared after their fork."""
    from smki_pma.jobs import workers

    if getattr(sender.pool_cls, "__module__", "").endswith("prefork"):
        workers.before_fork()
    else:
        workers.prepare()


def _prepare_process(**kwargs: Any) -> None:
    from smki_pma.jobs import execution, workers

    workers.after_fork()
    execution.recover_at_start(workers.name())


worker_init.connect(_refuse_unsafe_start)
worker_init.connect(_prepare_to_work)
worker_process_init.connect(_prepare_process)
worker_ready.connect(_take_up_abandoned_jobs)
