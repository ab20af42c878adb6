"""The way into the room: for whom a draft does not exist, there is no page."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from repository.drafts import access, selectors, services
from repository.drafts.models import Draft
from smki_pma.governance.meetings.selectors import pma_readers
from smki_pma.parties.models import Person
from smki_pma.parties.roles import DCC_STAFF, Role

DraftView = Callable[..., HttpResponseBase]


def confidential(part: str) -> Callable[[DraftView], DraftView]:
    """Give a view the draft if it exists for the person, write down the reading, forbid keeping a copy. L9.12"""

    def decorate(view: DraftView) -> DraftView:
        @wraps(view)
        def run(request: HttpRequest, pk: UUID, **kwargs: Any) -> HttpResponseBase:
            person = person_of(request)
            draft = selectors.draft_for_page(person, pk)
            if draft is None:
                raise Http404
            services.read_draft(draft_id=draft.pk, part=part, by=access.reading_actor(person, draft))
            return unkept(view(request, draft, **kwargs))

        return run

    return decorate


def for_the_room(view: DraftView) -> DraftView:
    """A page of the room that is about no one draft: 404 for those for whom the room does not exist. L9.12"""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not access.sees_any(person_of(request), request.roles):
            raise Http404
        return unkept(view(request, *args, **kwargs))

    return run


def unkept(response: HttpResponseBase) -> HttpResponseBase:
    """Neither browser nor proxy keeps a copy."""
    response["Cache-Control"] = "private, no-store"
    return response


def person_of(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def tabs(request: Any, draft: Draft) -> list[tuple[str, str]]:
    """The sub-navigation of a draft's pages."""
    base = f"/cps/drafts/{draft.pk}/"
    shown = [("Overview", ""), ("Text", "text/"), ("Compare", "compare/"), ("Amendments", "amendments/")]
    shown += [("Votes", "votes/"), ("Timeline", "timeline/"), ("History", "history/")]
    shown += [("Access", "access/")]
    return [(title, base + end) for title, end in shown]


def may(request: Any, *roles: Role) -> bool:
    return not request.roles.isdisjoint(roles)


def is_of_pma_or_dcc(request: Any) -> bool:
    """Not those whom a grant lets read one draft, whatever office they hold. L9.12"""
    return may(request, *DCC_STAFF) or pma_readers(person_of(request))
