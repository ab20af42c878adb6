"""Reads of the service interface's room."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from certification.service_interface.models import MaintenanceWindow, TestAccess
from smki_pma.calendar import clock


def has_test_access(party_id: UUID, *, at: datetime | None = None) -> bool:
    """Whether the Party may use the test interface for entry testing at a moment. L4.1(b)"""
    at = at or clock.now()
    standing = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
    return TestAccess.objects.filter(standing, party_id=party_id, starts_at__lte=at).exists()


def window_running(environment: str, *, at: datetime) -> MaintenanceWindow | None:
    """The announced work that takes an environment's interface down at a moment, the last to end. L4.2"""
    down = {"live": Q(live_down=True), "test": Q(test_down=True)}[environment]
    running = MaintenanceWindow.objects.filter(
        down, starts_at__lte=at, ends_at__gt=at, cancelled_at__isnull=True, over_at__isnull=True
    )
    return running.order_by("-ends_at").first()
