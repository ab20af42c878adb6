"""A Certificate, CRL or ARL in the Repository stays as it was lodged; only a Certificate's status moves."""

from repository.certificates.models import Certificate, RevocationList
from smki_pma.ledger.guards import append_only, frozen

MOVING = frozenset({"status", "status_changed_at"})

frozen(
    Certificate,
    columns=[field.name for field in Certificate._meta.concrete_fields if field.name not in MOVING],
    name="as_lodged",
)
append_only(RevocationList)
