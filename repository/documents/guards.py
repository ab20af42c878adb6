"""What is lodged stays as it was lodged. L5.1, L5.3"""

from repository.documents.models import Delivery, Version
from smki_pma.ledger.guards import append_only, frozen

MOVING = {"state", "manifest_signature", "manifest_key"}

frozen(Version, columns=[field.name for field in Version._meta.concrete_fields if field.name not in MOVING])
frozen(
    Version,
    columns=["manifest_signature", "manifest_key"],
    when="OLD.manifest_signature IS NOT NULL",
    name="signature",
)
append_only(Delivery)
