"""Where a suspension of the SMKI Services stops a request and holds queued work.

New work asks `check_not_suspended`; what waits in a queue asks `is_held` and leaves without effect; a
reinstatement calls what has been registered with `on_reinstatement`, which queues it again.

Whoever asks, and then takes or issues something or leaves without effect, calls `hold_off_suspensions` first: a
suspension that begins at that very moment waits for it, and once it stands nothing more is taken or issued. A
reinstatement waits likewise: what has left by then is seen and queued again, what asks later goes on.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from certification.requests.models import Suspension
from certification.requests.suspension_rules import CLAUSES, STOPPED_BY, Ground, Service, explain_ground
from certification.subscribers.models import AuthorisedSubscriber
from certification.subscribers.rules import Policy
from smki_pma.clauses import RuleViolation
from smki_pma.parties.models import Party
from smki_pma.statements import fetch_one

__all__ = [
    "Service",
    "await_work_in_hand",
    "check_not_suspended",
    "held_by",
    "hold_off_suspensions",
    "is_held",
    "on_reinstatement",
    "release_held",
    "service_of",
    "stopped_words",
    "subscribing_parties",
    "words_of",
]

Release = Callable[..., int]
_releases: list[Release] = []
# Which advisory lock of PostgreSQL this is: any number that nobody else takes.
_LOCK = int.from_bytes(b"suspend")
_BY_POLICY = {Policy.DEVICE: Service.ISSUE_DEVICE, Policy.ORGANISATION: Service.ISSUE_ORGANISATION}


def service_of(policy: str) -> Service:
    """What a single request under a policy asks for."""
    return _BY_POLICY[Policy(policy)]


def hold_off_suspensions() -> None:
    """No suspension begins or ends before this transaction does. Call it before the time is taken. L2.14

    Whoever calls it does not wait for others who do. On SQLite a writer is alone anyway.
    """
    if connection.vendor == "postgresql":
        fetch_one("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])


def await_work_in_hand() -> None:
    """Wait for every transaction that holds suspensions off, and let none begin until this one ends. L2.14"""
    if connection.vendor == "postgresql":
        fetch_one("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def check_not_suspended(
    *, party_id: UUID | None, policy: str = "", at: datetime, service: Service | None = None
) -> None:
    """Requests are refused while an instruction suspends the service to this Party or (None) to all. L2.14, M8.4(f)

    service: what is asked for; issuing under `policy` where it is not said. Every way in, by page and by
    program, asks here. Raises RuleViolation with the clause of the ground.
    """
    wanted = service or service_of(policy)
    suspension = held_by(party_id=party_id, service=wanted, at=at)
    if suspension is not None:
        words, cited = words_of(suspension)
        raise RuleViolation(
            f"{words} Nothing was taken. You will be told when it is reinstated; hand in your request then.",
            clause=cited,
        )


def words_of(suspension: Suspension) -> tuple[str, str]:
    """What to tell those whom it stops: its ground, and the clause of that."""
    return explain_ground(suspension.ground, suspension.provision), CLAUSES[Ground(suspension.ground)]


def held_by(*, party_id: UUID | None, service: Service, at: datetime) -> Suspension | None:
    """The suspension that stops a service to a Party (None: to everybody), the earliest; None if it goes on. L2.14"""
    scope = Q(party__isnull=True) if party_id is None else Q(party__isnull=True) | Q(party_id=party_id)
    return next(_running(scope, service=service, at=at), None)


def _running(scope: Q, *, service: Service, at: datetime) -> Iterator[Suspension]:
    """Those in the scope that stop the service, the earliest first."""
    running = Suspension.objects.filter(scope, ended_at__isnull=True, starts_at__lte=at).order_by("starts_at")
    stopping = STOPPED_BY[service]
    return (each for each in running if stopping & set(each.services))


def stopped_words(*, party_ids: Iterable[UUID], service: Service, at: datetime) -> list[tuple[str, str]]:
    """What to tell Parties before they hand in: for each suspension of the service, its ground and its clause."""
    theirs = _running(Q(party__isnull=True) | Q(party__in=list(party_ids)), service=service, at=at)
    return sorted({words_of(each) for each in theirs})


def is_held(*, party_id: UUID | None, service: Service, at: datetime) -> bool:
    """Whether queued work waits for a reinstatement. L2.14"""
    return held_by(party_id=party_id, service=service, at=at) is not None


def on_reinstatement(release: Release) -> Release:
    """Register what queues held work again: called with `suspension` and `at` in the act that ends one."""
    if release not in _releases:
        _releases.append(release)
    return release


def subscribing_parties() -> list[Party]:
    """The Parties that are Authorised Subscribers under any policy now, by name."""
    running = AuthorisedSubscriber.objects.filter(withdrawn_at__isnull=True)
    rows = Party.objects.filter(pk__in=running.values("party_id")).select_related("organisation")
    return list(rows.order_by("organisation__name"))


def release_held(suspension: Suspension, *, at: datetime) -> int:
    """Queue again what the ended suspension held and no other one holds; how much that is."""
    return sum(release(suspension=suspension, at=at) for release in _releases)
