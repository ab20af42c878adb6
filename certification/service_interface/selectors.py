"""Reads of the service interface's room."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from certification.service_interface.models import AvailabilityFact, Credential, MaintenanceWindow, TestAccess
from certification.subscribers.models import AuthorisedSubscriber
from smki_pma.calendar import clock
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import Role


def has_test_access(party_id: UUID, *, at: datetime | None = None) -> bool:
    """Whether the Party may use the test interface for entry testing at a moment. L4.1(b)"""
    return _with_test_access(at or clock.now()).filter(party_id=party_id).exists()


def _with_test_access(at: datetime) -> QuerySet[TestAccess]:
    return TestAccess.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), starts_at__lte=at)


def window_running(environment: str, *, at: datetime) -> MaintenanceWindow | None:
    """The announced work that takes an environment's interface down at a moment, the last to end. L4.2"""
    down = {"live": Q(live_down=True), "test": Q(test_down=True)}[environment]
    running = MaintenanceWindow.objects.filter(
        down, starts_at__lte=at, ends_at__gt=at, cancelled_at__isnull=True, over_at__isnull=True
    )
    return running.order_by("-ends_at").first()


def planned_spans(*, live_down: bool, test_down: bool) -> list[tuple[datetime, datetime]]:
    """Planned Maintenance announced that takes one of these interfaces down, as it really ran. H8.3"""
    down = Q(live_down=True) if live_down else Q()
    if test_down:
        down |= Q(test_down=True)
    windows = MaintenanceWindow.objects.filter(down, is_planned=True, cancelled_at__isnull=True)
    return [(window.starts_at, window.until) for window in windows]


def people_to_tell(*, at: datetime) -> list[Person]:
    """The officers of those who use the interface: Authorised Subscribers and Parties with test access. L4.1"""
    subscribers = AuthorisedSubscriber.objects.filter(withdrawn_at__isnull=True).values("party_id")
    testing = _with_test_access(at).values("party_id")
    holdings = Holding.objects.in_effect(at).filter(
        Q(party__in=subscribers) | Q(party__in=testing), office__role=Role.PARTY_OFFICER
    )
    return list(Person.objects.filter(pk__in=holdings.values("person_id")).order_by("name"))


def obliged_from() -> date | None:
    """The date from which DCC is obliged to provide the SMKI Services, as last recorded. L4.2(a)"""
    facts = AvailabilityFact.objects.filter(kind=AvailabilityFact.Kind.SERVICES)
    return facts.order_by("-recorded_at").values_list("starts_on", flat=True).first()


def credentials_of(party_ids: Iterable[UUID]) -> QuerySet[Credential]:
    """Every credential of these Parties with what a page shows of it."""
    return all_credentials().filter(party__in=list(party_ids))


def all_credentials() -> QuerySet[Credential]:
    return Credential.objects.select_related("party__organisation", "holder").order_by("-asked_at", "pk")


def test_accesses() -> QuerySet[TestAccess]:
    """Every grant of test access, newest first."""
    return TestAccess.objects.select_related("party__organisation", "granted_by", "ended_by")


def windows_by_time(*, at: datetime) -> tuple[list[MaintenanceWindow], QuerySet[MaintenanceWindow]]:
    """Announced work that is running or ahead, soonest first, and what is over or cancelled, latest first. L4.2"""
    ahead = Q(ends_at__gt=at, cancelled_at__isnull=True, over_at__isnull=True)
    coming = list(MaintenanceWindow.objects.filter(ahead).order_by("starts_at"))
    return coming, MaintenanceWindow.objects.exclude(pk__in=[each.pk for each in coming]).order_by(
        "-starts_at"
    )
