"""A vote from the opening to the outcome (L1.13, L1.15)."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.acts import discharge_duties, open_duty, withdraw_duties
from smki_pma.governance.meetings import frozen
from smki_pma.governance.meetings.blockers import blockers, describe_missing_seat
from smki_pma.governance.meetings.conflicts import DECLARERS
from smki_pma.governance.meetings.documents import request_decision
from smki_pma.governance.meetings.effects import carry_out
from smki_pma.governance.meetings.models import Attendance, Ballot, QuorumChange, Vote
from smki_pma.governance.meetings.outcome import Position
from smki_pma.governance.meetings.quorum import (
    Quorum,
    SeatNow,
    compute_presiding,
    compute_quorum,
    compute_seats,
)
from smki_pma.governance.meetings.room import (
    locked_item,
    note_quorum,
    recusals_for,
    require_presiding,
    require_quorum,
    snapshot_of,
)
from smki_pma.governance.meetings.states import VOTE
from smki_pma.governance.membership.selectors import seats_at
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties.authority import require
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.selectors import rule

CAST = "meetings.cast_ballot"
RECEIPT_LETTERS = "23456789BCDFGHJKMNPQRTVWXY"


def locked_vote(vote_id: UUID) -> Vote:
    """The vote, after its meeting has been locked."""
    item = locked_item(Vote.objects.values_list("item_id", flat=True).get(pk=vote_id))
    vote = Vote.objects.get(pk=vote_id)
    vote.item = item
    return vote


@service
def open_vote(*, vote_id: UUID, by: Actor) -> Vote:
    """Open the vote: who may vote, who acts for whom and who is out are frozen; quorum must hold (L1.13)."""
    vote = locked_vote(vote_id)
    move = VOTE.move("open", state=vote.state)
    seats = seats_at()
    snapshot = snapshot_of(vote.item.meeting, vote.item, seats=seats)
    require_presiding(by, snapshot)
    if found := blockers(vote, snapshot=snapshot):
        raise RuleViolation(" ".join(b.reason for b in found), clause=found[0].clause)
    quorum = compute_quorum(snapshot)
    note_quorum(vote.item.meeting)
    at = clock.now()
    casting = bool(rule("meetings.chair_has_casting_vote"))
    vote.state, vote.opened_at, vote.opened_by = move.target, at, by.name
    vote.opening_snapshot = frozen.freeze_opening(
        vote, snapshot, quorum, seats=seats, by=by, at=at, casting_vote=casting
    )
    vote.save()
    _ask_for_ballots(vote, compute_seats(snapshot))
    facts = {
        "vote": vote.reference,
        "question": vote.public_question,
        "quorum": {"counted": quorum.counted, "needed": quorum.needed},
        "opening_sha256": frozen.digest(vote.opening_snapshot),
    }
    record(move.event, clause=move.clause, by=by, subject=vote, facts=facts, audience="pma")
    return vote


def _ask_for_ballots(vote: Vote, seats: tuple[SeatNow, ...]) -> None:
    for seat in seats:
        if seat.acting is None:
            continue
        holding = frozen.entitled_holding(vote.opening_snapshot, seat.seat.key, seat.acting.person_id)
        open_duty(
            kind=CAST,
            clause="L1.15",
            title=f"Vote on {vote.reference}: {vote.public_question}"[:200],
            holding_id=holding,
            subject=vote,
            url=f"/meetings/votes/{vote.pk}/",
        )


@service
def cast_ballot(
    *, vote_id: UUID, position: str, no_conflict: bool, by: Actor, reason: str = "", opening_sha256: str = ""
) -> Ballot:
    """Cast a seat's one and final ballot, while present, with quorum, as frozen at the opening (L1.13, L1.15)."""
    held = require(by, *DECLARERS, clause="L1.15")
    vote = locked_vote(vote_id)
    _check_open(vote, opening_sha256)
    if position not in list(Position):
        raise RuleViolation("Choose for, against or abstain.", clause="L1.15", field="position")
    if not no_conflict:
        raise RuleViolation("Answer the question about conflicts of interest first.", clause="L1.15")
    snapshot = snapshot_of(vote.item.meeting, vote.item)
    seat = next((s for s in compute_seats(snapshot) if s.acting and s.acting.person_id == by.person_id), None)
    if seat is None or seat.acting is None or by.person_id is None or held is None:
        raise NotEntitled(describe_missing_seat(by, snapshot), clause="L1.13")
    require_quorum(snapshot, "no ballot is taken")
    note_quorum(vote.item.meeting)
    holding_id = frozen.entitled_holding(vote.opening_snapshot, seat.seat.key, by.person_id)
    if holding_id is None:
        raise NotEntitled(
            "When this vote was opened you were not among those who may act for this seat.", clause="L1.15"
        )
    if Ballot.objects.filter(vote=vote).filter(Q(seat=seat.seat.key) | Q(person_id=by.person_id)).exists():
        raise RuleViolation(
            f"The ballot of the {seat.seat.title} has been cast. A ballot is cast once and is final.",
            clause="L1.15",
        )
    ballot = Ballot(
        vote=vote,
        seat=seat.seat.key,
        seat_title=seat.seat.title,
        person_id=by.person_id,
        name=by.name,
        holding_id=holding_id,
        capacity=seat.acting.capacity.value,
        position=position,
        reason=reason.strip(),
        no_conflict=no_conflict,
        receipt="-".join("".join(secrets.choice(RECEIPT_LETTERS) for _ in range(4)) for _ in range(3)),
        cast_at=clock.now(),
    )
    ballot.save()
    discharge_duties(kind=CAST, subject=vote, holding_id=holding_id)
    facts = {"vote": vote.reference, "seat": seat.seat.key, "receipt": ballot.receipt}
    record("ballot.cast", clause="L1.15", by=by, subject=ballot, facts=facts, audience="pma")
    return ballot


