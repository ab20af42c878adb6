"""Which entries of the ledger, and which documents, a person's offices let them read."""

from typing import Any
from uuid import UUID

from smki_pma.parties.authority import holdings_of
from smki_pma.parties.roles import DCC_STAFF, PMA_MEMBERS, Role

# Whoever takes part in the PMA's meetings by office, and those whom it or the Panel appointed to look.
# An Alternate reads for the PMA, and a CPS, while acting for a seat: the meetings' room adds that.
PMA_AUDIENCE = PMA_MEMBERS | {Role.SECRETARIAT, Role.SMKI_SPECIALIST, Role.AUDITOR}
# L9.12: members, Secretariat and DCC.
CPS_AUDIENCE = PMA_MEMBERS | {Role.SECRETARIAT} | DCC_STAFF
PARTIES_AUDIENCE = (
    PMA_AUDIENCE
    | {Role.ALTERNATE}
    | DCC_STAFF
    | {Role.PARTY_OFFICER, Role.CODE_ADMINISTRATOR, Role.PANEL_OFFICER, Role.ASSURANCE_PROVIDER}
)


def ledger_audiences(person: Any) -> tuple[set[str], set[UUID]]:
    """The audiences that a person reads whole, and the Parties whose own entries they read."""
    holdings = holdings_of(person)
    roles = {holding.role for holding in holdings}
    audiences = {
        name
        for name, readers in (
            ("parties", PARTIES_AUDIENCE),
            ("pma", PMA_AUDIENCE),
            ("cps", CPS_AUDIENCE),
            ("dcc", DCC_STAFF),
            ("party", DCC_STAFF),
        )
        if roles & readers
    }
    return audiences, {holding.party_id for holding in holdings if holding.party_id}
