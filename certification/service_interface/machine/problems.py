"""Whatever goes wrong, as problem details (RFC 9457) with code, clause and field."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja.errors import HttpError, ValidationError

from certification.requests.models import CertificateRequest
from certification.requests.rules import SentBefore
from certification.service_interface.refusals import InterfaceRefusal
from smki_pma.clauses import NotEntitled, RuleViolation

logger = logging.getLogger("certification.service_interface")
View = Callable[..., HttpResponse]


def refusal_of(error: Exception) -> InterfaceRefusal:
    """The refusal that tells a machine of any exception; what is our own fault is logged, not told."""
    match error:
        case InterfaceRefusal():
            return error
        case SentBefore():
            return InterfaceRefusal(
                "message.key_reused",
                "This Idempotency-Key came with something else before. Use a new key for each request or batch.",
                field_name="Idempotency-Key",
            )
        case RuleViolation():
            return InterfaceRefusal(
                "rule.forbids", error.message, clause=error.clause.id, field_name=error.field or ""
            )
        case NotEntitled(hidden=True) | Http404():
            return InterfaceRefusal("message.not_found", "There is no such thing of your Party's here.")
        case NotEntitled():
            return InterfaceRefusal("caller.not_entitled", error.message, clause=error.clause.id)
        case ValidationError():
            return _malformed(error)
        case RequestDataTooBig():
            return InterfaceRefusal("message.too_large", "The message is larger than it may be.")
        case HttpError(status_code=400) | SuspiciousOperation() | MultiPartParserError() | UnicodeError():
            return InterfaceRefusal("message.malformed", "The message is not what its Content-Type says.")
    logger.exception("an interface request failed", exc_info=error)
    wait = "2" if isinstance(error, OperationalError) else "30"
    return InterfaceRefusal(
        "interface.fault",
        "Something failed on our side. Send the same message again, with its Idempotency-Key.",
        headers={"Retry-After": wait},
    )


def _malformed(error: ValidationError) -> InterfaceRefusal:
    first: dict[str, Any] = error.errors[0]
    around = ("body", "path", "query", "header", "data", "message")
    field = ".".join(str(part) for part in first["loc"] if part not in around)
    return InterfaceRefusal("message.malformed", f"{first['msg']}.", field_name=field)


def refused(request: CertificateRequest) -> InterfaceRefusal:
    """What a request with faults is answered: it is on record as refused, with all of them. L3.4"""
    faulty = bool(request.faults)
    return InterfaceRefusal(
        "request.faulty" if faulty else "request.refused",
        request.reason,
        field_name=request.faults[0]["field"] if faulty else "",
        more={"request": str(request.uid), "faults": request.faults},
    )


def no_such_address(request: HttpRequest) -> HttpResponse:
    """What the JSON interface does not have, like everything that it refuses, is answered by problem details."""
    raise InterfaceRefusal("message.not_found", "There is no such address. See the OpenAPI description.")


def answering(view: View) -> View:
    """Let a view answer every exception, and a method that it does not know, with problem details."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Exception as error:
            return refusal_of(error).response()
        if response.status_code == 405:
            allowed = {"Allow": response.headers.get("Allow", "")}
            detail = f"This address takes {allowed['Allow']}."
            return InterfaceRefusal("message.method", detail, headers=allowed).response()
        return response

    return answer
