"""Why the SMKI Service Interface turns a machine away, in the form that machines read (RFC 9457)."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse

from smki_pma.clauses import clause as cited

UNAUTHORISED, FORBIDDEN, UNAVAILABLE = 401, 403, 503
MALFORMED, ABSENT, NOT_ALLOWED, CONFLICT, GONE = 400, 404, 405, 409, 410
TOO_LARGE, UNSUPPORTED, UNPROCESSABLE, TOO_MANY, OUR_FAULT = 413, 415, 422, 429, 500


@dataclass(frozen=True, slots=True)
class Reason:
    """One stable code with the status, the clause and the first words of the answer."""

    code: str
    status: int
    title: str
    clause: str

    def __post_init__(self) -> None:
        cited(self.clause)


REASONS = {
    reason.code: reason
    for reason in (
        Reason("credential.missing", UNAUTHORISED, "No client certificate", "L4.5"),
        Reason("credential.unknown", UNAUTHORISED, "This client certificate is not known", "L4.5"),
        Reason("credential.revoked", UNAUTHORISED, "This credential is revoked", "L4.5"),
        Reason("credential.ended", UNAUTHORISED, "This credential has ended", "L4.5"),
        Reason("credential.expired", UNAUTHORISED, "This credential has expired", "L4.5"),
        Reason("credential.wrong_environment", FORBIDDEN, "A credential of the other environment", "L4.5"),
        Reason("officer.office_ended", FORBIDDEN, "The holder's office has ended", "L4.1"),
        Reason("officer.not_responsible", FORBIDDEN, "The holder is no responsible officer", "L4.1"),
        Reason("party.not_authorised", FORBIDDEN, "The Party is no Authorised Subscriber", "L4.1(a)"),
        Reason("party.no_test_access", FORBIDDEN, "The Party has no test access", "L4.1(b)"),
        Reason("interface.maintenance", UNAVAILABLE, "Planned Maintenance", "L4.2"),
        Reason("interface.limit", TOO_MANY, "Too many requests at a time", "L3.5"),
        Reason("interface.away", UNAVAILABLE, "The interface does not answer", "L4.2"),
        Reason("interface.fault", OUR_FAULT, "A fault of ours", "L4.2"),
        Reason("message.malformed", MALFORMED, "The message cannot be read", "L4.3"),
        Reason("message.not_found", ABSENT, "There is no such thing of yours", "L4.1"),
        Reason("message.method", NOT_ALLOWED, "This address has no such method", "L4.3"),
        Reason("message.too_large", TOO_LARGE, "The message is too large", "L4.3"),
        Reason("message.media_type", UNSUPPORTED, "Not a media type that is read here", "L4.3"),
        Reason("message.key_reused", UNPROCESSABLE, "Idempotency-Key used for another message", "L4.3"),
        Reason("request.faulty", UNPROCESSABLE, "The request has faults and is refused", "L3.4"),
        Reason("request.refused", UNPROCESSABLE, "The request is refused", "L3.4"),
        Reason("request.no_predecessor", UNPROCESSABLE, "There is no Certificate to renew", "L4.4"),
        Reason("request.not_issued", CONFLICT, "No Certificate has been issued on it yet", "L8.1(a)"),
        Reason("batch.rejected", UNPROCESSABLE, "The batch is rejected", "L8.2"),
        Reason("batch.not_completed", CONFLICT, "The batch has not been completed yet", "L8.1(b)"),
        Reason("batch.results_gone", GONE, "The results are kept no longer", "L4.3"),
        Reason("rule.forbids", CONFLICT, "A rule of the Code forbids this now", "L3.4"),
        Reason("caller.not_entitled", FORBIDDEN, "The caller is not entitled", "L3.4"),
    )
}


@dataclass(slots=True)
class InterfaceRefusal(Exception):
    """The machine is turned away. detail: a sentence with the remedy.

    field_name: the part of the message that it is about. clause: the ground, where it is not the code's own.
    more: further members of the problem details, JSON types.
    """

    code: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)
    field_name: str = ""
    clause: str = ""
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> Reason:
        return REASONS[self.code]

    def response(self) -> HttpResponse:
        """The answer: problem details with code and clause."""
        reason = self.reason
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": reason.title,
            "status": reason.status,
            "detail": self.detail,
            "code": reason.code,
            "clause": self.clause or reason.clause,
        }
        if self.field_name:
            body["field"] = self.field_name
        body |= self.more
        response = HttpResponse(
            json.dumps(body), content_type="application/problem+json", status=reason.status
        )
        for name, value in self.headers.items():
            response[name] = value
        return response
