"""The room as it is: rows read into the plain data that quorum and votes are computed from."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.governance.meetings.models import Attendance, Item, Meeting, QuorumChange, Recusal
from smki_pma.governance.meetings.quorum import (
    Capacity,
    Presence,
    Quorum,
    SeatFact,
    Snapshot,
    compute_presiding,
    compute_quorum,
)
from smki_pma.governance.membership.seats import CHAIR_SEAT
from smki_pma.governance.membership.selectors import SeatAt, changes_of_seats, seats_at
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import require
from smki_pma.parties.models import Holding
from smki_pma.parties.roles import Role

PRESIDERS = (Role.PMA_CHAIR, Role.ALTERNATE, Role.SMKI_SPECIALIST)


def lock_meeting(meeting_id: UUID) -> Meeting:
    """The meeting's row, locked: everything that happens in one meeting happens one after the other."""
    return Meeting.objects.select_for_update().get(pk=meeting_id)


def locked_item(item_id: UUID) -> Item:
    """The item, after its meeting has been locked."""
    meeting = lock_meeting(Item.objects.values_list("meeting_id", flat=True).get(pk=item_id))
    item = Item.objects.get(pk=item_id)
    item.meeting = meeting
    return item


def seat_fact(seat: SeatAt) -> SeatFact:
    """A seat of the register as quorum sees it."""
    return SeatFact(
        key=seat.seat.key,
        title=seat.seat.title,
        is_chair=seat.seat.key == CHAIR_SEAT,
        member_id=None if seat.holding is None else seat.holding.person_id,
        member_name="" if seat.holding is None else seat.holding.person.name,
        alternate_ids=tuple(h.person_id for h in seat.alternates),
        unprotected_ids=tuple(h.person_id for h in seat.alternates if h.role is Role.SMKI_SPECIALIST),
    )


def in_the_room(meeting: Meeting, at: datetime | None = None) -> list[Attendance]:
    """The stays that have not ended, or had not at a moment."""
    there = Q(left_at__isnull=True)
    if at is not None:
        there = Q(arrived_at__lte=at) & (there | Q(left_at__gt=at))
    return list(Attendance.objects.filter(there, meeting=meeting).order_by("arrived_at", "pk"))


def items_about(item: Item) -> Q:
    """The item and every other about the same subject: a conflict on one is a conflict on all (C5)."""
    about = Q(pk=item.pk)
    if item.subject_id is not None:
        about |= Q(subject_model=item.subject_model, subject_id=item.subject_id)
    return about


def recusals_for(item: Item, at: datetime | None = None) -> list[Recusal]:
    """Who is out for the item, or was at a moment: by declaration on it, or on any item about the same subject."""
    found = Recusal.objects.filter(item__in=Item.objects.filter(items_about(item)).values("pk"))
    return list(found if at is None else found.filter(declared_at__lte=at))


def snapshot_of(
    meeting: Meeting,
    item: Item | None = None,
    *,
    seats: Iterable[SeatAt] | None = None,
    at: datetime | None = None,
) -> Snapshot:
    """The room now, or at a moment, for business in general or for one item. seats: those of that moment."""
    stays = in_the_room(meeting, at)
    present = tuple(
        Presence(person_id=s.person_id, name=s.name, capacity=Capacity(s.capacity), seat=s.seat)
        for s in stays
    )
    recused = frozenset() if item is None else frozenset(r.person_id for r in recusals_for(item, at))
    facts = tuple(seat_fact(seat) for seat in (seats_at(at) if seats is None else seats))
    return Snapshot(seats=facts, present=present, recused=recused)


def require_quorum(snapshot: Snapshot, doing: str) -> Quorum:
    """No business without four members present, one of them the Chair or the Chair's Alternate (L1.13)."""
    quorum = compute_quorum(snapshot)
    if not quorum.is_quorate:
        raise RuleViolation(
            f"There is no quorum, so {doing}. Missing: {'; '.join(quorum.missing)}. "
            "Wait until quorum is restored, or adjourn.",
            clause="L1.13",
        )
    return quorum


