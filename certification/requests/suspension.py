"""Where a suspension of the SMKI Services stops a request."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import TextChoices

Release = Callable[..., int]


class Service(TextChoices):
    """What can be suspended apart."""

    ISSUE_DEVICE = "issue_device", "Issuing Device Certificates"
    ISSUE_ORGANISATION = "issue_organisation", "Issuing Organisation Certificates"
    BATCH = "batch", "Batches"
    REVOKE = "revoke", "Revocation"
    LISTS = "lists", "CRL and ARL"


def check_not_suspended(
    *, party_id: UUID, policy: str = "", at: datetime, service: Service | None = None
) -> None:
    """Requests are refused while L2.14 or M8.4(f) suspends issuing to this Party. L2.14

    Raises RuleViolation with the instruction's clause. No suspension can be entered yet, so none stops
    anything; every way in, for both kinds of Certificate, asks here.
    """


def held_by(*, party_id: UUID | None, service: Service, at: datetime) -> Any:
    """The suspension that holds queued work, if any. L2.14"""
    return None


def is_held(*, party_id: UUID | None, service: Service, at: datetime) -> bool:
    """Whether queued work waits for a reinstatement. L2.14"""
    return held_by(party_id=party_id, service=service, at=at) is not None


def on_reinstatement(release: Release) -> Release:
    """Register what queues held work again when a suspension ends."""
    return release
