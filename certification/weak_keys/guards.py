"""A key that was once known to be weak stays known."""

from certification.weak_keys.models import KnownWeakKey, WeakKeyList
from smki_pma.ledger.guards import append_only

append_only(WeakKeyList)
append_only(KnownWeakKey)
