"""Who lodges Certificates, CRL and ARL. Who reads them stands in repository.documents.access."""

from datetime import datetime

from smki_pma.clauses import NotEntitled
from smki_pma.ledger.actors import Actor
from smki_pma.parties import authority
from smki_pma.parties.roles import Role

# DCC's officers, the worker that issues on an accepted request, and the owner at the command line.
LODGERS: tuple[Role | str, ...] = (Role.DCC_CA_OPERATOR, Role.DCC_RA_OFFICER, "clock", "owner")


def require_lodger(by: Actor, *, clause: str, at: datetime) -> None:
    """Only DCC lodges Certificates, the CRL and the ARL: not the PMA, not the Code Administrator. L5.3, L5.4"""
    if by.role not in LODGERS:
        raise NotEntitled(
            "Only DCC lodges Certificates, the CRL and the ARL in the Repository.", clause=clause
        )
    authority.require(by, *LODGERS, clause=clause, at=at)
