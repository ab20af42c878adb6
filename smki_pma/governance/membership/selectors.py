"""Who holds the seven seats, who is awaited, and since when a seat is vacant."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from smki_pma.calendar import clock
from smki_pma.governance.membership.seats import CHAIR_SEAT, SEATS, Seat
from smki_pma.parties.models import Holding, Organisation, Person
from smki_pma.parties.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAt:
    """One seat at one moment.

    holding: who holds it with all rights. awaiting: whose term runs, or is to come, without Member
    Confirmation (no rights). alternates: holdings that let somebody act for it; for the Chair the
    Specialist's, by deeming.
    """

    seat: Seat
    holding: Holding | None
    awaiting: Holding | None
    alternates: tuple[Holding, ...] = ()
    vacant_since: datetime | None = None
    is_holdover: bool = False

    @property
    def is_vacant(self) -> bool:
        return self.holding is None


def _related(holdings: QuerySet[Holding]) -> QuerySet[Holding]:
    return holdings.select_related("office", "person__employer", "for_holding__office", "for_holding__person")


# The offices by which somebody acts for a seat.
ACTING = Q(office__role__in=[Role.PMA_CHAIR, Role.PMA_MEMBER, Role.ALTERNATE, Role.SMKI_SPECIALIST])


# A term that was withdrawn before it began, so that no moment is in it.
_EMPTY = Q(ends_at__isnull=False, ends_at__lte=F("starts_at"))


def seats_at(moment: datetime | None = None) -> tuple[SeatAt, ...]:
    """The seven seats, in the order of L1.3, at a moment (now by default)."""
    at = moment or clock.now()
    running = list(_related(Holding.objects.in_effect(at).filter(ACTING)))
    awaited = list(
        _related(
            Holding.objects.filter(is_seat=True, confirmed_at__isnull=True).exclude(
                _EMPTY | Q(ends_at__lte=at)
            )
        )
    )
    return tuple(_seat_at(seat, running, awaited, at) for seat in SEATS)


def changes_of_seats(after: datetime, before: datetime) -> list[datetime]:
    """Every moment between the two at which somebody came to act, or ceased to act, for a seat, in order."""
    columns = ("starts_at", "confirmed_at", "ends_at")
    changed = Q()
    for column in columns:
        changed |= Q(**{f"{column}__gt": after, f"{column}__lt": before})
    rows = Holding.objects.filter(ACTING, changed).values_list(*columns)
    return sorted({at for row in rows for at in row if at is not None and after < at < before})


def _seat_at(seat: Seat, running: list[Holding], awaited: list[Holding], at: datetime) -> SeatAt:
    holding = next((h for h in running if h.office.key == seat.key), None)
    awaiting = next((h for h in awaited if h.office.key == seat.key), None)
    alternates = _alternates(seat, holding, running)
    holdover = holding is not None and holding.term_ends_at is not None and holding.term_ends_at <= at
    return SeatAt(seat=seat, holding=holding, awaiting=awaiting, alternates=alternates, is_holdover=holdover)


def _alternates(seat: Seat, holding: Holding | None, running: list[Holding]) -> tuple[Holding, ...]:
    """Named Alternates, and the Specialist for the Chair (L1.12); none for a vacant seat."""
    if holding is None:
        return ()
    named = [h for h in running if h.for_holding_id == holding.pk]
    deemed = [h for h in running if h.role is Role.SMKI_SPECIALIST] if seat.key == CHAIR_SEAT else []
    return tuple(named + deemed)


def with_vacancies_dated(seats: tuple[SeatAt, ...]) -> tuple[SeatAt, ...]:
    """The same seats, the vacant ones with the moment since when (L1.3)."""
    now = clock.now()
    ended: dict[str, datetime] = {}
    past = Holding.objects.filter(is_seat=True, confirmed_at__isnull=False, ends_at__lte=now)
    for key, end in past.order_by("ends_at").values_list("office__key", "ends_at"):
        if end is not None:
            ended[key] = end
    return tuple(
        SeatAt(
            seat=s.seat,
            holding=s.holding,
            awaiting=s.awaiting,
            alternates=s.alternates,
            is_holdover=s.is_holdover,
            vacant_since=ended.get(s.seat.key) if s.is_vacant else None,
        )
        for s in seats
    )


def seat_holdings_overlapping(start: datetime, end: datetime | None) -> list[Holding]:
    """Every holding of a seat that shares time with [start, end)."""
    found = (
        Holding.objects.filter(is_seat=True)
        .exclude(_EMPTY)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=start))
    )
    if end is not None:
        found = found.filter(starts_at__lt=end)
    return list(_related(found))


def corporate_groups() -> dict[UUID, UUID | None]:
    """Each organisation's parent, Party or not (L1.12(c))."""
    return dict(Organisation.objects.values_list("pk", "parent_id"))


def own_seats(person: Person, at: datetime | None = None) -> list[SeatAt]:
    """The seat that the person holds as a member, with its Alternate; at most one (L1.4)."""
    return [s for s in seats_at(at) if s.holding is not None and s.holding.person_id == person.pk]
