"""What must be known before a request is looked at, in one statement where all is in order.

`entitlement` and `suspension` hold the rules. This asks the plain case of them at once: an officer of the
Party who is its verified responsible officer, an authorisation that stands, no instruction that suspends
anything, no request sent with this key. Whatever is not plain is left to them, who say what is wrong.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from certification.subscribers.rules import Policy
from smki_pma.ledger.actors import Actor
from smki_pma.parties.roles import Role
from smki_pma.statements import fetch_one, locking

# The shared lock: the authorisation cannot be withdrawn until the request is decided, and the subscriber's
# own requests do not wait for one another.
_PLAIN = """
SELECT
  EXISTS (SELECT 1 FROM requests_certificaterequest WHERE party_id = %s AND submission_key = %s),
  EXISTS (SELECT 1 FROM requests_suspension WHERE ended_at IS NULL AND starts_at <= %s)
FROM subscribers_authorisedsubscriber s
JOIN subscribers_responsibleofficer r ON r.party_id = s.party_id
JOIN parties_holding h ON h.party_id = s.party_id AND h.person_id = r.person_id
JOIN parties_office o ON o.id = h.office_id
JOIN parties_person p ON p.id = h.person_id
WHERE s.party_id = %s AND s.policy = %s AND s.withdrawn_at IS NULL
  AND r.person_id = %s AND r.verified_at IS NOT NULL AND r.ended_at IS NULL
  AND h.id = %s AND h.starts_at <= %s AND (h.ends_at IS NULL OR h.ends_at > %s) AND h.for_holding_id IS NULL
  AND o.role = %s AND NOT o.needs_confirmation AND p.is_active
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """person_id: who is plainly entitled; if nobody, the rules decide. sent_before, suspended: whether there is
    anything to look at."""

    person_id: UUID | None = None
    sent_before: bool = True
    suspended: bool = True


def standing_of(by: Actor, *, party_id: UUID, policy: Policy, submission_key: UUID, at: datetime) -> Standing:
    """Where a request stands before it is read. L3.4, L2.14"""
    if by.role != Role.PARTY_OFFICER or by.person_id is None or by.holding_id is None:
        return Standing()
    found = fetch_one(
        f"{_PLAIN} {locking('FOR SHARE OF s')}",
        [
            *(party_id, submission_key, at),
            *(party_id, policy.value, by.person_id, by.holding_id, at, at, Role.PARTY_OFFICER.value),
        ],
    )
    if found is None:
        return Standing()
    return Standing(by.person_id, sent_before=bool(found[0]), suspended=bool(found[1]))
