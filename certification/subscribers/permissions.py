"""Who acts in the authorisation of subscribers."""

from datetime import datetime
from uuid import UUID

from certification.subscribers.selectors import is_responsible_officer
from smki_pma.clauses import NotEntitled
from smki_pma.ledger.actors import Actor
from smki_pma.parties import authority
from smki_pma.parties.roles import Role


def require_party_officer(by: Actor, *, party_id: UUID, clause: str, at: datetime) -> UUID:
    """An officer acts for the own Party alone; gives the person's id. L3.2"""
    holding = authority.require(by, Role.PARTY_OFFICER, clause=clause, at=at)
    if holding is None or holding.party_id != party_id:
        raise NotEntitled("You are not an officer of this Party.", clause=clause, hidden=True)
    return holding.person_id


def require_responsible_officer(by: Actor, *, party_id: UUID, clause: str, at: datetime) -> UUID:
    """Requests come from a responsible officer of the subscriber, verified by DCC; gives the person's id. L3.4"""
    person_id = require_party_officer(by, party_id=party_id, clause=clause, at=at)
    if not is_responsible_officer(person_id, party_id):
        raise NotEntitled(
            "Only a responsible officer of the Party, verified by DCC, hands in its requests. "
            "Ask your Party to nominate you.",
            clause=clause,
        )
    return person_id


def require_ra_officer(by: Actor, *, clause: str, at: datetime) -> UUID:
    """DCC's Registration Authority officers verify and decide; gives the person's id. L3.3"""
    holding = authority.require(by, Role.DCC_RA_OFFICER, clause=clause, at=at)
    if holding is None:
        raise authority.refusal(Role.DCC_RA_OFFICER, clause=clause)
    return holding.person_id
