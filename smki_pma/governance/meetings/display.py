"""What the meeting pages show: plain rows for templates, computed once a page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.crypto import salted_hmac

from smki_pma.calendar import clock
from smki_pma.governance.meetings import frozen
from smki_pma.governance.meetings.models import Item, Meeting, QuorumChange, Resolution, Vote
from smki_pma.governance.meetings.motions import Blocker
from smki_pma.governance.meetings.outcome import Outcome, describe_threshold
from smki_pma.governance.meetings.quorum import (
    Presence,
    Quorum,
    SeatNow,
    Snapshot,
    compute_departures_that_break_quorum,
    compute_presiding,
    compute_quorum,
    compute_seats,
)
from smki_pma.governance.meetings.room import changes_not_noted, snapshot_of
from smki_pma.governance.meetings.states import VOTE
from smki_pma.governance.membership.seats import SEATS
from smki_pma.governance.membership.selectors import SeatAt, seats_at
from smki_pma.parties.models import Person
from smki_pma.rules_in_force.selectors import rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The live strip of presence and quorum. item: the open item, whose recusals count."""

    meeting: Meeting
    item: Item | None
    snapshot: Snapshot
    quorum: Quorum
    seats: tuple[SeatNow, ...]
    presiding: Presence | None
    critical: tuple[str, ...]

    @property
    def is_live(self) -> bool:
        return self.meeting.state in ("convened", "sitting", "adjourned")

    @property
    def without_seat(self) -> list[Presence]:
        acting = {s.acting.person_id for s in self.seats if s.acting}
        return [p for p in self.snapshot.present if p.person_id not in acting]

    @property
    def seen(self) -> str:
        """A mark of what the strip shows, so that a refresh replaces, and announces, it only when that is new."""
        shown = (self.is_live, self.item and self.item.number, self.quorum, self.words, self.critical)
        return salted_hmac("meetings.strip", repr(shown)).hexdigest()[:16]

    def is_presided_by(self, person: Person) -> bool:
        return self.presiding is not None and self.presiding.person_id == person.pk

    @property
    def words(self) -> str:
        """Quorum in words: "4 of 7 seats present, the Chair presiding: quorate"."""
        who = f"{self.presiding.name} presiding" if self.presiding else "nobody presiding"
        state = "quorate" if self.quorum.is_quorate else "no quorum"
        return f"{self.quorum.counted} of {len(self.seats)} seats present, {who}: {state}"


