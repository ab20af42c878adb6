"""What the worker does for the ledger."""

from typing import Any

from smki_pma.jobs import job_handler
from smki_pma.ledger import copies
from smki_pma.ledger.checkpoints import sign_now
from smki_pma.ledger.logs import log_named
from smki_pma.ledger.models import Checkpoint


@job_handler("ledger.checkpoint")
def sign_checkpoint(payload: dict[str, Any]) -> dict[str, Any]:
    """Sign the head of a log after a decision; one signature covers everything decided up to then."""
    return {"size": sign_now(log_named(payload["log"])).size}


@job_handler("ledger.publish_checkpoint", atomic=False)
def publish_checkpoint(payload: dict[str, Any]) -> None:
    """Take a signed head out of the system."""
    copies.keep(Checkpoint.objects.get(pk=payload["checkpoint"]))
