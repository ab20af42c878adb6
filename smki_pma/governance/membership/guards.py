"""The grounds of an appointment are part of the record."""

from smki_pma.governance.membership.models import Appointment, MemberConfirmation
from smki_pma.ledger.guards import append_only

append_only(Appointment)
append_only(MemberConfirmation)
