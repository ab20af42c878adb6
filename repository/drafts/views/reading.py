"""Reading: both CPSs, and the pages of one draft."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from repository.documents import serving
from repository.drafts import access, selectors, services
from repository.drafts.models import Draft, Revision
from repository.drafts.states import AWAITING_CHECK, SUBMITTED, TO_BE_MADE
from repository.drafts.views.entrance import (
    confidential,
    for_the_room,
    is_of_pma_or_dcc,
    may,
    person_of,
    tabs,
)
from smki_pma.files.store import DamagedFile, open_verified
from smki_pma.governance.meetings.selectors import pma_readers
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.row_changes import changes_of
from smki_pma.parties.roles import Role
from smki_pma.ui import refusals


@require_safe
@for_the_room
def list_cps(request: HttpRequest) -> HttpResponse:
    """Where each CPS stands: its version in force, what is open, what was."""
    context = {
        "standings": selectors.standings(person_of(request)),
        "reviews": selectors.open_reviews() if is_of_pma_or_dcc(request) else [],
        "submits": may(request, Role.DCC_DOCUMENT_OWNER),
    }
    return render(request, "drafts/list_cps.html", context)


@require_safe
@confidential("Overview")
def show_draft(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What it is, what DCC says of the checklist, its files, and what comes next."""
    return render(request, "drafts/show_draft.html", _context(request, draft))


@require_safe
@confidential("Text")
def show_text(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The text of one file, as it was extracted."""
    files = selectors.files_to_compare(draft, person_of(request))
    chosen = _chosen(files, request.GET.get("file"), default=-1)
    lines = chosen.text.splitlines() if chosen else []
    return render(
        request, "drafts/show_text.html", _context(request, draft, file=chosen, files=files, lines=lines)
    )


@require_safe
@confidential("Compare")
def compare_files(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Two files side by side, the changed words marked."""
    files = selectors.files_to_compare(draft, person_of(request))
    before = _chosen(files, request.GET.get("before"), default=0)
    after = _chosen(files, request.GET.get("after"), default=-1)
    result = selectors.compared(before, after) if before and after and before != after else None
    context = _context(request, draft, files=files, result=result)
    return render(request, "drafts/compare_files.html", context)


@require_safe
@confidential("Amendments")
def list_amendments(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Every amendment with its place, text, decision and where it was made."""
    return render(request, "drafts/list_amendments.html", _context(request, draft))


@require_safe
@confidential("Votes")
def list_votes(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The votes about it."""
    context = _context(request, draft, votes=selectors.votes_on(draft))
    return render(request, "drafts/list_votes.html", context)


@require_safe
@confidential("Timeline")
def show_timeline(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What happened, from the ledger."""
    context = _context(request, draft, events=selectors.timeline_of(draft))
    return render(request, "drafts/show_timeline.html", context)


@require_safe
@confidential("History")
def show_history(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What each act changed in its rows, for those for whom the draft exists."""
    page = Paginator(changes_of(*selectors.rows_of(draft)), 50).get_page(request.GET.get("page"))
    return render(request, "drafts/show_history.html", _context(request, draft, page=page))


@require_safe
@confidential("Access")
def show_access(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Who may read it; who has, for those who answer for it."""
    answers = may(request, Role.PMA_CHAIR, Role.SECRETARIAT, Role.DCC_DOCUMENT_OWNER)
    context = _context(
        request,
        draft,
        grants=selectors.grants_of(draft),
        in_conflict=selectors.people_in_conflict(draft),
        readings=selectors.readings_of(draft) if answers else None,
    )
    return render(request, "drafts/show_access.html", context)


@require_safe
@confidential("Files")
def download_file(request: HttpRequest, draft: Draft, number: int) -> HttpResponseBase:
    """A copy of one file, under a name that says nothing of it. L9.12"""
    revision = Revision.objects.filter(draft=draft, number=number).select_related("draft").first()
    if revision is None:
        raise Http404
    try:
        stream = open_verified(revision.sha256)
    except DamagedFile as damage:
        services.report_damage(revision_id=revision.pk, reason=damage.reason, by=Actor.clock())
        return refusals.file_damaged(request)
    services.read_file(revision_id=revision.pk, by=access.reading_actor(person_of(request), draft))
    return serving.send_file(stream, file_kind=revision.file_kind, name=revision.file_name)


def _context(request: HttpRequest, draft: Draft, **more: Any) -> dict[str, Any]:
    return {"draft": draft, "tabs": tabs(request, draft), "next": _next_step(request, draft), **more}


def _next_step(request: HttpRequest, draft: Draft) -> str:
    """What this person can do now: propose, withdraw, answer, check or nothing."""
    if draft.state == SUBMITTED and draft.is_initial and pma_readers(person_of(request)):
        return "propose"
    if draft.state == SUBMITTED and may(request, Role.DCC_DOCUMENT_OWNER):
        return "withdraw"
    if draft.state == TO_BE_MADE and may(request, Role.DCC_DOCUMENT_OWNER):
        return "answer"
    if draft.state == AWAITING_CHECK and may(request, Role.SECRETARIAT):
        return "check"
    return ""


def _chosen(files: list[Revision], position: str | None, *, default: int) -> Revision | None:
    """The file at a position of the list, from 1; anything else gives the default one."""
    if not files:
        return None
    if position and position.isdecimal() and 0 < int(position[:6]) <= len(files):
        return files[int(position[:6]) - 1]
    return files[default]
