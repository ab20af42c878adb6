import os
import time
from typing import Any

from smki_pma.jobs import Lane, job_handler
from tests.probe.models import Effect


@job_handler("probe.effect", lane=Lane(os.environ.get("PROBE_LANE", "normal")), attempts=50)
def effect(payload: dict[str, Any]) -> None:
    """Long enough after its write that many kills fall between the two ends of the transaction."""
    Effect.objects.create(number=payload["number"])
    time.sleep(float(os.environ["PROBE_SECONDS"]))
