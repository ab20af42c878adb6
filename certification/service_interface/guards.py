"""What was issued, granted and announced stands as it was."""

from certification.service_interface.models import (
    AvailabilityFact,
    Credential,
    InterfaceAuthority,
    MaintenanceWindow,
    RecordedAnnex,
    TestAccess,
)
from smki_pma.ledger.guards import append_only, frozen

append_only(InterfaceAuthority)
append_only(AvailabilityFact)
append_only(RecordedAnnex)
frozen(
    Credential,
    columns=["party", "holder", "holding", "environment", "public_key", "public_key_sha256", "asked_at"],
    name="as_asked",
)
frozen(
    Credential,
    columns=["issuer", "serial", "certificate", "sha256", "issued_at", "expires_at"],
    when="OLD.sha256 IS NOT NULL",
    name="as_issued",
)
# Nothing brings a credential back.
frozen(
    Credential,
    columns=["state", "ended_at", "ended_by", "ended_reason"],
    when="OLD.ended_at IS NOT NULL",
    name="once_over",
)
frozen(TestAccess, columns=["party", "starts_at", "purpose", "granted_by"], name="as_granted")
frozen(
    MaintenanceWindow,
    columns=["starts_at", "ends_at", "is_planned", "live_down", "test_down", "what", "announced_at"],
    name="as_announced",
)
