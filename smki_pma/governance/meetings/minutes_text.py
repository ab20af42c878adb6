"""The minutes as text, drafted from the record: attendance, spans without quorum, decisions, notes (C5)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from smki_pma.calendar.clock import LONDON, london_date
from smki_pma.governance.meetings import frozen
from smki_pma.governance.meetings.display import spans_without_quorum
from smki_pma.governance.meetings.models import Adjournment, Attendance, Item, Meeting, QuorumChange, Vote
from smki_pma.governance.membership.seats import BY_KEY
from smki_pma.parties.roles import Role

IN_PRIVATE = "This item is confidential. What was said stands in the full minutes."


def _clock(meeting: Meeting, at: datetime) -> str:
    """The time, with its day where that is not the day in the heading."""
    local = at.astimezone(LONDON)
    day = "" if london_date(at) == london_date(meeting.starts_at) else f" on {local:%-d %B %Y}"
    return f"{local:%H:%M}{day}"


def _from_to(meeting: Meeting, start: datetime, end: datetime | None, no_end: str) -> str:
    """ "from 10:00 to 11:00", with the day once where both are on one that is not in the heading."""
    if end is None:
        return f"from {_clock(meeting, start)} {no_end}"
    on_one_day = london_date(start) == london_date(end)
    begins = f"{start.astimezone(LONDON):%H:%M}" if on_one_day else _clock(meeting, start)
    return f"from {begins} to {_clock(meeting, end)}"


def draft_minutes(meeting: Meeting, *, confidential: bool) -> str:
    """The minutes as lines of text; `confidential` adds what only the PMA's readers see (L9.12)."""
    lines = [f"Minutes of the SMKI PMA, meeting {meeting.reference}"]
    lines += [f"{meeting.starts_at.astimezone(LONDON):%-d %B %Y}, {meeting.place}", ""]
    if meeting.opened_at is not None:
        closed = f", closed at {_clock(meeting, meeting.closed_at)}" if meeting.closed_at else ""
        lines.append(f"Opened at {_clock(meeting, meeting.opened_at)}{closed}.")
    adjournments = list(meeting.adjournments.all())
    lines += _adjournments(meeting, adjournments)
    if meeting.short_notice_ground:
        lines.append(f"Shorter notice was agreed by the members: {meeting.short_notice_ground}")
    lines += ["", "Attendance", *_attendance(meeting), ""]
    changes, ends = list(meeting.quorum_changes.all()), [each.adjourned_at for each in adjournments]
    lines += [*_spans(meeting, [change for change in changes if change.item_id is None], ends)]
    for item in (
        meeting.items.exclude(state="withdrawn")
        .prefetch_related("votes__resolution", "recusals")
        .select_related("note")
    ):
        spans = _spans(meeting, [change for change in changes if change.item_id == item.pk], ends)
        lines += ["", *_item(item, spans, confidential=confidential)]
    return "\n".join(lines).strip() + "\n"


def _adjournments(meeting: Meeting, adjournments: Iterable[Adjournment]) -> Iterator[str]:
    for adjournment in adjournments:
        resumed = adjournment.resumed_at
        then = f"resumed at {_clock(meeting, resumed)}" if resumed else "not resumed"
        yield f"Adjourned at {_clock(meeting, adjournment.adjourned_at)} until {adjournment.until}, {then}."


def _attendance(meeting: Meeting) -> Iterator[str]:
    for stay in (
        Attendance.objects.filter(meeting=meeting)
        .select_related("holding__office")
        .order_by("arrived_at", "name")
    ):
        seat = BY_KEY[stay.seat].title if stay.seat else stay.get_capacity_display()
        role = f"Alternate for the {seat}" if stay.capacity == "alternate" else seat
        yield f"- {stay.name}, {role}, {_from_to(meeting, stay.arrived_at, stay.left_at, 'on')}"
        if stay.seat and stay.holding is not None and stay.holding.role is Role.SMKI_SPECIALIST:
            yield "  (acting as the Chair's Alternate; Section C3.12 does not apply to the SMKI Specialist, L1.16)"


def _spans(meeting: Meeting, changes: list[QuorumChange], ends: list[datetime]) -> Iterator[str]:
    """What went on without quorum. changes: of the meeting or of one item; ends: when it was adjourned."""
    for span in spans_without_quorum(changes, ends):
        when = _from_to(meeting, span["from"], span["to"], "to the end")
        yield f"There was no quorum {when}: no business was transacted (L1.13)."


def _item(item: Item, spans: Iterable[str], *, confidential: bool) -> Iterator[str]:
    shown = confidential or not item.confidential
    yield f"{item.number}. {item.full_title if shown else item.public_title} ({item.get_purpose_display().lower()})"
    if not item.is_admitted:
        yield "Added after the notice. The Chair gave no leave, so it was not taken up."
    elif item.state != "closed":
        yield "Not finished." if item.opened_at else "Not reached."
    for recusal in item.recusals.all():
        ground = f": {recusal.ground}" if confidential else ""
        yield f"{recusal.name} was out for this item because of a conflict of interest{ground}."
    yield from spans
    if not shown:
        yield IN_PRIVATE
    note = getattr(item, "note", None)
    if note is not None and note.public_text:
        yield note.public_text
    if note is not None and note.confidential_text and confidential:
        yield note.confidential_text
    for vote in item.votes.all():
        yield from _vote(vote, shown=shown, by_seat=confidential)


def _vote(vote: Vote, *, shown: bool, by_seat: bool) -> Iterator[str]:
    question = vote.question if shown else vote.public_question
    if vote.state == "abandoned":
        yield f"Vote {vote.reference} was abandoned and decides nothing: {question}"
    if not vote.is_decided:
        return
    outcome = frozen.outcome_of(vote.closing_snapshot)
    word = "RESOLVED" if outcome.carried else "NOT CARRIED"
    count = f"{outcome.votes_for} for, {outcome.against} against, {outcome.abstained} abstained"
    yield f"{word} {vote.reference}: {question} ({count})"
    if by_seat:
        for ballot in frozen.thaw(vote.closing_snapshot)["ballots"]:
            yield f"- {ballot['title']}: {ballot['position']} ({ballot['name']})"
    resolution = getattr(vote, "resolution", None)
    if resolution is not None and resolution.is_refused:
        yield "The effect of the resolution was refused. The resolution stands."
