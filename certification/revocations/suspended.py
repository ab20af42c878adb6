"""What a suspension of revocation or of lists holds, and what its reinstatement sets free."""

from datetime import datetime

from certification.authorities.lists import Suspensions, register_suspensions
from certification.authorities.services import release_ceremonies
from certification.requests.models import Suspension
from certification.requests.suspension import (
    Service,
    held_by,
    hold_off_suspensions,
    is_held,
    on_reinstatement,
)
from certification.requests.suspension_rules import CLAUSES, Ground


def clause_holding_lists(at: datetime) -> str:
    """The clause on which an instruction suspends the CRL and the ARL; empty where none does. L2.14"""
    suspension = held_by(party_id=None, service=Service.LISTS, at=at)
    return CLAUSES[Ground(suspension.ground)] if suspension is not None else ""


register_suspensions(Suspensions(hold_off=hold_off_suspensions, clause=clause_holding_lists))


@on_reinstatement
def release_lists(*, suspension: Suspension, at: datetime) -> int:
    """Queue again the ceremonies that a suspension of lists held; CRLs are looked at every minute anyway. L2.14"""
    if Service.LISTS not in suspension.services or is_held(party_id=None, service=Service.LISTS, at=at):
        return 0
    return release_ceremonies(stamp=f"reinstated-{suspension.pk}")
