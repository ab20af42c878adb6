"""The pages that say no, and their plain forms for programs."""

import json
import re
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import defaults

from smki_pma.clauses import NotEntitled, RuleViolation

# Addresses that programs read: they get plain text, whatever they say that they accept.
MACHINE_PATHS = re.compile(
    r"^/((ledger|certificate-log)/(checkpoint|consistency|tile/)|ledger/entries/\d+/proof|services/|api/)"
)
NOT_FOUND = "There is no page here that you can see."


def rule_violated(request: HttpRequest, refusal: RuleViolation) -> HttpResponse:
    """409 with the rule in words, its clause, and a way back."""
    if is_for_a_program(request):
        return problem(request, HTTPStatus.CONFLICT, refusal.message, refusal.clause.id)
    return render(request, "409.html", {"refusal": refusal, "back_url": back_url(request)}, status=409)


def not_entitled(request: HttpRequest, refusal: NotEntitled) -> HttpResponse:
    """403 with the reason and its clause; where existence is confidential, the same 404 as for nothing."""
    if refusal.hidden:
        return page_not_found(request, refusal)
    if is_for_a_program(request):
        return problem(request, HTTPStatus.FORBIDDEN, refusal.message, refusal.clause.id)
    return render(request, "403.html", {"refusal": refusal, "back_url": back_url(request)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. Its text never repeats the exception, which may name what must stay unknown."""
    if is_for_a_program(request):
        return problem(request, HTTPStatus.NOT_FOUND, NOT_FOUND)
    return render(request, "404.html", status=404)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 without a clause, for refusals of the framework."""
    if is_for_a_program(request):
        return problem(request, HTTPStatus.FORBIDDEN, "You may not do this.")
    return render(request, "403.html", {"back_url": back_url(request)}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, without the page frame: the host itself may be what is wrong."""
    return defaults.bad_request(request, exception)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose security token is missing or old: what was typed can be sent again."""
    if is_for_a_program(request):
        return problem(request, HTTPStatus.FORBIDDEN, "The security token is missing or out of date.")
    context = {"stale_form": True, "back_url": back_url(request)}
    return render(request, "403.html", context, status=403)


def file_damaged(request: HttpRequest) -> HttpResponse:
    """500 in place of a stored file whose bytes are wrong, once that is reported."""
    if is_for_a_program(request):
        return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "The stored file is damaged.")
    return render(request, "damaged_file.html", status=500)


def is_for_a_program(request: HttpRequest) -> bool:
    """Whether a program reads the answer: by its address, or because it asks for JSON and not for HTML."""
    if MACHINE_PATHS.match(request.path):
        return True
    accept = request.headers.get("Accept", "")
    return "json" in accept and "text/html" not in accept


def problem(request: HttpRequest, status: HTTPStatus, detail: str, clause: str = "") -> HttpResponse:
    """Problem details (RFC 9457) for those who accept JSON, otherwise one line of text."""
    if "json" in request.headers.get("Accept", ""):
        body = {"title": status.phrase, "status": status.value, "detail": detail}
        if clause:
            body["clause"] = clause
        return HttpResponse(json.dumps(body), content_type="application/problem+json", status=status)
    text = f"{detail} ({clause})\n" if clause else f"{detail}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)


def back_url(request: HttpRequest) -> str:
    """Where the person came from, if that is a page of ours; otherwise the home page."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return came_from
    return "/"
