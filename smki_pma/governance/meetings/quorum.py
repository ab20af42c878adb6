"""Who acts for which seat, and whether business may be transacted: pure functions of a snapshot (L1.13)."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

QUORUM = 4


class Capacity(StrEnum):
    """In what capacity somebody attends."""

    MEMBER = "member"
    ALTERNATE = "alternate"
    INVITEE = "invitee"
    SECRETARIAT = "secretariat"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Somebody in the room. seat: the key of the seat acted for, "" for those who act for none."""

    person_id: UUID
    name: str
    capacity: Capacity
    seat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFact:
    """One of the seven seats as the register shows it. member_id: None where vacant or not confirmed.

    alternate_ids: who may act for the member by appointment (for the Chair by deeming) at this moment.
    unprotected_ids: the SMKI Specialist among them, to whom Section C3.12 does not apply (L1.16).
    """

    key: str
    title: str
    is_chair: bool
    member_id: UUID | None
    member_name: str = ""
    alternate_ids: tuple[UUID, ...] = ()
    unprotected_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything that quorum depends on, at one moment and for one item. recused: people out for the item."""

    seats: tuple[SeatFact, ...]
    present: tuple[Presence, ...]
    recused: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatNow:
    """How a seat stands: who acts for it, and if nobody, why."""

    seat: SeatFact
    acting: Presence | None
    is_recused: bool

    @property
    def capacity(self) -> Capacity | None:
        return None if self.acting is None else self.acting.capacity

    @property
    def is_unprotected(self) -> bool:
        """Whether the SMKI Specialist acts, without the protections of C3.12 (L1.16)."""
        return self.acting is not None and self.acting.person_id in self.seat.unprotected_ids

    @property
    def standing(self) -> str:
        """In words, for pages and minutes."""
        if self.seat.member_id is None:
            return "vacant"
        if self.acting is None:
            return "out for this item" if self.is_recused else "absent"
        return "present" if self.acting.capacity is Capacity.MEMBER else "Alternate present"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quorum:
    """The answer: seats that count, whether the Chair's seat is among them, and what is missing in words."""

    counted: int
    needed: int
    chair_present: bool
    missing: tuple[str, ...]

    @property
    def is_quorate(self) -> bool:
        return not self.missing


def compute_seats(snapshot: Snapshot) -> tuple[SeatNow, ...]:
    """Each seat with who acts for it now: nobody acts for two, a recused person for none (L1.12, L1.13)."""
    used: set[UUID] = set()
    found: list[SeatNow] = []
    for seat in snapshot.seats:
        acting = _acting(seat, snapshot, used)
        if acting is not None:
            used.add(acting.person_id)
        recused = any(p.person_id in snapshot.recused for p in snapshot.present if p.seat == seat.key) or (
            seat.member_id in snapshot.recused
        )
        found.append(SeatNow(seat=seat, acting=acting, is_recused=acting is None and recused))
    return tuple(found)


def _acting(seat: SeatFact, snapshot: Snapshot, used: set[UUID]) -> Presence | None:
    if seat.member_id is None:
        return None
    if seat.member_id in snapshot.recused:
        return _in_place_of_conflicted_chair(seat, snapshot, used) if seat.is_chair else None
    entitled = {seat.member_id, *seat.alternate_ids}
    for presence in snapshot.present:
        fits = presence.seat == seat.key and presence.person_id in entitled
        if fits and presence.person_id not in snapshot.recused | used:
            return presence
    return None


def _in_place_of_conflicted_chair(seat: SeatFact, snapshot: Snapshot, used: set[UUID]) -> Presence | None:
    """The Chair's Alternate, perhaps in the room as invitee, replaces a conflicted Chair for the item (house rule)."""
    others = {s.member_id for s in snapshot.seats if not s.is_chair}
    for presence in snapshot.present:
        free = presence.seat in ("", seat.key) and presence.person_id not in snapshot.recused | used | others
        if presence.person_id in seat.alternate_ids and free:
            return Presence(
                person_id=presence.person_id, name=presence.name, capacity=Capacity.ALTERNATE, seat=seat.key
            )
    return None


def compute_quorum(snapshot: Snapshot) -> Quorum:
    """Four of the members, one of them the Chair or the Chair's Alternate; vacancies do not lower the four (L1.13)."""
    acting = [seat for seat in compute_seats(snapshot) if seat.acting is not None]
    chair_present = any(seat.seat.is_chair for seat in acting)
    missing = []
    if len(acting) < QUORUM:
        missing.append(f"{QUORUM - len(acting)} more of the members or their Alternates")
    if not chair_present:
        missing.append("the Chair or the Chair's Alternate")
    return Quorum(counted=len(acting), needed=QUORUM, chair_present=chair_present, missing=tuple(missing))


def compute_without(snapshot: Snapshot, person_id: UUID) -> Snapshot:
    """The same moment with one person gone: what a departure would do."""
    staying = tuple(p for p in snapshot.present if p.person_id != person_id)
    return Snapshot(seats=snapshot.seats, present=staying, recused=snapshot.recused)


def compute_departures_that_break_quorum(snapshot: Snapshot) -> frozenset[UUID]:
    """The people whose departure alone would end a quorum that holds now (L1.13)."""
    if not compute_quorum(snapshot).is_quorate:
        return frozenset()
    people = {seat.acting.person_id for seat in compute_seats(snapshot) if seat.acting is not None}
    return frozenset(p for p in people if not compute_quorum(compute_without(snapshot, p)).is_quorate)


def compute_presiding(snapshot: Snapshot) -> Presence | None:
    """The Chair presides, or the Chair's Alternate who acts for the seat (L1.15)."""
    return next((s.acting for s in compute_seats(snapshot) if s.seat.is_chair), None)
