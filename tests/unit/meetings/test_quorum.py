"""L1.13 as a table and as laws."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smki_pma.governance.meetings.quorum import (
    QUORUM,
    Capacity,
    Presence,
    SeatFact,
    Snapshot,
    compute_departures_that_break_quorum,
    compute_presiding,
    compute_quorum,
    compute_seats,
    compute_without,
)
from smki_pma.governance.membership.seats import CHAIR_SEAT, SEATS

SPACE = UUID(int=7)
KEYS = [seat.key for seat in SEATS]
OTHERS = KEYS[1:]


def member_of(key: str) -> UUID:
    return uuid5(SPACE, f"member {key}")


def alternate_of(key: str) -> UUID:
    return uuid5(SPACE, f"alternate {key}")


def seat(key: str, *, held: bool = True) -> SeatFact:
    return SeatFact(
        key=key,
        title=key,
        is_chair=key == CHAIR_SEAT,
        member_id=member_of(key) if held else None,
        alternate_ids=(alternate_of(key),),
    )


def present(key: str, *, alternate: bool = False) -> Presence:
    person = alternate_of(key) if alternate else member_of(key)
    capacity = Capacity.ALTERNATE if alternate else Capacity.MEMBER
    return Presence(person_id=person, name=key, capacity=capacity, seat=key)


def invitee(person_id: UUID) -> Presence:
    return Presence(person_id=person_id, name="invitee", capacity=Capacity.INVITEE)


def snapshot(*people: Presence, vacant: tuple[str, ...] = (), recused: tuple[UUID, ...] = ()) -> Snapshot:
    return Snapshot(
        seats=tuple(seat(key, held=key not in vacant) for key in KEYS),
        present=people,
        recused=frozenset(recused),
    )


CHAIR = present(CHAIR_SEAT)
CHAIRS_ALTERNATE = present(CHAIR_SEAT, alternate=True)
THREE = tuple(present(key) for key in OTHERS[:3])
SIX = tuple(present(key) for key in OTHERS)
TABLE = [
    ("the Chair and three", snapshot(CHAIR, *THREE), True),
    ("the Chair and two", snapshot(CHAIR, *THREE[:2]), False),
    ("six without Chair or Chair's Alternate", snapshot(*SIX), False),
    ("the Chair's Alternate and three", snapshot(CHAIRS_ALTERNATE, *THREE), True),
    ("Chair and Alternate, the seat counts once", snapshot(CHAIR, CHAIRS_ALTERNATE, *THREE[:2]), False),
    ("an Alternate counts", snapshot(CHAIR, *THREE[:2], present(OTHERS[2], alternate=True)), True),
    ("three vacancies do not lower the four", snapshot(CHAIR, *THREE[:2], vacant=tuple(OTHERS[2:])), False),
    ("nobody acts for a vacant seat", snapshot(CHAIR, *THREE, vacant=(OTHERS[0],)), False),
    (
        "the Specialist as invitee does not count",
        snapshot(CHAIR, *THREE[:2], invitee(alternate_of(CHAIR_SEAT))),
        False,
    ),
    ("a vacant chair has no Alternate", snapshot(CHAIRS_ALTERNATE, *SIX, vacant=(CHAIR_SEAT,)), False),
    ("a recused member is not counted", snapshot(CHAIR, *THREE, recused=(member_of(OTHERS[0]),)), False),
    ("a conflicted Chair without Alternate", snapshot(CHAIR, *SIX, recused=(member_of(CHAIR_SEAT),)), False),
    (
        "a conflicted Chair is replaced by the Specialist in the room",
        snapshot(CHAIR, *THREE, invitee(alternate_of(CHAIR_SEAT)), recused=(member_of(CHAIR_SEAT),)),
        True,
    ),
    (
        "a conflicted member is not replaced by an Alternate",
        snapshot(CHAIR, *THREE[:2], present(OTHERS[2], alternate=True), recused=(member_of(OTHERS[2]),)),
        False,
    ),
    (
        "both Chair and Chair's Alternate conflicted",
        snapshot(
            CHAIR,
            *SIX,
            invitee(alternate_of(CHAIR_SEAT)),
            recused=(member_of(CHAIR_SEAT), alternate_of(CHAIR_SEAT)),
        ),
        False,
    ),
    (
        "a stranger recorded for a seat does not count",
        snapshot(
            CHAIR,
            *THREE[:2],
            Presence(person_id=uuid5(SPACE, "x"), name="x", capacity=Capacity.MEMBER, seat=OTHERS[3]),
        ),
        False,
    ),
    (
        "one person does not count for two seats",
        Snapshot(
            seats=(
                seat(CHAIR_SEAT),
                *(
                    SeatFact(
                        key=key,
                        title=key,
                        is_chair=False,
                        member_id=member_of(key),
                        alternate_ids=(alternate_of("all"),),
                    )
                    for key in OTHERS
                ),
            ),
            present=(
                CHAIR,
                *(
                    Presence(person_id=alternate_of("all"), name="a", capacity=Capacity.ALTERNATE, seat=key)
                    for key in OTHERS
                ),
            ),
        ),
        False,
    ),
]


@pytest.mark.clause("L1.13", "L1.12")
@pytest.mark.parametrize(("case", "room", "quorate"), TABLE, ids=[row[0] for row in TABLE])
def test_quorum(case: str, room: Snapshot, quorate: bool) -> None:
    assert compute_quorum(room).is_quorate is quorate


@st.composite
def rooms(draw: st.DrawFn) -> Snapshot:
    people = []
    for key in KEYS:
        match draw(st.sampled_from(["away", "member", "alternate", "invited"])):
            case "member":
                people.append(present(key))
            case "alternate":
                people.append(present(key, alternate=True))
            case "invited":
                people.append(invitee(alternate_of(key)))
    vacant = tuple(key for key in KEYS if draw(st.booleans()) and draw(st.booleans()))
    everybody = [member_of(key) for key in KEYS] + [alternate_of(key) for key in KEYS]
    recused = tuple(draw(st.sets(st.sampled_from(everybody), max_size=3)))
    return snapshot(*people, vacant=vacant, recused=recused)


@pytest.mark.clause("L1.13")
@given(rooms())
def test_quorum_means_four_seats_with_the_chairs_among_them(room: Snapshot) -> None:
    acting = [s for s in compute_seats(room) if s.acting is not None]
    quorum = compute_quorum(room)

    assert quorum.is_quorate == (len(acting) >= QUORUM and any(s.seat.is_chair for s in acting))
    assert quorum.counted == len(acting) <= 7


@pytest.mark.clause("L1.12", "L1.13")
@given(rooms())
def test_nobody_acts_for_two_seats_for_a_vacant_one_or_while_out(room: Snapshot) -> None:
    acting = [s for s in compute_seats(room) if s.acting is not None]
    people = [s.acting.person_id for s in acting if s.acting]

    assert len(people) == len(set(people))
    assert not set(people) & room.recused
    assert all(s.seat.member_id is not None for s in acting)
    for s in acting:
        assert s.acting is not None
        assert s.acting.person_id in {s.seat.member_id, *s.seat.alternate_ids}


@pytest.mark.clause("L1.13")
@given(rooms())
def test_the_warning_names_exactly_those_whose_departure_breaks_quorum(room: Snapshot) -> None:
    warned = compute_departures_that_break_quorum(room)
    quorate = compute_quorum(room).is_quorate

    for person in {p.person_id for p in room.present}:
        after = compute_quorum(compute_without(room, person)).is_quorate
        assert (person in warned) == (quorate and not after)


@pytest.mark.clause("L1.13")
@given(rooms(), st.sampled_from(KEYS))
def test_one_more_recusal_never_helps_but_to_replace_the_chair(room: Snapshot, key: str) -> None:
    more = Snapshot(seats=room.seats, present=room.present, recused=room.recused | {member_of(key)})

    if key != CHAIR_SEAT:
        assert compute_quorum(more).counted <= compute_quorum(room).counted


@pytest.mark.clause("L1.15")
@given(rooms())
def test_who_presides_acts_for_the_chairs_seat(room: Snapshot) -> None:
    presiding = compute_presiding(room)

    assert (presiding is not None) == compute_quorum(room).chair_present
    if presiding is not None:
        assert presiding.person_id in {member_of(CHAIR_SEAT), alternate_of(CHAIR_SEAT)}
