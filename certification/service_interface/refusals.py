"""Why the SMKI Service Interface turns a machine away, in the form that machines read (RFC 9457)."""

import json
from dataclasses import dataclass, field

from django.http import HttpResponse

from smki_pma.clauses import clause as cited

UNAUTHORISED, FORBIDDEN, UNAVAILABLE = 401, 403, 503


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
    )
}


@dataclass(slots=True)
class InterfaceRefusal(Exception):
    """The machine is turned away before anything of its request is looked at. detail: a sentence with the remedy."""

    code: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def reason(self) -> Reason:
        return REASONS[self.code]

    def response(self) -> HttpResponse:
        """The answer: problem details with code and clause."""
        reason = self.reason
        body = {
            "type": "about:blank",
            "title": reason.title,
            "status": reason.status,
            "detail": self.detail,
            "code": reason.code,
            "clause": reason.clause,
        }
        response = HttpResponse(
            json.dumps(body), content_type="application/problem+json", status=reason.status
        )
        for name, value in self.headers.items():
            response[name] = value
        return response