def chair_and_alternates() -> frozenset[UUID]:
    """The Chair and who may act as the Chair's Alternate, the SMKI Specialist by deeming (L1.12)."""
    chair = seats_at()[0]
    holdings = (*chair.alternates, *([chair.holding] if chair.holding else []))
    return frozenset(holding.person_id for holding in holdings)


def require_chair_or_alternate(by: Actor, message: str, *, clause: str) -> None:
    """What only the Chair does, or who may act as the Chair's Alternate, in the room or out of it (L1.12)."""
    require(by, *PRESIDERS, clause=clause)
    if by.person_id not in chair_and_alternates():
        raise NotEntitled(message, clause=clause)


def require_presiding(by: Actor, snapshot: Snapshot) -> Holding | None:
    """The Chair presides, or the Chair's Alternate who acts for the seat now (L1.15)."""
    holding = require(by, *PRESIDERS, clause="L1.15")
    presiding = compute_presiding(snapshot)
    if presiding is None or presiding.person_id != by.person_id:
        who = "Nobody presides at this moment" if presiding is None else f"{presiding.name} presides"
        raise NotEntitled(f"{who}. Only the person who presides may do this.", clause="L1.15")
    return holding


def require_secretariat_or_presiding(by: Actor, snapshot: Snapshot) -> None:
    """The Secretariat keeps the meeting's record for the person who presides (L1.15)."""
    if by.role == Role.SECRETARIAT:
        require(by, Role.SECRETARIAT, clause="L1.15")
    else:
        require_presiding(by, snapshot)


def begin_quorum(meeting: Meeting, item: Item | None = None) -> None:
    """Put on record that quorum is found as the meeting, or its item, begins or goes on (L1.13)."""
    last = QuorumChange.objects.filter(meeting=meeting).order_by("sequence").last()
    quorum = compute_quorum(snapshot_of(meeting, item))
    _change(meeting, item, quorum, clock.now(), 1 if last is None else last.sequence + 1).save()


def note_quorum(meeting: Meeting, at: datetime | None = None) -> Quorum:
    """Put on record that quorum was lost or restored while the meeting sits, also for its open item (L1.13).

    Call it before the room or the items change otherwise than by somebody's coming, going or conflict.
    """
    for change in changes_not_noted(meeting, at or clock.now()):
        change.save()
    return compute_quorum(snapshot_of(meeting))


def changes_not_noted(meeting: Meeting, now: datetime) -> list[QuorumChange]:
    """Changes of quorum since the last one on record, in order and not saved.

    Offices begin and end by date, or by an act that is none of the meeting's, and an act without quorum is
    refused and leaves nothing on record. So each moment at which the seats changed is looked at again, with
    who was in the room then.
    """
    if not meeting.is_sitting:
        return []
    noted = list(QuorumChange.objects.filter(meeting=meeting).order_by("sequence"))
    standing = {change.item_id: change.is_quorate for change in noted}
    found: list[QuorumChange] = []
    for moment in (*changes_of_seats(noted[-1].at, now), now):
        seats = seats_at(moment)
        for item in (None, *Item.objects.filter(meeting=meeting, state="open")):
            quorum = compute_quorum(snapshot_of(meeting, item, seats=seats, at=moment))
            change = _change(meeting, item, quorum, moment, noted[-1].sequence + len(found) + 1)
            if standing.get(change.item_id) != change.is_quorate:
                standing[change.item_id] = change.is_quorate
                found.append(change)
    return found


def _change(meeting: Meeting, item: Item | None, quorum: Quorum, at: datetime, sequence: int) -> QuorumChange:
    return QuorumChange(
        meeting=meeting,
        item=item,
        at=at,
        is_quorate=quorum.is_quorate,
        counted=quorum.counted,
        sequence=sequence,
    )


def quorum_facts(quorum: Quorum) -> dict[str, object]:
    """What an entry says of the quorum."""
    return {"counted": quorum.counted, "needed": quorum.needed, "quorate": quorum.is_quorate}
