"""Where a subscriber loses its authorisation or an identifier, DCC considers what is to be revoked. Services."""

from datetime import datetime
from uuid import UUID

from certification.revocations import rules
from certification.revocations.rules import SERVING
from certification.subscribers.permissions import require_ra_officer
from certification.subscribers.services import CONSIDER
from smki_pma.calendar import clock
from smki_pma.duties.acts import discharge_duties
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties.models import Party


def is_owed(party: Party) -> bool:
    """Whether DCC still owes it to consider this Party's Certificates."""
    return Duty.objects.open().about(CONSIDER, party).exists()


@service
def conclude_consideration(*, party_id: UUID, finding: str, by: Actor, at: datetime | None = None) -> Party:
    """A Registration Authority officer says which Certificates had to be revoked, or why none. L3.4

    Each revocation is asked for on its own, and checked by another officer.
    """
    at = at or clock.now()
    require_ra_officer(by, clause=SERVING, at=at)
    finding = rules.check_explained(
        finding, field="finding", asks="Say which Certificates had to be revoked, or why none."
    )
    party = Party.objects.select_for_update().get(pk=party_id)
    discharge_duties(kind=CONSIDER, subject=party)
    record(
        "revocation.considered",
        clause=SERVING,
        by=by,
        subject=party,
        facts={"finding": finding},
        audience="dcc",
    )
    return party
