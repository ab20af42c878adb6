"""Putting a question, opening, closing and abandoning a vote, and its result."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from smki_pma.governance.meetings import frozen, services
from smki_pma.governance.meetings.access import (
    clerk,
    clerk_or_presiding,
    presiding,
    readable_item_or_404,
    vote_or_404,
)
from smki_pma.governance.meetings.blockers import ballot_blockers, blockers
from smki_pma.governance.meetings.conflicts import DECLARERS
from smki_pma.governance.meetings.display import vote_view
from smki_pma.governance.meetings.forms import ConfirmOpeningForm, MotionForm, ReasonForm, SubjectForm
from smki_pma.governance.meetings.models import Item, Resolution
from smki_pma.governance.meetings.motions import MotionKind, motion_kind
from smki_pma.governance.meetings.selectors import pma_readers, subjects_out_for
from smki_pma.ledger.canonical import plain
from smki_pma.parties.authentication import require_fresh_second_factor
from smki_pma.parties.models import Person
from smki_pma.parties.roles import Role
from smki_pma.records.readers import may_read
from smki_pma.records.selectors import records_about
from smki_pma.ui.forms import form_errors


@require_safe
def show_vote(request: Any, vote_id: UUID) -> HttpResponse:
    """A vote: its question, how it stands, its result by seat for the PMA's readers."""
    vote = vote_or_404(request, vote_id)
    view = vote_view(vote, blockers(vote) if vote.state == "proposed" else [])
    presides = view.strip.is_presided_by(request.user)
    could_vote = presides or bool(request.roles & set(DECLARERS))
    context = {
        "vote": vote,
        "it": view,
        "presides": presides,
        "is_secretariat": Role.SECRETARIAT in request.roles,
        "sees_seats": pma_readers(request.user),
        "own_ballot": vote.ballots.filter(person=request.user).first(),
        "could_vote": could_vote and vote.is_open,
        "why_not": ballot_blockers(request.user, vote) if could_vote and vote.is_open else [],
        "records": [r for r in records_about(vote) if may_read(request.user, r)],
        "closing_sha256": frozen.digest(vote.closing_snapshot) if vote.closing_snapshot else "",
    }
    return render(request, "meetings/show_vote.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_motion(request: Any, item_id: UUID) -> HttpResponse:
    """Which question is put on the item."""
    item = readable_item_or_404(request, item_id)
    clerk(request)
    form = MotionForm(request.POST if request.method == "POST" else None, item=item)
    if request.method == "POST" and form.is_valid():
        kind, _, option = form.cleaned_data["motion"].partition(":")
        return redirect("meetings:propose_vote", item_id=item.pk, kind=kind, option=option)
    return render(
        request,
        "meetings/choose_motion.html",
        {"form": form, "item": item},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def propose_vote(request: Any, item_id: UUID, kind: str, option: str) -> HttpResponse:
    """The particulars of the motion; from here on the question is fixed (L1.15)."""
    item = readable_item_or_404(request, item_id)
    by = clerk(request)
    motion = motion_kind(kind)
    chosen = motion.option(option)
    subjects = _subjects(motion, item, request.user)
    form = SubjectForm(request.POST if request.method == "POST" else None, subjects=subjects)
    # The particulars of anything else are shown to nobody.
    subject = str(item.subject_id) if item.subject_id else form.data.get("subject")
    is_open = item.subject_id is not None or subject in dict(subjects)
    if not is_open or (motion.confidential and not item.confidential):
        subject = None
    details = None
    if motion.form_class is not None:
        details = motion.form_class(
            request.POST if request.method == "POST" else None, subject_id=subject, option=option
        )
    is_valid = form.is_valid() and (details is None or details.is_valid())
    if request.method == "POST" and is_valid:
        with form_errors(form):
            url = form.act_once(
                lambda: services.propose_vote(
                    item_id=item.pk,
                    kind=kind,
                    option=option,
                    subject_id=_subject_id(form, item, motion),
                    parameters=plain(details.cleaned_data) if details is not None else {},
                    by=by,
                ),
                url=lambda vote: reverse("meetings:show_vote", args=[vote.pk]),
            )
            return redirect(url)
    context = {"form": form, "details": details, "item": item, "motion": motion, "option": chosen}
    failed = bool(form.errors or (details is not None and details.errors))
    return render(request, "meetings/propose_vote.html", context, status=422 if failed else 200)


def _subjects(motion: MotionKind, item: Item, person: Person) -> list[tuple[str, str]]:
    """What can be chosen: nothing where the item has its own subject, nor what the person is out for."""
    if item.subject_id is not None:
        return []
    out = subjects_out_for(person, motion.subject_model)
    return [(str(pk), label) for pk, label in motion.subjects() if pk not in out]


def _subject_id(form: SubjectForm, item: Item, motion: MotionKind) -> UUID | None:
    if chosen := form.cleaned_data.get("subject"):
        return UUID(chosen)
    return item.subject_id if motion.subject_model else None


@require_http_methods(["GET", "HEAD", "POST"])
def open_vote(request: Any, vote_id: UUID) -> HttpResponse:
    """Opening a vote is confirmed on a page of its own (L1.13)."""
    vote = vote_or_404(request, vote_id)
    by = presiding(request)
    form = ConfirmOpeningForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        require_fresh_second_factor(request)
        with form_errors(form):
            services.open_vote(vote_id=vote.pk, by=by)
            messages.success(request, f"The vote {vote.reference} is open.")
            return redirect("meetings:show_vote", vote_id=vote.pk)
    context = {"form": form, "vote": vote, "it": vote_view(vote, blockers(vote))}
    return render(request, "meetings/open_vote.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def close_vote(request: Any, vote_id: UUID) -> HttpResponse:
    """Closing a vote is confirmed on a page that says who has not voted (L1.13)."""
    vote = vote_or_404(request, vote_id)
    by = presiding(request)
    if request.method == "POST":
        require_fresh_second_factor(request)
        closed = services.close_vote(vote_id=vote.pk, by=by)
        messages.success(
            request, f"The vote {vote.reference} is closed: {closed.get_state_display().lower()}."
        )
        return redirect("meetings:show_vote", vote_id=vote.pk)
    view = vote_view(vote, [])
    waiting = [row for row in view.rows if row["name"] and not row["voted"]]
    return render(request, "meetings/close_vote.html", {"vote": vote, "it": view, "waiting": waiting})


@require_http_methods(["GET", "HEAD", "POST"])
def abandon_vote(request: Any, vote_id: UUID) -> HttpResponse:
    """Giving a vote up, with the reason (L1.13)."""
    vote = vote_or_404(request, vote_id)
    by = clerk_or_presiding(request)
    form = ReasonForm(request.POST if request.method == "POST" else None, label="Why is the vote abandoned?")
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.abandon_vote(vote_id=vote.pk, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, f"The vote {vote.reference} is abandoned. It decides nothing.")
            return redirect("meetings:show_vote", vote_id=vote.pk)
    context = {"form": form, "vote": vote}
    return render(request, "meetings/abandon_vote.html", context, status=422 if form.errors else 200)


@require_POST
def carry_out_again(request: Any, resolution_id: UUID) -> HttpResponse:
    """Try a refused effect again (L1.15)."""
    by = request.acting(Role.SECRETARIAT, clause="L1.15")
    get_object_or_404(Resolution, pk=resolution_id)
    done: Resolution = services.carry_out_again(resolution_id=resolution_id, by=by)
    if done.is_refused:
        messages.warning(request, f"The effect was refused again: {done.effect_reason}")
    else:
        messages.success(request, f"Resolution {done.reference} is carried out.")
    return redirect("meetings:show_vote", vote_id=done.vote_id)
