"""Where a suspension of the SMKI Services stops a request."""

from datetime import datetime
from uuid import UUID


def check_not_suspended(*, party_id: UUID, policy: str, at: datetime) -> None:
    """Requests are refused while L2.14 or M8.4(f) suspends issuing to this Party. L2.14

    Raises RuleViolation with the instruction's clause. No suspension can be entered yet, so none stops
    anything; every way in, for both kinds of Certificate, asks here.
    """
