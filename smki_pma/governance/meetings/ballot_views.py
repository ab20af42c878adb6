"""Casting a ballot: the conflict question, the ballot, the check, the receipt."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.governance.meetings import frozen, services
from smki_pma.governance.meetings.access import vote_or_404
from smki_pma.governance.meetings.blockers import ballot_blockers
from smki_pma.governance.meetings.conflicts import DECLARERS
from smki_pma.governance.meetings.display import strip_of, vote_view
from smki_pma.governance.meetings.forms import BallotForm, ConflictQuestionForm
from smki_pma.governance.meetings.models import Ballot, Vote
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authentication import require_fresh_second_factor
from smki_pma.ui.forms import form_errors


def _voter(request: Any) -> Actor:
    actor: Actor = request.acting(*DECLARERS, clause="L1.15")
    return actor


def _answered(vote: Vote) -> str:
    """The session's key for "no conflict", bound to this opening of the vote."""
    return f"no conflict {vote.pk} {frozen.digest(vote.opening_snapshot)[:16]}"


@require_http_methods(["GET", "HEAD", "POST"])
def answer_conflict(request: Any, vote_id: UUID) -> HttpResponse:
    """The conflict question comes first (C5)."""
    vote = vote_or_404(request, vote_id)
    _voter(request)
    if blockers := ballot_blockers(request.user, vote):
        return _why_not(request, vote, blockers)
    form = ConflictQuestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["interest"] == "yes":
            return redirect("meetings:declare_conflict", item_id=vote.item_id)
        request.session[_answered(vote)] = True
        return redirect("meetings:cast_ballot", vote_id=vote.pk)
    context = {"form": form, "vote": vote, "strip": strip_of(vote.item.meeting, vote.item)}
    return render(request, "meetings/answer_conflict.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def cast_ballot(request: Any, vote_id: UUID) -> HttpResponse:
    """The ballot, then the check-your-answer page, then the receipt; nothing is chosen beforehand (L1.15)."""
    vote = vote_or_404(request, vote_id)
    voter = _voter(request)
    step = request.POST.get("step", "")
    if step != "cast" and (blockers := ballot_blockers(request.user, vote)):
        return _why_not(request, vote, blockers)
    if vote.is_open and not request.session.get(_answered(vote)):
        return redirect("meetings:answer_conflict", vote_id=vote.pk)
    form = _ballot_form(request, vote, step)
    if step in ("check", "cast") and form.is_valid():
        if step == "check":
            return _page(request, vote, form, "meetings/check_ballot.html")
        require_fresh_second_factor(request)
        with form_errors(form):
            _cast(vote, form, voter)
            request.session.pop(_answered(vote), None)
            return redirect("meetings:show_receipt", vote_id=vote.pk)
        if not ballot_blockers(request.user, vote):
            return _page(request, vote, form, "meetings/cast_ballot.html", status=422)
        raise RuleViolation(_first_error(form), clause="L1.15")
    return _page(request, vote, form, "meetings/cast_ballot.html", status=422 if form.errors else 200)


def _ballot_form(request: Any, vote: Vote, step: str) -> BallotForm:
    if step in ("check", "cast"):
        return BallotForm(request.POST)
    given = {"opening": frozen.digest(vote.opening_snapshot)}
    if step == "change":
        given |= {name: request.POST.get(name, "") for name in ("position", "reason")}
    return BallotForm(initial=given)


def _cast(vote: Vote, form: BallotForm, voter: Actor) -> Ballot:
    data = form.cleaned_data
    return services.cast_ballot(
        vote_id=vote.pk,
        position=data["position"],
        reason=data["reason"],
        no_conflict=True,
        opening_sha256=data["opening"],
        by=voter,
    )


def _first_error(form: BallotForm) -> str:
    return next(message for messages in form.errors.values() for message in messages)


def _page(request: Any, vote: Vote, form: BallotForm, template: str, status: int = 200) -> HttpResponse:
    view = vote_view(vote, [])
    seat = next((s for s in view.strip.seats if s.acting and s.acting.person_id == request.user.pk), None)
    position = dict(form.fields["position"].choices).get(form.data.get("position", ""))  # type: ignore[attr-defined]
    context = {"form": form, "vote": vote, "it": view, "seat": seat, "position": position}
    return render(request, template, context, status=status)


def _why_not(request: Any, vote: Vote, blockers: Any) -> HttpResponse:
    """Say why not, with the clause, to somebody who could have the right."""
    context = {"vote": vote, "blockers": blockers, "strip": strip_of(vote.item.meeting, vote.item)}
    return render(request, "meetings/why_not.html", context, status=409)


@require_safe
def show_receipt(request: Any, vote_id: UUID) -> HttpResponse:
    """The receipt of one's own ballot."""
    vote = vote_or_404(request, vote_id)
    if not Ballot.objects.filter(vote=vote, person=request.user).exists():
        raise NotEntitled("You have cast no ballot in this vote.", clause="L1.15", hidden=True)
    ballot = get_object_or_404(Ballot, vote=vote, person=request.user)
    return render(request, "meetings/show_receipt.html", {"vote": vote, "ballot": ballot})
