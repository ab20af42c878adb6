"""Who lodges: DCC; the Code Administrator for the PMA; the Secretariat where a resolution says so."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from repository.documents.kinds import Capacity
from repository.documents.models import SecretariatLodging
from smki_pma.clauses import NotEntitled, clause
from smki_pma.ledger.actors import Actor
from smki_pma.parties import authority
from smki_pma.parties.roles import Role

NOBODY_ELSE = clause("L5.4").id
LODGERS = (Role.DCC_DOCUMENT_OWNER, Role.CODE_ADMINISTRATOR, Role.SECRETARIAT)


@dataclass(frozen=True, slots=True)
class Lodger:
    """For whom somebody lodges, and the resolution that lets the Secretariat do it."""

    capacity: Capacity
    resolution_ref: str = ""


def lodger_for(role: Role | str, *, at: datetime) -> Lodger | None:
    """In what capacity a role lodges at that moment; None where it does not. L5.3, L5.4"""
    if role == Role.DCC_DOCUMENT_OWNER:
        return Lodger(Capacity.DCC)
    if role == Role.CODE_ADMINISTRATOR:
        return Lodger(Capacity.PMA)
    if role == Role.SECRETARIAT:
        in_force = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
        granted = SecretariatLodging.objects.filter(in_force, starts_at__lte=at).first()
        return Lodger(Capacity.PMA, granted.resolution_ref) if granted else None
    return None


def require_lodger(by: Actor, *, at: datetime) -> Lodger:
    """Check in a service that the Actor may lodge; raises NotEntitled, citing L5.4. L5.3"""
    authority.require(by, *LODGERS, clause=NOBODY_ELSE, at=at)
    lodger = lodger_for(by.role, at=at)
    if lodger is None:
        raise NotEntitled(
            "The Secretariat lodges only where a resolution of the SMKI PMA says so. "
            "Ask the Code Administrator to lodge it.",
            clause=NOBODY_ELSE,
        )
    return lodger
