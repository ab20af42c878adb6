"""What a meeting, an item, its papers and its note looked like before and after each change."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from smki_pma.governance.meetings.access import meeting_or_404, readable_item_or_404
from smki_pma.governance.meetings.models import Item, Meeting, Minutes, Note, Paper
from smki_pma.governance.meetings.selectors import is_out_for, pma_readers
from smki_pma.ledger.row_changes import Rows, changes_of
from smki_pma.parties.roles import PMA_MEMBERS, Role

# Those who read the ledger's entries about meetings: pages show everybody less than the rows hold.
HISTORY_READERS = (*PMA_MEMBERS, Role.SECRETARIAT, Role.SMKI_SPECIALIST, Role.AUDITOR)
OF_A_MEETING = {"starts_at": "Starts", "notice_days": "Working Days of notice"}
OF_A_PAPER = {"leave_at": "Leave given", "leave_by": "Leave given by", "sha256": "SHA-256"}
SUBJECT = ("subject_model", "subject_id")


@require_safe
def show_meeting_history(request: Any, meeting_id: UUID) -> HttpResponse:
    """The changes of a meeting and of the state of its minutes."""
    meeting = meeting_or_404(request, meeting_id)
    _require_reader(request)
    minutes = Minutes.objects.filter(meeting=meeting).values_list("pk", flat=True)
    told = [
        Rows(model=Meeting, names={meeting.pk: "Meeting"}, words=OF_A_MEETING),
        Rows(model=Minutes, names=dict.fromkeys(minutes, "Minutes"), hidden=["meeting"]),
    ]
    address = reverse("meetings:show_meeting", args=[meeting.pk])
    return _page(request, told, {"about": f"meeting {meeting.reference}", "back": address})


@require_safe
def show_item_history(request: Any, item_id: UUID) -> HttpResponse:
    """The changes of an item, of the papers and the note that this reader sees. L9.12"""
    item = readable_item_or_404(request, item_id)
    _require_reader(request)
    reads = pma_readers(request.user)
    papers = {paper.pk: f"Paper {paper.number}" for paper in item.papers.all() if paper.is_admitted or reads}
    private = reads and not is_out_for(request.user, item)
    notes = Note.objects.filter(item=item).values_list("pk", flat=True) if private else []
    told = [
        Rows(model=Item, names={item.pk: "Item"}, hidden=["meeting", *SUBJECT]),
        Rows(model=Paper, names=papers, words=OF_A_PAPER, hidden=["item"]),
        Rows(model=Note, names=dict.fromkeys(notes, "Note"), hidden=["item"]),
    ]
    address = reverse("meetings:show_item", args=[item.pk])
    about = f"item {item.number} of meeting {item.meeting.reference}"
    return _page(request, told, {"about": about, "back": address, "confidential": item.confidential})


def _require_reader(request: Any) -> None:
    """An Alternate reads the history while acting, the others by their office (L1.12)."""
    if not pma_readers(request.user):
        request.acting(*HISTORY_READERS, clause="L1.15")


def _page(request: Any, told: list[Rows], context: dict[str, Any]) -> HttpResponse:
    page = Paginator(changes_of(*told), 50).get_page(request.GET.get("page"))
    return render(request, "meetings/show_history.html", {"page": page, **context})
