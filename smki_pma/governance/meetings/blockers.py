"""Why something cannot be done now: lists of reasons, empty when nothing stands in the way."""

from smki_pma.clauses import Refusal
from smki_pma.governance.meetings import frozen
from smki_pma.governance.meetings.models import Ballot, Vote
from smki_pma.governance.meetings.motions import Blocker, motion_kind
from smki_pma.governance.meetings.quorum import (
    Capacity,
    Snapshot,
    compute_presiding,
    compute_quorum,
    compute_seats,
)
from smki_pma.governance.meetings.room import snapshot_of
from smki_pma.ledger.actors import Actor
from smki_pma.parties.models import Person


def blockers(vote: Vote, *, snapshot: Snapshot | None = None) -> list[Blocker]:
    """Why the vote cannot be opened now (L1.13, L1.15)."""
    room = snapshot or snapshot_of(vote.item.meeting, vote.item)
    found: list[Blocker] = []
    if vote.state != "proposed":
        found.append(Blocker("The vote has been opened or withdrawn already.", "L1.15"))
    if not vote.item.meeting.is_sitting:
        found.append(Blocker("The meeting is not sitting.", "L1.13", *_meeting_of(vote)))
    if vote.item.state != "open":
        found.append(Blocker("The item is not open.", "L1.13", *_item_of(vote)))
    if vote.item.votes.filter(state="open").exclude(pk=vote.pk).exists():
        found.append(Blocker("Another vote on this item is open.", "L1.15"))
    return found + _quorum_blockers(room) + _paper_blockers(vote) + _subject_blockers(vote)


def _quorum_blockers(room: Snapshot) -> list[Blocker]:
    quorum = compute_quorum(room)
    if quorum.is_quorate:
        return []
    return [Blocker(f"There is no quorum for this item. Missing: {'; '.join(quorum.missing)}.", "L1.13")]


def _paper_blockers(vote: Vote) -> list[Blocker]:
    waiting = [paper for paper in vote.item.papers.all() if not paper.is_admitted]
    return [
        Blocker(f"The late paper “{paper.title}” awaits the Chair's leave.", "L1.15", *_item_of(vote))
        for paper in waiting
    ]


def _item_of(vote: Vote) -> tuple[str, str]:
    return f"/meetings/items/{vote.item_id}/", f"Go to item {vote.item.number}"


def _meeting_of(vote: Vote) -> tuple[str, str]:
    return f"/meetings/{vote.item.meeting_id}/", "Go to the meeting"


def _subject_blockers(vote: Vote) -> list[Blocker]:
    """What the subject's owner says, and that the document is still the one that was proposed."""
    try:
        said = motion_kind(vote.kind).proposition(vote.subject_id, vote.option, vote.parameters)
    except Refusal as refusal:
        return [Blocker(refusal.message, refusal.clause.id)]
    found = list(said.blockers)
    now = said.document.sha256 if said.document else ""
    if now != vote.document_sha256:
        found.append(
            Blocker(
                "The document has changed since the question was put. Withdraw it and put a new one.", "L1.15"
            )
        )
    return found


def ballot_blockers(person: Person, vote: Vote, *, snapshot: Snapshot | None = None) -> list[Blocker]:
    """Why this person cannot vote now; empty for somebody who can."""
    room = snapshot or snapshot_of(vote.item.meeting, vote.item)
    if not vote.is_open:
        return [Blocker("This vote is not open.", "L1.15")]
    seat = next((s for s in compute_seats(room) if s.acting and s.acting.person_id == person.pk), None)
    if seat is None:
        return [Blocker(_why_no_seat(person.pk, room), "L1.13")]
    found = _quorum_blockers(room)
    if frozen.entitled_holding(vote.opening_snapshot, seat.seat.key, person.pk) is None:
        found.append(Blocker("When this vote was opened you could not act for this seat.", "L1.15"))
    if Ballot.objects.filter(vote=vote, seat=seat.seat.key).exists():
        found.append(Blocker("The ballot of this seat has been cast, and is final.", "L1.15"))
    return found


def describe_missing_seat(by: Actor, room: Snapshot) -> str:
    """Why somebody acts for no seat now, in a sentence."""
    return _why_no_seat(by.person_id, room)


def _why_no_seat(person_id: object, room: Snapshot) -> str:
    if person_id in room.recused:
        return "You are out for this item because of a conflict of interest, so you cannot vote on it."
    stay = next((p for p in room.present if p.person_id == person_id), None)
    if stay is None:
        return "You are not recorded as present. Ask the Secretariat to record your arrival."
    if stay.capacity in (Capacity.MEMBER, Capacity.ALTERNATE):
        return "You no longer act for the seat that you came for. Ask the Secretariat."
    presiding = compute_presiding(room)
    return (
        "You attend without a seat, so you have no vote."
        if presiding is not None
        else "You attend without a seat, and nobody presides. The Secretariat records who acts for the Chair."
    )
