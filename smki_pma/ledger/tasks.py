"""What the worker does for the ledger."""

from typing import Any

from smki_pma.jobs import every, job_handler
from smki_pma.ledger.access import root_access_log
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.checkpoints import ask_for, sign_now
from smki_pma.ledger.logs import LEDGER, SIGNED_LOGS, log_named
from smki_pma.ledger.models import Checkpoint
from smki_pma.ledger.publishing import publish
from smki_pma.ledger.store import size_of


@job_handler("ledger.checkpoint")
def sign_checkpoint(payload: dict[str, Any]) -> dict[str, Any]:
    """Sign the head of a log after a decision; one signature covers everything decided up to then."""
    return {"size": sign_now(log_named(payload["log"])).size}


@job_handler("ledger.publish_checkpoint", atomic=False)
def publish_checkpoint(payload: dict[str, Any]) -> None:
    """Take a signed head out of the system."""
    publish(Checkpoint.objects.get(pk=payload["checkpoint"]))


@every("1h", name="ledger.hourly")
def sign_hourly() -> dict[str, Any]:
    """Every hour: the root of the access log into the ledger, then the ledger's head signed.

    The other signed logs have jobs of their own: their turn is never taken while the ledger's is held.
    """
    root_access_log(by=Actor.clock())
    for log in SIGNED_LOGS:
        if log is not LEDGER and (size := size_of(log)):
            ask_for(log, size)
    return {"size": sign_now(LEDGER).size}
