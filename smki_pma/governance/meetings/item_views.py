"""An item: its papers, conflicts, notes, and taking it up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from smki_pma.files import store
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.access import (
    check_may_read,
    clerk,
    clerk_or_presiding,
    is_clerk,
    item_or_404,
    meeting_or_404,
    preparing,
    presiding,
    readable_item_or_404,
)
from smki_pma.governance.meetings.conflicts import DECLARERS, DECLARERS_UNREAD
from smki_pma.governance.meetings.display import strip_of
from smki_pma.governance.meetings.forms import ItemForm, PaperForm, ReasonForm
from smki_pma.governance.meetings.models import Item, Paper
from smki_pma.governance.meetings.room import PRESIDERS
from smki_pma.governance.meetings.selectors import is_out_for, may_read_item, pma_readers
from smki_pma.parties.models import Person
from smki_pma.parties.roles import PMA_READERS, Role
from smki_pma.rules_in_force.selectors import figure
from smki_pma.ui.forms import form_errors

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
}


@require_safe
def show_item(request: Any, item_id: UUID) -> HttpResponse:
    """One item with its papers, questions and conflicts."""
    item = readable_item_or_404(request, item_id)
    strip = strip_of(item.meeting, item)
    reads = pma_readers(request.user)
    presides = strip.is_presided_by(request.user)
    context = {
        "item": item,
        "strip": strip,
        "papers": [p for p in item.papers.all() if p.is_admitted or reads],
        "votes": item.votes.all(),
        "recusals": item.recusals.all() if reads else [],
        "note": getattr(item, "note", None),
        "reads": reads,
        "is_clerk": is_clerk(request),
        "presides": presides,
        "keeps_order": presides or Role.SECRETARIAT in request.roles,
        "another_is_open": item.meeting.items.filter(state="open").exclude(pk=item.pk).exists(),
        "may_give_leave": bool(request.roles & set(PRESIDERS)),
        "may_declare": bool(request.roles & set(DECLARERS)),
        "is_out": is_out_for(request.user, item),
    }
    return render(request, "meetings/show_item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_item(request: Any, meeting_id: UUID) -> HttpResponse:
    """Put an item on the agenda (L1.15)."""
    meeting = meeting_or_404(request, meeting_id)
    by = preparing(request, meeting)
    form = ItemForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            url = form.act_once(
                lambda: services.add_item(meeting_id=meeting.pk, by=by, **form.as_arguments()),
                url=lambda item: _address_after_adding(request, item),
            )
            return redirect(url)
    context = {"form": form, "meeting": meeting, "adds_with_leave": by.role == Role.PMA_CHAIR}
    return render(request, "meetings/add_item.html", context, status=422 if form.errors else 200)


def _address_after_adding(request: Any, item: Item) -> str:
    """The item; its meeting for the Chair's Alternate, who reads a confidential one only when acting (L9.12)."""
    if may_read_item(request.user, item):
        return reverse("meetings:show_item", args=[item.pk])
    return reverse("meetings:show_meeting", args=[item.meeting_id])


@require_http_methods(["GET", "HEAD", "POST"])
def admit_item(request: Any, item_id: UUID) -> HttpResponse:
    """The Chair lets a late item onto the agenda (L1.15)."""
    item = readable_item_or_404(request, item_id)
    by = presiding(request)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label="Why is the late item let in?",
        hint=_who_sees(item),
    )
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.admit_item(item_id=item.pk, ground=form.cleaned_data["reason"], by=by)
            messages.success(request, f"Item {item.number} is on the agenda.")
            return redirect("meetings:show_item", item_id=item.pk)
    context = {"form": form, "item": item}
    return render(request, "meetings/admit_item.html", context, status=422 if form.errors else 200)


def _who_sees(item: Item) -> str:
    """Who reads the ground of a leave (L9.12)."""
    return (
        "Shown to the readers of the item alone." if item.confidential else "Everybody signed in can read it."
    )


@require_POST
def open_item(request: Any, item_id: UUID) -> HttpResponse:
    """Take the item up (L1.13)."""
    item = item_or_404(request, item_id)
    services.open_item(item_id=item.pk, by=clerk_or_presiding(request))
    messages.success(request, f"Item {item.number} is open.")
    return redirect("meetings:show_item", item_id=item.pk)


@require_POST
def close_item(request: Any, item_id: UUID) -> HttpResponse:
    """Finish the item (L1.13)."""
    item = item_or_404(request, item_id)
    services.close_item(item_id=item.pk, by=clerk_or_presiding(request))
    messages.success(request, f"Item {item.number} is closed.")
    return redirect("meetings:show_meeting", meeting_id=item.meeting_id)


