"""Notes and minutes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from smki_pma.clauses import NotEntitled
from smki_pma.governance.meetings import noting
from smki_pma.governance.meetings.access import meeting_or_404, presiding, readable_item_or_404
from smki_pma.governance.meetings.display import strip_of
from smki_pma.governance.meetings.documents import reads_full_minutes
from smki_pma.governance.meetings.forms import ConfirmMinutesForm, NoteForm
from smki_pma.governance.meetings.minutes_text import draft_minutes
from smki_pma.governance.meetings.models import Minutes, Note
from smki_pma.parties.roles import Role
from smki_pma.records.readers import may_read
from smki_pma.records.selectors import records_about
from smki_pma.ui.forms import form_errors


@require_safe
def show_minutes(request: Any, meeting_id: UUID) -> HttpResponse:
    """The minutes: the full text for the PMA's readers, the public one for everybody else (C5)."""
    meeting = meeting_or_404(request, meeting_id)
    minutes = Minutes.objects.filter(meeting=meeting).first()
    full = reads_full_minutes(request.user, meeting)
    if minutes is None or minutes.state == "draft":
        if Role.SECRETARIAT not in request.roles:
            raise NotEntitled(
                "The minutes of this meeting have not been issued yet.", clause="L1.15", hidden=True
            )
        text = draft_minutes(meeting, confidential=True)
    else:
        text = minutes.full_text if full else minutes.public_text
    context = {
        "meeting": meeting,
        "minutes": minutes,
        "text": text,
        "full": full,
        "records": []
        if minutes is None
        else [r for r in records_about(minutes) if may_read(request.user, r)],
        "is_secretariat": Role.SECRETARIAT in request.roles,
        "may_confirm": _may_confirm(request, minutes),
    }
    return render(request, "meetings/show_minutes.html", context)


def _may_confirm(request: Any, minutes: Minutes | None) -> bool:
    """Whether the person presides now at a later meeting, which can confirm the minutes."""
    if minutes is None or minutes.state != "issued":
        return False
    now = noting.sitting_after(minutes.meeting)
    return now is not None and strip_of(now).is_presided_by(request.user)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_minutes(request: Any, meeting_id: UUID) -> HttpResponse:
    """At a later meeting, who presides records the confirmation (C5)."""
    by = presiding(request)
    meeting = meeting_or_404(request, meeting_id)
    form = ConfirmMinutesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            noting.confirm_minutes(meeting_id=meeting.pk, by=by, **form.cleaned_data)
            messages.success(request, f"The minutes of meeting {meeting.reference} are confirmed.")
            return redirect("meetings:show_minutes", meeting_id=meeting.pk)
    context = {"form": form, "meeting": meeting, "now": noting.sitting_after(meeting)}
    return render(request, "meetings/confirm_minutes.html", context, status=422 if form.errors else 200)


@require_POST
def issue_minutes(request: Any, meeting_id: UUID) -> HttpResponse:
    """Issue the minutes (C5)."""
    by = request.acting(Role.SECRETARIAT, clause="L1.15")
    noting.issue_minutes(meeting_id=meeting_or_404(request, meeting_id).pk, by=by)
    messages.success(request, "The minutes are issued.")
    return redirect("meetings:show_minutes", meeting_id=meeting_id)


@require_http_methods(["GET", "HEAD", "POST"])
def write_note(request: Any, item_id: UUID) -> HttpResponse:
    """Note what was said on an item (C5)."""
    item = readable_item_or_404(request, item_id)
    by = request.acting(Role.SECRETARIAT, clause="L1.15")
    note = Note.objects.filter(item=item).first()
    given = (
        {} if note is None else {"public_text": note.public_text, "confidential_text": note.confidential_text}
    )
    form = NoteForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            noting.write_note(item_id=item.pk, by=by, **form.cleaned_data)
            messages.success(request, f"The note on item {item.number} is saved.")
            return redirect("meetings:show_meeting", meeting_id=item.meeting_id)
    context = {"form": form, "item": item}
    return render(request, "meetings/write_note.html", context, status=422 if form.errors else 200)
