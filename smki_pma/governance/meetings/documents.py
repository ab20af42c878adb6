"""The decision and the minutes as signed documents: what their templates need, and who reads them."""

from typing import Any

from django.db.models import Q

from smki_pma.governance.meetings import frozen
from smki_pma.governance.meetings.display import vote_view
from smki_pma.governance.meetings.models import Meeting, Minutes, Vote
from smki_pma.governance.meetings.selectors import is_out_for, may_read_item, pma_readers
from smki_pma.records.models import Record
from smki_pma.records.readers import register_record_rule
from smki_pma.records.requests import request_record

HERE = "smki_pma.governance.meetings.documents"
DECISION = "decision"
PUBLIC_MINUTES = "minutes"
FULL_MINUTES = "full minutes"


def request_decision(vote: Vote) -> Record:
    """Have the decision document made; part of the closing act."""
    return request_record(
        kind=DECISION,
        title=f"Decision {vote.reference}: {vote.public_question}"[:200],
        subject=vote,
        template="meetings/pdf/decision.html",
        context_builder=f"{HERE}.decision_context",
        audience="pma" if vote.item.confidential else "public",
    )


def decision_context(record: Record) -> dict[str, Any]:
    """What the decision document says, from the frozen record; seats only where it is not public."""
    vote = Vote.objects.select_related("item__meeting").get(pk=record.subject_id)
    return {
        "vote": vote,
        "it": vote_view(vote, []),
        "shows_seats": record.audience != "public",
        "proposition_sha256": frozen.digest(vote.proposition),
        "opening_sha256": frozen.digest(vote.opening_snapshot),
        "closing_sha256": frozen.digest(vote.closing_snapshot),
    }


def request_minutes(minutes: Minutes) -> tuple[Record, Record]:
    """Have the public and the full minutes made; part of the issuing act."""
    title = f"Minutes of meeting {minutes.meeting.reference}"
    public = request_record(
        kind=PUBLIC_MINUTES,
        title=title,
        subject=minutes,
        template="meetings/pdf/minutes.html",
        context_builder=f"{HERE}.public_minutes_context",
        audience="public",
    )
    full = request_record(
        kind=FULL_MINUTES,
        title=f"{title} (full)",
        subject=minutes,
        template="meetings/pdf/minutes.html",
        context_builder=f"{HERE}.full_minutes_context",
        audience="pma",
    )
    return public, full


def public_minutes_context(record: Record) -> dict[str, Any]:
    """The minutes that everybody may read."""
    return {"text": Minutes.objects.get(pk=record.subject_id).public_text, "is_full": False}


def full_minutes_context(record: Record) -> dict[str, Any]:
    """The minutes for the PMA's readers."""
    return {"text": Minutes.objects.get(pk=record.subject_id).full_text, "is_full": True}


def may_read_decision(user: Any, record: Record) -> bool:
    """A decision is read by who may read its item (L9.12); a public one by everybody."""
    if record.audience == "public":
        return True
    vote = Vote.objects.select_related("item").get(pk=record.subject_id)
    return bool(user.is_authenticated) and may_read_item(user, vote.item)


def may_read_full_minutes(user: Any, record: Record) -> bool:
    """The full minutes are for the PMA's readers who are out for nothing confidential in them (L9.12)."""
    meeting = Minutes.objects.select_related("meeting").get(pk=record.subject_id).meeting
    return bool(user.is_authenticated) and reads_full_minutes(user, meeting)


def reads_full_minutes(user: Any, meeting: Meeting) -> bool:
    """As `may_read_full_minutes`, for a meeting."""
    private = Q(confidential=True) | (Q(note__isnull=False) & ~Q(note__confidential_text=""))
    items = meeting.items.filter(private)
    return pma_readers(user) and not any(is_out_for(user, item) for item in items)


register_record_rule(DECISION, may_read_decision)
register_record_rule(FULL_MINUTES, may_read_full_minutes)
