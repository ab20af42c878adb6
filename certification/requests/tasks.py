"""The worker's part: issuing what has been received."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from certification.requests.committing_anew import COMMIT_ANEW, commit_anew
from certification.requests.issuance import issue_certificate, stop_request
from certification.requests.services import ISSUE
from smki_pma.jobs import Lane, job_handler
from smki_pma.ledger.actors import Actor


def give_up(payload: dict[str, Any], error: str) -> None:
    """Every attempt has failed: an operator is asked to mend the cause."""
    stop_request(request_uid=UUID(payload["request"]), by=Actor.clock())


# Short lease: a single request has 30 seconds, so a dead worker's job passes on at once. Few attempts, over in little
# more than a minute: an operator has to know while it matters.
@job_handler(ISSUE, lane=Lane.URGENT, lease=timedelta(seconds=10), attempts=4, on_failure=give_up)
def issue(payload: dict[str, Any]) -> dict[str, Any]:
    """Issue one Certificate, in one transaction with ending the job."""
    request = issue_certificate(request_uid=UUID(payload["request"]), by=Actor.clock())
    return {"certificate": request.certificate_id}


@job_handler(COMMIT_ANEW, lane=Lane.URGENT, lease=timedelta(seconds=30), on_failure=give_up)
def make_bytes_anew(payload: dict[str, Any]) -> None:
    """Abandon bytes that must not be signed and commit to others, in one transaction with ending the job."""
    commit_anew(request_uid=UUID(payload["request"]), operator_id=UUID(payload["operator"]), by=Actor.clock())