def strip_of(meeting: Meeting, item: Item | None = None, *, seats: tuple[SeatAt, ...] | None = None) -> Strip:
    """The strip for the meeting's open item, or for the meeting."""
    chosen = item or Item.objects.filter(meeting=meeting, state="open").first()
    snapshot = snapshot_of(meeting, chosen, seats=seats or seats_at())
    critical = compute_departures_that_break_quorum(snapshot)
    return Strip(
        meeting=meeting,
        item=chosen,
        snapshot=snapshot,
        quorum=compute_quorum(snapshot),
        seats=compute_seats(snapshot),
        presiding=compute_presiding(snapshot),
        critical=tuple(p.name for p in snapshot.present if p.person_id in critical),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteView:
    """One vote as its page shows it. rows: one a seat, from the frozen snapshot, for those who may see them."""

    vote: Vote
    strip: Strip
    blockers: list[Blocker]
    threshold: str
    outcome: Outcome | None
    resolution: Resolution | None
    rows: list[dict[str, Any]]
    spans: list[dict[str, Any]]
    cast: int
    is_waiting: bool
    state_word: str
    opening_quorum: str = ""
    closing_quorum: str = ""


def vote_view(vote: Vote, blockers: list[Blocker]) -> VoteView:
    """Everything about a vote; a decided one from its frozen snapshots alone."""
    strip = strip_of(vote.item.meeting, vote.item)
    outcome = frozen.outcome_of(vote.closing_snapshot) if vote.is_decided else None
    casting = bool(rule("meetings.chair_has_casting_vote"))
    if vote.opening_snapshot:
        casting = bool(frozen.thaw(vote.opening_snapshot)["chair_has_casting_vote"])
    return VoteView(
        vote=vote,
        strip=strip,
        blockers=blockers,
        threshold=describe_threshold(chair_has_casting_vote=casting),
        outcome=outcome,
        resolution=Resolution.objects.filter(vote=vote).first(),
        rows=_rows(vote),
        spans=_spans(vote),
        cast=vote.ballots.count(),
        is_waiting=vote.is_open and not strip.quorum.is_quorate,
        state_word=VOTE.states[vote.state],
        opening_quorum=_frozen_quorum(vote.opening_snapshot),
        closing_quorum=_frozen_quorum(vote.closing_snapshot),
    )


def _frozen_quorum(snapshot: str) -> str:
    """The quorum of a frozen snapshot in words: nothing opens or closes without one (L1.13)."""
    if not snapshot:
        return ""
    quorum = frozen.thaw(snapshot)["quorum"]
    return f"{quorum['counted']} of {len(SEATS)} seats present, {quorum['needed']} needed: quorate"


def _rows(vote: Vote) -> list[dict[str, Any]]:
    """How each seat stood and voted, as frozen; before the close only whether a ballot is in."""
    if not vote.opening_snapshot:
        return []
    opening = frozen.thaw(vote.opening_snapshot)
    if vote.is_decided:
        ballots = {b["seat"]: b for b in frozen.thaw(vote.closing_snapshot)["ballots"]}
    else:
        ballots = {b.seat: {"name": b.name, "capacity": b.capacity} for b in vote.ballots.all()}
    return [_row(seat, ballots.get(seat["seat"])) for seat in opening["seats"]]


def _row(seat: dict[str, Any], ballot: dict[str, Any] | None) -> dict[str, Any]:
    acting = seat["acting"] or {}
    capacity = (ballot or acting).get("capacity", "")
    return {
        "title": seat["title"],
        "member": seat["member"],
        "name": (ballot or acting).get("name", ""),
        "as_alternate": capacity == "alternate",
        "standing": seat["standing"],
        "voted": ballot is not None,
        "position": (ballot or {}).get("position", ""),
        "reason": (ballot or {}).get("reason", ""),
        "receipt": (ballot or {}).get("receipt", ""),
    }


def _spans(vote: Vote) -> list[dict[str, Any]]:
    """Spans without quorum since the opening, each from and to (null: it lasts, or lasted to the end)."""
    if vote.opened_at is None:
        return []
    until = vote.closed_at or clock.now()
    changes = quorum_changes(vote.item.meeting, vote.item)
    return spans_without_quorum([change for change in changes if vote.opened_at <= change.at <= until])


def quorum_changes(meeting: Meeting, item: Item | None) -> list[QuorumChange]:
    """Every change of quorum until now, of the meeting or of one item, noted or not."""
    noted = QuorumChange.objects.filter(meeting=meeting, item=item)
    new = changes_not_noted(meeting, clock.now())
    return [*noted, *(change for change in new if change.item_id == (item and item.pk))]


def spans_without_quorum(changes: list[Any], adjourned: Collection[datetime] = ()) -> list[dict[str, Any]]:
    """The spans between a loss and the restoring of quorum, from rows with `at` and `is_quorate` in order.

    adjourned: when the meeting was adjourned. A span ends there: what does not sit lacks no quorum.
    """
    spans: list[dict[str, Any]] = []
    lost_at = None
    for change in changes:
        if not change.is_quorate and lost_at is None:
            lost_at = change.at
        elif change.is_quorate and lost_at is not None:
            spans.append({"from": lost_at, "to": _end_of_span(lost_at, change.at, adjourned)})
            lost_at = None
    if lost_at is not None:
        spans.append({"from": lost_at, "to": _end_of_span(lost_at, None, adjourned)})
    return spans


def _end_of_span(
    lost_at: datetime, restored_at: datetime | None, adjourned: Collection[datetime]
) -> datetime | None:
    ends = [at for at in (*adjourned, restored_at) if at is not None and at >= lost_at]
    return min(ends, default=None)


def adjourned_at(meeting: Meeting) -> list[datetime]:
    """Every moment at which the meeting was adjourned."""
    return list(meeting.adjournments.values_list("adjourned_at", flat=True))