def _check_open(vote: Vote, opening_sha256: str) -> None:
    """No ballot before the opening or after the close, nor from a page of another opening (L1.15)."""
    if vote.state == "proposed":
        raise RuleViolation("This vote is not open yet.", clause="L1.15")
    if vote.state != "open":
        raise RuleViolation(
            f"This vote is {VOTE.states[vote.state].lower()}: no more ballots are taken. Yours was not counted.",
            clause="L1.15",
        )
    if opening_sha256 and opening_sha256 != frozen.digest(vote.opening_snapshot):
        raise RuleViolation("This page is out of date. Open the ballot again.", clause="L1.15")


@service
def close_vote(*, vote_id: UUID, by: Actor) -> Vote:
    """Close: presence since the opening is frozen, quorum must hold, the outcome follows, its effect runs (L1.13)."""
    vote = locked_vote(vote_id)
    VOTE.move("carry", state=vote.state)
    snapshot = snapshot_of(vote.item.meeting, vote.item)
    require_presiding(by, snapshot)
    quorum = require_quorum(snapshot, "the vote cannot be closed")
    ballots = list(Ballot.objects.filter(vote=vote))
    if not ballots:
        raise RuleViolation("No ballot has been cast. Wait for ballots, or abandon the vote.", clause="L1.15")
    note_quorum(vote.item.meeting)
    at = clock.now()
    vote.closing_snapshot = _closing_snapshot(vote, quorum, ballots, by, at)
    outcome = frozen.outcome_of(vote.closing_snapshot)
    move = VOTE.move("carry" if outcome.carried else "fail", state=vote.state)
    vote.state, vote.closed_at, vote.closed_by = move.target, at, by.name
    vote.save()
    withdraw_duties(kind=CAST, subject=vote)
    resolution = carry_out(vote, by) if outcome.carried else None
    request_decision(vote)
    facts = {
        "vote": vote.reference,
        "question": vote.public_question,
        "outcome": vote.state,
        "for": outcome.votes_for,
        "against": outcome.against,
        "abstained": outcome.abstained,
        "quorum": {"counted": quorum.counted, "needed": quorum.needed},
        "proposition_sha256": frozen.digest(vote.proposition),
        "opening_sha256": frozen.digest(vote.opening_snapshot),
        "closing_sha256": frozen.digest(vote.closing_snapshot),
        "effect": resolution.effect_state if resolution else "",
    }
    audience = "pma" if vote.item.confidential else "public"
    record(
        move.event, clause=move.clause, by=by, subject=vote, facts=facts, audience=audience, checkpoint=True
    )
    return vote


def _closing_snapshot(vote: Vote, quorum: Quorum, ballots: list[Ballot], by: Actor, at: datetime) -> str:
    """The ballots with who was in the room, and when quorum was lost, since the opening."""
    item = vote.item
    stays = Attendance.objects.filter(meeting=item.meeting).filter(
        Q(left_at__isnull=True) | Q(left_at__gte=vote.opened_at)
    )
    return frozen.freeze_closing(
        vote,
        quorum,
        ballots=ballots,
        stays=stays.order_by("arrived_at", "pk"),
        recusals=recusals_for(item),
        changes=QuorumChange.objects.filter(meeting=item.meeting, item=item, at__gte=vote.opened_at),
        by=by,
        at=at,
    )


@service
def abandon_vote(*, vote_id: UUID, reason: str, by: Actor) -> Vote:
    """Give a vote up: it decides nothing, and says why (L1.13).

    The person who presides does it; the Secretariat where nobody presides, or before the opening.
    """
    vote = locked_vote(vote_id)
    move = VOTE.move("abandon", state=vote.state)
    snapshot = snapshot_of(vote.item.meeting, vote.item)
    if by.role == Role.SECRETARIAT and (vote.state == "proposed" or compute_presiding(snapshot) is None):
        require(by, Role.SECRETARIAT, clause="L1.13")
    else:
        require_presiding(by, snapshot)
    if not reason.strip():
        raise RuleViolation("Say why the vote is abandoned.", clause="L1.13", field="reason")
    note_quorum(vote.item.meeting)
    was_open = vote.is_open
    vote.state, vote.closed_at, vote.closed_by = move.target, clock.now(), by.name
    vote.abandoned_reason = reason
    vote.save()
    withdraw_duties(kind=CAST, subject=vote)
    lost = QuorumChange.objects.filter(meeting=vote.item.meeting, item=vote.item)
    facts = {
        "vote": vote.reference,
        "was_open": was_open,
        "quorate": compute_quorum(snapshot).is_quorate,
        "quorum_changes": [{"at": c.at, "quorate": c.is_quorate, "counted": c.counted} for c in lost],
    }
    record(move.event, clause=move.clause, by=by, subject=vote, facts=facts, audience="pma")
    return vote
