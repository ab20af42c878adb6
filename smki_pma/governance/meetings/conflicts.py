"""Declaring a conflict of interest: the person is out for the item, and for its subject, for good (C5)."""

from uuid import UUID

from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.governance.meetings.models import Ballot, Item, Meeting, Recusal
from smki_pma.governance.meetings.quorum import compute_quorum
from smki_pma.governance.meetings.room import (
    PRESIDERS,
    items_about,
    locked_item,
    note_quorum,
    quorum_facts,
    require_presiding,
    snapshot_of,
)
from smki_pma.governance.membership.selectors import SeatAt, seats_at
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties.authority import require
from smki_pma.parties.models import Person
from smki_pma.parties.roles import PMA_MEMBERS, Role

# Who may come to act for a seat declares an interest before seeing anything confidential.
DECLARERS_UNREAD = frozenset({Role.ALTERNATE, Role.SMKI_SPECIALIST})
DECLARERS = (*PMA_MEMBERS, Role.ALTERNATE, Role.SMKI_SPECIALIST)


@service
def declare_conflict(*, item_id: UUID, ground: str, by: Actor) -> Recusal:
    """Somebody who could act on the item says that he or she has an interest in it (C5)."""
    require(by, *DECLARERS, clause="L1.15")
    if by.person_id is None:
        raise NotEntitled("A conflict is declared by a person.", clause="L1.15")
    return _recuse(item_id, by.person_id, ground, by, required_by_chair=False)


@service
def require_withdrawal(*, item_id: UUID, person_id: UUID, ground: str, by: Actor) -> Recusal:
    """The person who presides requires somebody to leave for the item (C5)."""
    item = locked_item(item_id)
    require(by, *PRESIDERS, clause="L1.15")
    require_presiding(by, snapshot_of(item.meeting, item))
    return _recuse(item_id, person_id, ground, by, required_by_chair=True)


def _recuse(item_id: UUID, person_id: UUID, ground: str, by: Actor, *, required_by_chair: bool) -> Recusal:
    item = locked_item(item_id)
    if item.state in ("closed", "withdrawn"):
        raise RuleViolation("The item is over: a conflict is declared before the vote.", clause="L1.15")
    if not ground.strip():
        raise RuleViolation("Say what the interest is. Members read it.", clause="L1.15", field="ground")
    seats = seats_at()
    person = Person.objects.get(pk=person_id)
    seat = _seat_of(person_id, seats)
    if seat is None:
        raise RuleViolation(f"{person.name} acts for no seat of the SMKI PMA.", clause="L1.12")
    _check_not_yet(item, person)
    recusal = Recusal(
        item=item,
        person=person,
        name=person.name,
        seat=seat.seat.key,
        ground=ground,
        required_by_chair=required_by_chair,
        declared_at=clock.now(),
    )
    recusal.save()
    note_quorum(item.meeting)
    facts = {
        "meeting": item.meeting.reference,
        "item": item.number,
        "person": person.name,
        "seat": seat.seat.key,
        "required_by_chair": required_by_chair,
        "quorum": quorum_facts(compute_quorum(snapshot_of(item.meeting, item))),
    }
    record("conflict.declared", clause="L1.15", by=by, subject=recusal, facts=facts, audience="pma")
    return recusal


def _seat_of(person_id: UUID, seats: tuple[SeatAt, ...]) -> SeatAt | None:
    """The seat for which the person acts or could act."""
    for seat in seats:
        people = {h.person_id for h in seat.alternates} | (
            {seat.holding.person_id} if seat.holding else set()
        )
        if person_id in people:
            return seat
    return None


def _check_not_yet(item: Item, person: Person) -> None:
    """A conflict is disclosed before the vote: a ballot that is cast is final (C5)."""
    if Recusal.objects.filter(item=item, person=person).exists():
        raise RuleViolation(f"{person.name} is out for this item already.", clause="L1.15")
    about = items_about(item)
    # Another meeting that sits may be voting on the subject: its ballots wait until this declaration stands.
    sitting = Meeting.objects.filter(state="sitting", pk__in=Item.objects.filter(about).values("meeting_id"))
    list(sitting.exclude(pk=item.meeting_id).order_by("pk").select_for_update())
    cast = Ballot.objects.filter(
        vote__item__in=Item.objects.filter(about).values("pk"), vote__state="open", person=person
    )
    if (ballot := cast.select_related("vote").first()) is not None:
        what = (
            "this item" if ballot.vote.item_id == item.pk else f"{ballot.vote.reference}, on the same subject"
        )
        raise RuleViolation(
            f"{person.name} has voted on {what}, and a ballot is final. Tell the Chair, who can abandon the vote.",
            clause="L1.15",
        )
