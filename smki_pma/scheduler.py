"""python -m smki_pma.scheduler: the tick. Celery beat without the application, of which it needs the settings alone.

What is due stands in the database; the worker that takes the tick looks there (jobs/sweep.py).
"""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging
from django.conf import settings
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smki_pma.settings")

TRANSPORT_ALIASES["folder"] = "smki_pma.jobs.transport:Transport"

# No fix-ups: Celery's one for Django would load every application.
app = Celery("smki_pma.scheduler", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")


def _refuse_unsafe_start(**kwargs: Any) -> None:
    from smki_pma.deploy.start import refuse_unsafe_start

    refuse_unsafe_start()


def _configure_logging(**kwargs: Any) -> None:
    logging.config.dictConfig(settings.LOGGING)


beat_init.connect(_refuse_unsafe_start)
setup_logging.connect(_configure_logging)

if __name__ == "__main__":
    # The plain scheduler keeps nothing: a tick that was missed is no loss.
    app.Beat(scheduler="celery.beat:Scheduler", loglevel="WARNING", quiet=True).run()
