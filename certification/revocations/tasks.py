"""What the worker does for revocation: it makes the CRL, and watches that there always is one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from certification.revocations.publishing import ISSUE_LIST, call_operators, issue_crl, watch_lists
from smki_pma.calendar import clock
from smki_pma.jobs import Lane, every, job_handler
from smki_pma.ledger.actors import Actor


def _give_up(payload: dict[str, Any], error: str) -> None:
    call_operators(authority_id=UUID(payload["authority"]), error=error, by=Actor.clock())


@job_handler(ISSUE_LIST, lane=Lane.URGENT, attempts=4, lease=timedelta(minutes=1), on_failure=_give_up)
def issue_list(payload: dict[str, Any]) -> dict[str, Any]:
    """Make one CRL, in one transaction with ending the job; none while an instruction suspends lists."""
    made = issue_crl(authority_id=UUID(payload["authority"]), cause=payload["cause"], by=Actor.clock())
    return {"number": made.lodged.number if made is not None else None}


@every("1m", name="revocations.watch_lists")
def watch() -> None:
    """Ask of every list whether the next one is due or late."""
    watch_lists(at=clock.now())
