"""Enrolment over Secure Transport (RFC 7030) for single requests. L4.4(c)

The label says the Certificate Policy and the environment. Who calls is known by the client certificate of the
credential alone; passwords (RFC 7030 section 3.2.3), full CMC and key generation by the server are not offered.
"""

import base64
import textwrap
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from certification.authorities.profiles import profile_of
from certification.authorities.selectors import authorities
from certification.authorities.states import DISCARDED, REVOKED
from certification.requests.models import CertificateRequest
from certification.requests.rules import LARGEST_REQUEST
from certification.requests.selectors import KINDS, digest_of
from certification.requests.states import AWAITING_CHECK, REFUSED
from certification.service_interface.access import Caller, enter
from certification.service_interface.machine import csrattrs, renewal, single
from certification.service_interface.machine.limits import READ, SINGLE, read_message, spend
from certification.service_interface.machine.problems import refusal_of, refused
from certification.service_interface.refusals import InterfaceRefusal
from certification.subscribers.rules import Policy
from smki_pma.calendar import clock

PKCS7 = "application/pkcs7-mime"
CERTS_ONLY = f"{PKCS7}; smime-type=certs-only"
# How long a client waits before it sends the same request again (RFC 7030 section 4.2.3).
RETRY_SECONDS = "2"
RETRY_CHECK_SECONDS = "300"
BASE64_LINE = 76
# How long the same request sent again is told that it was refused: many times RETRY_CHECK_SECONDS, so that a
# client that waited for the check learns of it.
REFUSAL_TOLD = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Label:
    """What the path segment before the operation stands for."""

    policy: Policy
    environment: str


LABELS = {
    "device": Label(Policy.DEVICE, "live"),
    "organisation": Label(Policy.ORGANISATION, "live"),
    "test-device": Label(Policy.DEVICE, "test"),
    "test-organisation": Label(Policy.ORGANISATION, "test"),
}
METHODS = {"cacerts": "GET", "csrattrs": "GET", "simpleenroll": "POST", "simplereenroll": "POST"}


@csrf_exempt
@login_not_required
def est(request: HttpRequest, label: str, operation: str) -> HttpResponse:
    """One EST operation. Errors are one line of text with the code and the clause (RFC 7030 section 4.2.3)."""
    try:
        return _operate(request, label, operation)
    except Exception as error:
        return _in_text(refusal_of(error))


def _operate(request: HttpRequest, label: str, operation: str) -> HttpResponse:
    named = LABELS.get(label)
    if named is None or operation not in METHODS:
        raise InterfaceRefusal(
            "message.not_found",
            f"The labels are {', '.join(LABELS)}; the operations are {', '.join(METHODS)}.",
        )
    if request.method != METHODS[operation]:
        allowed = METHODS[operation]
        raise InterfaceRefusal(
            "message.method", f"{operation} is asked by {allowed}.", headers={"Allow": allowed}
        )
    caller = enter(request, environment=named.environment)
    spend(READ if request.method == "GET" else SINGLE, caller.credential_id)
    match operation:
        case "cacerts":
            return give_authorities(named)
        case "csrattrs":
            return _in_base64(
                csrattrs.attributes_for(named.policy, named.environment), "application/csrattrs"
            )
        case _:
            return enrol(request, caller, named, renewing=operation == "simplereenroll")


def give_authorities(named: Label) -> HttpResponse:
    """The Certificates of the Authorities that issue under the label: the issuing ones, then their roots.

    Superseded ones too, for what they issued is relied on; never one that is revoked.
    """
    issuing = profile_of(KINDS[named.policy]).issuer
    found = (
        authorities()
        .filter(kind__in=[issuing, profile_of(issuing).issuer], environment=named.environment)
        .exclude(state__in=(DISCARDED, REVOKED))
    )
    ders = [bytes(each.certificate_der or b"") for each in found.order_by("kind", "-activated_at")]
    if not ders:
        raise InterfaceRefusal(
            "rule.forbids", "No Authority issues here yet. DCC must hold the key ceremony."
        )
    return _certificates(ders)


def enrol(request: HttpRequest, caller: Caller, named: Label, *, renewing: bool) -> HttpResponse:
    """Hand in one request: the Certificate, or 202 to send the very same request again. L3.4, L8.1(a)"""
    if request.content_type != "application/pkcs10":
        raise InterfaceRefusal(
            "message.media_type",
            "Send the request with Content-Type application/pkcs10, in Base64.",
            field_name="Content-Type",
        )
    csr = read_message(request, LARGEST_REQUEST)
    if renewing:
        renewal.check_renews(
            csr, party_id=caller.party_id, policy=named.policy, environment=named.environment
        )
    key = _submission_key(caller, named, csr)
    received = single.submit(caller, policy=named.policy, csr=csr, key=key)
    if received.state == REFUSED:
        raise refused(received)
    return _certificates([bytes(received.certificate.der)]) if received.certificate else _later(received)


def _submission_key(caller: Caller, named: Label, csr: bytes) -> UUID:
    """The same request sent again is the same request: that is how EST asks what became of it.

    Not once a refusal has been told for its time: its ground may be gone, so the request is looked at anew (L3.4).
    """
    sent = f"EST {named.policy} {digest_of(csr)}"
    key = single.submission_key(caller, sent, kind="request")
    refused_before = single.own(caller).filter(state=REFUSED, sent_at__lte=clock.now() - REFUSAL_TOLD)
    while last := refused_before.filter(submission_key=key).values_list("uid", flat=True).first():
        key = single.submission_key(caller, f"{sent} after {last}", kind="request")
    return key


def _later(received: CertificateRequest) -> HttpResponse:
    waiting = received.state == AWAITING_CHECK
    words = "waits for DCC's check" if waiting else "is being issued"
    response = HttpResponse(
        f"Request {received.reference} {words}. Send the same request again.\n",
        content_type="text/plain; charset=utf-8",
        status=202,
    )
    response["Retry-After"] = RETRY_CHECK_SECONDS if waiting else RETRY_SECONDS
    return response


def _certificates(ders: list[bytes]) -> HttpResponse:
    certificates = [x509.load_der_x509_certificate(der) for der in ders]
    return _in_base64(pkcs7.serialize_certificates(certificates, Encoding.DER), CERTS_ONLY)


def _in_base64(content: bytes, content_type: str) -> HttpResponse:
    lines = textwrap.wrap(base64.b64encode(content).decode("ascii"), BASE64_LINE)
    response = HttpResponse("\n".join(lines) + "\n", content_type=content_type)
    response["Content-Transfer-Encoding"] = "base64"
    response["Cache-Control"] = "private, no-store"
    return response


def _in_text(refusal: InterfaceRefusal) -> HttpResponse:
    reason = refusal.reason
    lines = [f"{refusal.detail} ({reason.code}, {refusal.clause or reason.clause})"]
    faults: list[dict[str, Any]] = refusal.more.get("faults", [])
    lines += [
        f"{fault['code']}: {fault['field']}: {fault['message']} ({fault['source']})" for fault in faults
    ]
    response = HttpResponse(
        "\n".join(lines) + "\n", content_type="text/plain; charset=utf-8", status=reason.status
    )
    for name, value in refusal.headers.items():
        response[name] = value
    return response