@require_POST
def withdraw_item(request: Any, item_id: UUID) -> HttpResponse:
    """Take the item off the agenda (L1.15)."""
    item = item_or_404(request, item_id)
    services.withdraw_item(item_id=item.pk, by=clerk(request))
    messages.success(request, f"Item {item.number} is withdrawn.")
    return redirect("meetings:show_meeting", meeting_id=item.meeting_id)


@require_http_methods(["GET", "HEAD", "POST"])
def add_paper(request: Any, item_id: UUID) -> HttpResponse:
    """Bring a paper for the item (L1.15)."""
    item = readable_item_or_404(request, item_id)
    by = clerk(request)
    form = PaperForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        max_megabytes=figure("drafts.largest_upload_megabytes"),
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with form_errors(form):
            form.act_once(
                lambda: services.add_paper(
                    item_id=item.pk,
                    title=form.cleaned_data["title"],
                    sha256=file.sha256,
                    size=file.size,
                    media_type=MEDIA_TYPES[str(file.kind)],
                    by=by,
                ),
                url=lambda paper: reverse("meetings:show_item", args=[item.pk]),
            )
            return redirect("meetings:show_item", item_id=item.pk)
    context = {"form": form, "item": item}
    return render(request, "meetings/add_paper.html", context, status=422 if form.errors else 200)


def _readable_paper(request: Any, paper_id: UUID) -> Paper:
    paper = get_object_or_404(Paper, pk=paper_id)
    paper.item = readable_item_or_404(request, paper.item_id)
    if not paper.is_admitted and not pma_readers(request.user):
        raise Http404
    return paper


@require_safe
def download_paper(request: Any, paper_id: UUID) -> HttpResponse | FileResponse:
    """The stored file, checked; its name is its number, never its title (L9.12)."""
    paper = _readable_paper(request, paper_id)
    stream = store.open_verified(paper.sha256) if paper.sha256 else None
    if paper.item.confidential:
        reader = request.acting(*PMA_READERS, Role.SMKI_SPECIALIST, clause="L9.12")
        services.read_confidential_paper(paper_id=paper.pk, by=reader)
    if stream is None:
        return redirect(paper.url)
    kind = next((k for k, media in MEDIA_TYPES.items() if media == paper.media_type), "bin")
    name = f"{paper.item.meeting.reference}-item-{paper.item.number}-paper-{paper.number}.{kind}"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=paper.media_type)


@require_http_methods(["GET", "HEAD", "POST"])
def give_leave(request: Any, paper_id: UUID) -> HttpResponse:
    """The Chair lets a late paper in (L1.15)."""
    paper = _readable_paper(request, paper_id)
    by = presiding(request)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label="Why is the late paper let in?",
        hint=_who_sees(paper.item),
    )
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.give_leave(paper_id=paper.pk, ground=form.cleaned_data["reason"], by=by)
            messages.success(request, "The paper is let in.")
            return redirect("meetings:show_item", item_id=paper.item_id)
    context = {"form": form, "paper": paper, "item": paper.item}
    return render(request, "meetings/give_leave.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def declare_conflict(request: Any, item_id: UUID) -> HttpResponse:
    """Declare a conflict of interest in the item (C5)."""
    item = item_or_404(request, item_id)
    if not request.roles & DECLARERS_UNREAD:
        check_may_read(request, item)
    by = request.acting(*DECLARERS, clause="L1.15")
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        label="What is your interest?",
        hint="Members read it, and it stands in the minutes. Say no more than they need.",
    )
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.declare_conflict(item_id=item.pk, ground=form.cleaned_data["reason"], by=by)
            messages.success(
                request, f"Your conflict of interest is recorded. You are out for item {item.number}."
            )
            return redirect("meetings:show_meeting", meeting_id=item.meeting_id)
    context = {"form": form, "item": item, "reads": may_read_item(request.user, item)}
    return render(request, "meetings/declare_conflict.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def require_withdrawal(request: Any, item_id: UUID, person_id: UUID) -> HttpResponse:
    """The person who presides requires somebody to leave for the item (C5)."""
    item = readable_item_or_404(request, item_id)
    by = presiding(request)
    person = get_object_or_404(Person, pk=person_id)
    form = ReasonForm(
        request.POST if request.method == "POST" else None, label="What is the conflict of interest?"
    )
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.require_withdrawal(
                item_id=item.pk, person_id=person.pk, ground=form.cleaned_data["reason"], by=by
            )
            messages.success(request, f"{person.name} is out for item {item.number}.")
            return redirect("meetings:show_item", item_id=item.pk)
    context = {"form": form, "item": item, "person": person}
    return render(request, "meetings/require_withdrawal.html", context, status=422 if form.errors else 200)
