"""What is frozen with a vote, as canonical JSON, and the outcome read back from it alone.

Opening: who may vote, who acts for whom, who is out, by whom and with what quorum the vote was opened.
Closing: the ballots, who was in the room since the opening, when quorum was lost, and the quorum at the close.
No row of the membership is read again: a later change cannot change a past outcome.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from smki_pma.governance.meetings.models import Attendance, Ballot, QuorumChange, Recusal, Vote
from smki_pma.governance.meetings.outcome import Cast, Outcome, Position, compute_outcome
from smki_pma.governance.meetings.quorum import Quorum, Snapshot, compute_presiding, compute_seats
from smki_pma.governance.membership.seats import CHAIR_SEAT
from smki_pma.governance.membership.selectors import SeatAt
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.canonical import canonical

VERSION = 1


def digest(text: str) -> str:
    """The SHA-256 of a frozen text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def freeze(value: Mapping[str, object]) -> str:
    """Canonical JSON as text."""
    return canonical(value).decode("utf-8")


def thaw(text: str) -> dict[str, Any]:
    """A frozen text as data."""
    data: dict[str, Any] = json.loads(text)
    return data


def freeze_opening(
    vote: Vote,
    snapshot: Snapshot,
    quorum: Quorum,
    *,
    seats: tuple[SeatAt, ...],
    by: Actor,
    at: datetime,
    casting_vote: bool,
) -> str:
    """The opening snapshot: the electorate as it stands, to the person."""
    presiding = compute_presiding(snapshot)
    return freeze(
        {
            "version": VERSION,
            "vote": vote.reference,
            "proposition_sha256": digest(vote.proposition),
            "opened_at": at,
            "opened_by": by.name,
            "presiding": None if presiding is None else presiding.name,
            "quorum": _quorum(quorum),
            "chair_has_casting_vote": casting_vote,
            "recused": sorted(str(person) for person in snapshot.recused),
            "seats": _seats(snapshot, seats),
        }
    )


def _quorum(quorum: Quorum) -> dict[str, object]:
    return {"counted": quorum.counted, "needed": quorum.needed, "chair_present": quorum.chair_present}


def _seats(snapshot: Snapshot, seats: tuple[SeatAt, ...]) -> list[dict[str, object]]:
    by_key = {seat.seat.key: seat for seat in seats}
    found: list[dict[str, object]] = []
    for now in compute_seats(snapshot):
        held = by_key[now.seat.key]
        entitled = [] if held.holding is None else [held.holding, *held.alternates]
        acting = None
        if now.acting is not None:
            acting = {
                "person": now.acting.person_id,
                "name": now.acting.name,
                "capacity": now.acting.capacity,
            }
        found.append(
            {
                "seat": now.seat.key,
                "title": now.seat.title,
                "member": now.seat.member_name,
                "standing": now.standing,
                "acting": acting,
                "may_act": [
                    {"person": h.person_id, "name": h.person.name, "holding": h.pk, "role": h.role}
                    for h in entitled
                ],
            }
        )
    return found


def entitled_holding(opening: str, seat: str, person_id: UUID) -> UUID | None:
    """The holding by which the person may act for the seat in this vote, as frozen at the opening."""
    for row in thaw(opening)["seats"]:
        if row["seat"] == seat:
            for entitled in row["may_act"]:
                if entitled["person"] == str(person_id):
                    return UUID(entitled["holding"])
    return None


def freeze_closing(
    vote: Vote,
    quorum: Quorum,
    *,
    ballots: Iterable[Ballot],
    stays: Iterable[Attendance],
    recusals: Iterable[Recusal],
    changes: Iterable[QuorumChange],
    by: Actor,
    at: datetime,
) -> str:
    """The closing snapshot: everything that the outcome follows from."""
    opening = thaw(vote.opening_snapshot)
    return freeze(
        {
            "version": VERSION,
            "vote": vote.reference,
            "opening_sha256": digest(vote.opening_snapshot),
            "closed_at": at,
            "closed_by": by.name,
            "quorum": _quorum(quorum),
            "chair_seat": CHAIR_SEAT,
            "chair_has_casting_vote": opening["chair_has_casting_vote"],
            "ballots": [_ballot(ballot) for ballot in sorted(ballots, key=lambda b: b.seat)],
            "presence": [_stay(stay) for stay in stays],
            "recusals": [{"person": r.name, "seat": r.seat, "declared_at": r.declared_at} for r in recusals],
            "quorum_changes": [{"at": c.at, "quorate": c.is_quorate, "counted": c.counted} for c in changes],
        }
    )


def _ballot(ballot: Ballot) -> dict[str, object]:
    return {
        "seat": ballot.seat,
        "title": ballot.seat_title,
        "person": ballot.person_id,
        "name": ballot.name,
        "capacity": ballot.capacity,
        "holding": ballot.holding_id,
        "position": ballot.position,
        "reason": ballot.reason,
        "receipt": ballot.receipt,
        "cast_at": ballot.cast_at,
    }


def _stay(stay: Attendance) -> dict[str, object]:
    return {
        "person": stay.person_id,
        "name": stay.name,
        "seat": stay.seat,
        "capacity": stay.capacity,
        "from": stay.arrived_at,
        "to": stay.left_at,
    }


def outcome_of(closing: str) -> Outcome:
    """The outcome, from the closing snapshot and nothing else (L1.15)."""
    data = thaw(closing)
    casts = [Cast(seat=b["seat"], position=Position(b["position"])) for b in data["ballots"]]
    return compute_outcome(
        casts, chair_seat=data["chair_seat"], chair_has_casting_vote=data["chair_has_casting_vote"]
    )
