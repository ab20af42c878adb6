"""Who acts for which seat, who is out because of a conflict, and what somebody may read of a meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from smki_pma.calendar import clock
from smki_pma.governance.meetings.models import Apology, Attendance, Item, Recusal
from smki_pma.governance.meetings.quorum import Capacity
from smki_pma.governance.membership.seats import CHAIR_SEAT
from smki_pma.governance.membership.selectors import SeatAt, seats_at
from smki_pma.parties.authority import roles_of
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import PMA_MEMBERS, Role
from smki_pma.parties.selectors import people_holding

# Who reads for the PMA as long as the office lasts, and the offices that may come to act for somebody else's seat
# (L9.12, L1.12).
READERS = PMA_MEMBERS | {Role.SECRETARIAT}
SUBSTITUTES = frozenset({Role.ALTERNATE, Role.SMKI_SPECIALIST})


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody acts, or may act, for a seat. holding_id: the office that empowers."""

    seat: str
    title: str
    capacity: Capacity
    holding_id: UUID


def acting_now(person: Person, at: datetime | None = None) -> tuple[Acting, ...]:
    """The seats for which the person acts: members always, an Alternate in the two cases of `_stands_in`.

    A member without Member Confirmation acts for none (C6.9).
    """
    moment = at or clock.now()
    return _acting(person, seats_at(moment), moment) if _could_act(person, moment) else ()


def _could_act(person: Person, at: datetime) -> bool:
    """Whether the person acts for some seat, as far as that can be told without the seats: most Alternates do not."""
    own_seat = Holding.objects.in_effect(at).filter(is_seat=True, person=person)
    return any(found.exists() for found in (_present(at, person), _standing_apologies(at), own_seat))


def _acting(person: Person, seats: Iterable[SeatAt], at: datetime) -> tuple[Acting, ...]:
    return tuple(acting for seat in seats for acting in _acting_for(seat, person, at))


def _acting_for(seat: SeatAt, person: Person, at: datetime) -> list[Acting]:
    found = []
    if seat.holding is not None and seat.holding.person_id == person.pk:
        found.append(Acting(seat.seat.key, seat.seat.title, Capacity.MEMBER, seat.holding.pk))
    for alternate in seat.alternates:
        if alternate.person_id == person.pk and _stands_in(seat, alternate, person, at):
            found.append(Acting(seat.seat.key, seat.seat.title, Capacity.ALTERNATE, alternate.pk))
    return found


def _stands_in(seat: SeatAt, alternate: Holding, person: Person, at: datetime) -> bool:
    """Whether an Alternate, the Specialist for the Chair included, acts for the seat at that moment (L1.12).

    In the room in that seat, or by the apologies of the member: until the meeting is over either way.
    """
    if _is_in_the_place(seat, person, at):
        return True
    return alternate in alternates_in_absence(seat) and apologies_of(seat, at).exists()


def alternates_in_absence(seat: SeatAt) -> tuple[Holding, ...]:
    """Who acts for a member who sends apologies; the Specialist only where the Chair has named nobody (L1.12(b))."""
    named = tuple(h for h in seat.alternates if h.role is Role.ALTERNATE)
    return named or seat.alternates


def apologies_of(seat: SeatAt, at: datetime) -> QuerySet[Apology]:
    """The apologies of the seat's member that stand at a moment, for meetings that are not over."""
    return _standing_apologies(at).filter(holding=seat.holding)


def _standing_apologies(at: datetime) -> QuerySet[Apology]:
    standing = Q(sent_at__lte=at) & (Q(taken_back_at__isnull=True) | Q(taken_back_at__gt=at))
    return Apology.objects.filter(standing, goes_on(at))


def goes_on(at: datetime) -> Q:
    """Meetings, seen from a row of theirs, that are not over at a moment."""
    return ~Q(meeting__state__in=["closed", "cancelled"]) | Q(meeting__closed_at__gt=at)


def _is_in_the_place(seat: SeatAt, person: Person, at: datetime) -> bool:
    """Whether the person is recorded as present in the seat, or stands in for a conflicted Chair for an item."""
    here = _present(at, person)
    if here.filter(seat=seat.seat.key).exists():
        return True
    if seat.seat.key != CHAIR_SEAT or seat.holding is None:
        return False
    chair = seat.holding.person
    open_items = Item.objects.filter(state="open", meeting__in=here.values("meeting_id"))
    return any(is_out_for(chair, item) and not is_out_for(person, item) for item in open_items)


def _present(at: datetime, person: Person) -> QuerySet[Attendance]:
    """Where the person sits at a moment, in meetings that are not over."""
    there = Q(arrived_at__lte=at) & (Q(left_at__isnull=True) | Q(left_at__gt=at))
    return Attendance.objects.filter(there, goes_on(at), person=person)


def pma_readers(person: Person, at: datetime | None = None) -> bool:
    """Whether the person reads for the PMA: members, acting Alternates, the Secretariat (L9.12); before conflicts."""
    roles = roles_of(person, at=at)
    # Only whether a substitute acts depends on the seats: most people are none.
    return bool(roles & READERS) or (bool(roles & SUBSTITUTES) and bool(acting_now(person, at)))


def people_reading(at: datetime | None = None) -> list[Person]:
    """Everybody who reads for the PMA at a moment, by name (L9.12); in few queries for however many people."""
    moment = at or clock.now()
    reading = set(people_holding(*READERS, at=moment))
    seats = seats_at(moment)
    substitutes = set(people_holding(*SUBSTITUTES, at=moment)) - reading
    reading.update(person for person in substitutes if _acting(person, seats, moment))
    return sorted(reading, key=lambda person: person.name)


def conflicted_persons(subject: models.Model) -> frozenset[UUID]:
    """Everybody who is out for items about the subject, from the declaration on, for good (C5)."""
    found = Recusal.objects.filter(item__subject_model=subject._meta.label, item__subject_id=subject.pk)
    return frozenset(found.values_list("person_id", flat=True))


def subjects_out_for(person: Person, subject_model: str) -> frozenset[UUID]:
    """The subjects of a kind about which the person has declared a conflict, on whatever agenda."""
    found = Recusal.objects.filter(person=person, item__subject_model=subject_model)
    ids = found.values_list("item__subject_id", flat=True)
    return frozenset(pk for pk in ids if pk is not None)


def is_out_for(person: Person, item: Item) -> bool:
    """Whether the person is out for the item, or for its subject on another agenda."""
    about = Q(item=item)
    if item.subject_id is not None:
        about |= Q(item__subject_model=item.subject_model, item__subject_id=item.subject_id)
    return Recusal.objects.filter(about, person=person).exists()


def readable(person: Person, items: Iterable[Item]) -> frozenset[UUID]:
    """Which of the items the person may read, in as many queries for many items as for one (L9.12)."""
    found = list(items)
    if not any(item.confidential for item in found):
        return frozenset(item.pk for item in found)
    reads = pma_readers(person)
    out = Recusal.objects.filter(person=person).values_list(
        "item_id", "item__subject_model", "item__subject_id"
    )
    items_out = {pk for pk, _, _ in out}
    subjects_out = {(model, pk) for _, model, pk in out if pk is not None}
    return frozenset(
        item.pk
        for item in found
        if not item.confidential
        or (reads and item.pk not in items_out and (item.subject_model, item.subject_id) not in subjects_out)
    )


def may_read_item(person: Person, item: Item) -> bool:
    """Open items are for everybody signed in; confidential ones for the PMA's readers who are not out (L9.12)."""
    return item.pk in readable(person, [item])
