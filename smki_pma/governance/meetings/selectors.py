"""Who acts for which seat, who is out because of a conflict, and what somebody may read of a meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q

from smki_pma.governance.meetings.models import Attendance, Item, Recusal
from smki_pma.governance.meetings.quorum import Capacity
from smki_pma.governance.membership.seats import CHAIR_SEAT
from smki_pma.governance.membership.selectors import SeatAt, seats_at
from smki_pma.parties.authority import roles_of
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody acts, or may act, for a seat. holding_id: the office that empowers."""

    seat: str
    title: str
    capacity: Capacity
    holding_id: UUID


def acting_now(person: Person, at: datetime | None = None) -> tuple[Acting, ...]:
    """The seats for which the person acts: members, named Alternates, the Specialist while in the Chair's place.

    A member without Member Confirmation acts for none (C6.9).
    """
    return tuple(acting for seat in seats_at(at) for acting in _acting_for(seat, person))


def _acting_for(seat: SeatAt, person: Person) -> list[Acting]:
    found = []
    if seat.holding is not None and seat.holding.person_id == person.pk:
        found.append(Acting(seat.seat.key, seat.seat.title, Capacity.MEMBER, seat.holding.pk))
    for alternate in seat.alternates:
        named = alternate.role is Role.ALTERNATE or is_in_the_chairs_place(person)
        if alternate.person_id == person.pk and named:
            found.append(Acting(seat.seat.key, seat.seat.title, Capacity.ALTERNATE, alternate.pk))
    return found


def is_in_the_chairs_place(person: Person) -> bool:
    """Whether the person is recorded as the Chair's Alternate at a meeting that goes on, or stands in for an item."""
    here = Attendance.objects.filter(person=person, left_at__isnull=True).exclude(
        meeting__state__in=["closed", "cancelled"]
    )
    if here.filter(seat=CHAIR_SEAT).exists():
        return True
    conflicted_chair = Recusal.objects.filter(seat=CHAIR_SEAT, item__state="open").exclude(person=person)
    return conflicted_chair.filter(item__meeting__in=here.values("meeting_id")).exists()


def pma_readers(person: Person, at: datetime | None = None) -> bool:
    """Whether the person reads for the PMA: members, acting Alternates, the Secretariat (L9.12); before conflicts."""
    return Role.SECRETARIAT in roles_of(person, at=at) or bool(acting_now(person, at))


def conflicted_persons(subject: models.Model) -> frozenset[UUID]:
    """Everybody who is out for items about the subject, from the declaration on, for good (C5)."""
    found = Recusal.objects.filter(item__subject_model=subject._meta.label, item__subject_id=subject.pk)
    return frozenset(found.values_list("person_id", flat=True))


def is_conflicted(person: Person, subject: models.Model) -> bool:
    """Whether the person has declared a conflict about the subject."""
    return person.pk in conflicted_persons(subject)


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
