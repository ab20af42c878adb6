"""Turns refusals into pages, wherever they are raised."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.ui import refusals


class RefusalMiddleware:
    """RuleViolation is a 409, NotEntitled a 403, or an ordinary 404 where existence is confidential."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RuleViolation):
            return refusals.rule_violated(request, exception)
        if isinstance(exception, NotEntitled):
            return refusals.not_entitled(request, exception)
        return None
