"""What the worker does for the service interface: it signs credentials, and ends those whose right is gone."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from certification.service_interface.access import with_rights
from certification.service_interface.credentials import (
    ISSUE,
    RENEW,
    ask_for_renewal,
    fail_credential,
    issue_credential,
    lapse_credential,
    why_over,
)
from certification.service_interface.models import Credential, RecordedAnnex
from certification.service_interface.states import ACTIVE, BEING_ISSUED
from smki_pma.calendar import clock
from smki_pma.duties.models import Duty
from smki_pma.jobs import Lane, every, job_handler
from smki_pma.jobs.registry import Payload
from smki_pma.ledger.actors import Actor
from smki_pma.rules_in_force.selectors import figure


def _give_up(payload: Payload, error: str) -> None:
    reason = f"The worker could not sign it ({error}). Ask again; DCC's log says more."
    fail_credential(credential_id=UUID(payload["credential_id"]), reason=reason, by=Actor.clock())


@job_handler(ISSUE, lane=Lane.URGENT, attempts=3, on_failure=_give_up)
def issue(payload: Payload) -> Payload | None:
    """Sign and store in one transaction: killed anywhere, nothing was issued. L4.5"""
    credential = issue_credential(credential_id=UUID(payload["credential_id"]), by=Actor.clock())
    return {"state": credential.state}


@every("10m", name="interface.end_credentials", atomic=False)
def end_credentials() -> dict[str, Any]:
    """Write down what the interface refuses already: credentials whose right has gone. L4.1"""
    now, ended = clock.now(), 0
    standing = Credential.objects.filter(state__in=[BEING_ISSUED, ACTIVE])
    for credential in with_rights(standing, at=now):
        if why_over(credential, at=now):
            lapse_credential(credential_id=credential.pk, by=Actor.clock())
            ended += 1
    return {"ended": ended}


@every("1h", name="interface.compare_annex")
def compare_annex() -> dict[str, Any]:
    """Look whether the interface still does what its specification in force states. L4.1"""
    if not RecordedAnnex.objects.exists():
        return {"differences": 0}
    # Here and not above: it brings the whole JSON interface with it, which no other job needs.
    from certification.service_interface import annexes

    return {"differences": len(annexes.compare_annex(by=Actor.clock()).differences)}


@every("6h", name="interface.renewals", atomic=False)
def ask_for_renewals() -> dict[str, Any]:
    """Ask for a replacement of what expires soon, each once. L4.5"""
    soon = clock.now() + timedelta(days=figure("interface.renewal_days"))
    expiring = Credential.objects.filter(state=ACTIVE, expires_at__lte=soon)
    asked = 0
    told = set(Duty.objects.filter(kind=RENEW).values_list("subject_id", flat=True))
    for pk in expiring.values_list("pk", flat=True):
        if str(pk) not in told:
            ask_for_renewal(credential_id=pk, by=Actor.clock())
            asked += 1
    return {"asked": asked}
