"""What the worker does for Certification Authorities: it alone reaches the keys."""

from datetime import timedelta
from uuid import UUID

from certification.authorities.keys import KeyUnavailable
from certification.authorities.services import (
    RUN_CEREMONY,
    complete_ceremony,
    fail_ceremony,
    prepare_ceremony,
)
from smki_pma.jobs import job_handler
from smki_pma.jobs.registry import Payload
from smki_pma.ledger.actors import Actor


def _give_up(payload: Payload, error: str) -> None:
    cause = "The worker could not carry out the ceremony"
    if error == KeyUnavailable.__name__:
        cause = (
            "The worker cannot open the CA keys: look at SMKI_CA_PASSPHRASE, or SMKI_PKCS11_PIN for a token"
        )
    reason = f"{cause} ({error}). Its log says more."
    fail_ceremony(ceremony_id=UUID(payload["ceremony_id"]), reason=reason, by=Actor.clock())


@job_handler(RUN_CEREMONY, atomic=False, attempts=3, lease=timedelta(minutes=10), on_failure=_give_up)
def run_ceremony(payload: Payload) -> Payload | None:
    """Two transactions: commit to every byte, then sign and lodge. Killed anywhere, it is done again. L3.5"""
    ceremony_id = UUID(payload["ceremony_id"])
    prepare_ceremony(ceremony_id=ceremony_id, by=Actor.clock())
    ceremony = complete_ceremony(ceremony_id=ceremony_id, by=Actor.clock())
    return {"ceremony": ceremony.reference, "state": ceremony.state}
