"""The SMKI PMA may direct DCC to revoke a Certificate."""

from typing import Any
from uuid import UUID

from certification.revocations.models import Revocation
from certification.revocations.services import SERVING, certificate_with_serial
from smki_pma.clauses import RuleViolation
from smki_pma.governance.meetings.motions import Blocker, MotionKind, Option, Proposition, register_motion

register_motion(
    MotionKind(
        key="revocations.direct",
        clause=SERVING,
        title="Direct DCC to revoke a Certificate",
        options=(
            Option(
                key="revoke",
                label="Direct its revocation",
                effect="DCC's Registration Authority carries it out, and the next CRL names the Certificate.",
                carries="certification.revocations.services.direct_revocation",
            ),
        ),
        describe="certification.revocations.motions.describe",
        form="certification.revocations.motion_forms.DirectRevocationForm",
    )
)


def describe(subject_id: UUID | None, option: str, parameters: dict[str, Any]) -> Proposition:
    """The question names the Certificate to the digit and says why it is to be revoked."""
    certificate = certificate_with_serial(str(parameters.get("serial", "")))
    question = (
        f"Shall DCC revoke the {certificate.get_kind_display()} Certificate with the serial number "
        f"{certificate.serial_shown}?"
    )
    reason = str(parameters.get("reason", "")).strip()
    if not reason:
        raise RuleViolation("Say why it is to be revoked.", clause=SERVING, field="reason")
    revoked = Revocation.objects.filter(certificate=certificate).exists()
    blockers = (Blocker("The Certificate is revoked already.", SERVING),) if revoked else ()
    return Proposition(
        question=f"{question}\n\nReason: {reason}", public_question=question, blockers=blockers
    )
