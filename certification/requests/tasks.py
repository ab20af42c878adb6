"""The worker's part: issuing what has been received."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from smki_pma.jobs import Lane, job_handler
from smki_pma.ledger.actors import Actor


def give_up(payload: dict[str, Any], error: str) -> None:
    from certification.requests.issuance import stop_request

    stop_request(request_id=UUID(payload["request_id"]), error=error, by=Actor.clock())


# Short lease: a single request has 30 seconds, so a dead worker's job passes on at once.
@job_handler("certificates.issue", lane=Lane.URGENT, lease=timedelta(seconds=10), on_failure=give_up)
def issue(payload: dict[str, Any]) -> dict[str, Any]:
    """Issue one Certificate, in one transaction with ending the job."""
    from certification.requests.issuance import issue_certificate

    request = issue_certificate(request_id=UUID(payload["request_id"]), by=Actor.clock())
    return {"certificate": request.certificate_id}
