"""The JSON interface, once for each environment. L4.3"""

from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from ninja import Header, NinjaAPI, Path, Query, Status
from ninja.errors import HttpError, ValidationError
from ninja.security.base import AuthBase

from certification.batches import states as batch_states
from certification.requests.models import CertificateRequest
from certification.requests.states import REFUSED
from certification.service_interface.access import Caller, enter
from certification.service_interface.machine import batching, description, single
from certification.service_interface.machine.limits import (
    BATCH,
    LARGEST_MESSAGE,
    LONGEST_KEY,
    READ,
    SINGLE,
    Limit,
    check_size,
    spend,
)
from certification.service_interface.machine.problems import refusal_of, refused
from certification.service_interface.machine.schemas import (
    BatchesOut,
    BatchOut,
    ItemOut,
    ItemsOut,
    SingleIn,
    SingleOut,
)
from certification.service_interface.refusals import InterfaceRefusal
from certification.subscribers.rules import Policy
from repository.certificates.encoding import CERTIFICATE_FORMS

VERSION = "1.0"
SETTLED, ACCEPTED, CREATED = 200, 202, 201
RETRY_SECONDS = "2"
RETRY_BATCH_SECONDS = "30"
LARGEST_PAGE = 1000
LARGEST_NUMBER = 2**31 - 1

Key = Annotated[
    str,
    Header(
        "",
        alias="Idempotency-Key",
        max_length=LONGEST_KEY,
        description="of your own choice; the same key again gives the same answer and hands in nothing new",
    ),
]
Prefer = Annotated[
    str, Header("", alias="Prefer", max_length=LONGEST_KEY, description="respond-async: do not wait")
]
Uid = Annotated[UUID, Path(...)]


class Entering(AuthBase):
    """The credential of the connection: maintenance, the credential's standing, then its share of messages."""

    openapi_type = "mutualTLS"
    openapi_description = "the client certificate of a credential that DCC has issued for this environment"

    def __init__(self, environment: str, limit: Limit) -> None:
        super().__init__()
        self.environment, self.limit = environment, limit

    def __call__(self, request: HttpRequest) -> Caller:
        caller = enter(request, environment=self.environment)
        spend(self.limit, caller.credential_id)
        if self.limit is not BATCH:
            check_size(request, LARGEST_MESSAGE)
        return caller


def _caller(request: Any) -> Caller:
    caller: Caller = request.auth
    return caller


def submit_request(request: HttpRequest, message: SingleIn, key: Key = "", prefer: Prefer = "") -> Any:
    """Hand in one Certificate Signing Request.

    Answers 201 with the Certificate, or 202 when it is not issued within two seconds or waits for a check:
    ask at Location then. 422 with every fault where the request is refused; it counts as sent (L8.8).
    """
    caller = _caller(request)
    received = single.submit(
        caller,
        policy=Policy(message.policy),
        csr=message.csr.encode("utf-8", "replace"),
        key=single.submission_key(caller, key, kind="request"),
        wait="respond-async" not in prefer,
    )
    if received.state == REFUSED:
        raise refused(received)
    return _with_address(received, CREATED if received.certificate_id else ACCEPTED)


def _with_address(received: CertificateRequest, status: int) -> HttpResponse:
    response = HttpResponse(
        SingleOut.of(received).model_dump_json(), content_type="application/json", status=status
    )
    response["Location"] = single.address_of(received)
    if status == ACCEPTED:
        response["Retry-After"] = RETRY_SECONDS
    return response


def show_request(request: HttpRequest, uid: Uid) -> Any:
    """Where a request of your Party stands, with the Certificate once it is issued."""
    return Status(SETTLED, SingleOut.of(single.found(_caller(request), uid)))


def fetch_certificate(request: HttpRequest, uid: Uid) -> HttpResponse:
    """The Certificate issued on a request: DER for Accept: application/pkix-cert, otherwise PEM."""
    found = single.found(_caller(request), uid)
    if found.state == REFUSED:
        raise refused(found)
    if found.certificate is None:
        raise InterfaceRefusal(
            "request.not_issued",
            f"The request is {found.get_state_display().lower()}. Ask again later.",
            headers={"Retry-After": RETRY_SECONDS},
        )
    form = "der" if "application/pkix-cert" in request.headers.get("Accept", "") else "pem"
    name = f"certificate-{found.certificate.serial}.{form}"
    return CERTIFICATE_FORMS[form](bytes(found.certificate.der)).as_attachment(name)


def submit_batch(request: HttpRequest, key: Key = "") -> Any:
    """Hand in a ZIP of 2 to 50,000 requests for Device Certificates, as the body or as the file of a form.

    Answers 202: ask at Location until its state is completed. A ZIP with one request becomes a single
    request (`single`), answered within its 30 seconds.
    """
    caller = _caller(request)
    marked = single.submission_key(caller, key, kind="batch")
    batch = batching.submit(caller, request=request, key=marked)
    if batch.state == batch_states.REJECTED:
        raise InterfaceRefusal(
            "batch.rejected",
            " ".join(fault["message"] for fault in batch.faults),
            more={"request": str(batch.uid), "faults": batch.faults},
        )
    response = HttpResponse(
        BatchOut.of(batch).model_dump_json(), content_type="application/json", status=ACCEPTED
    )
    response["Location"] = f"{single.root_of(caller.environment)}/batches/{batch.uid}"
    response["Retry-After"] = RETRY_BATCH_SECONDS
    return response


def list_batches(
    request: HttpRequest,
    before: Annotated[UUID | None, Query(None, description="`next` of the page before")] = None,
    limit: Annotated[int, Query(100, ge=1, le=LARGEST_PAGE)] = 100,
) -> Any:
    """Your Party's batches, the newest first."""
    found = batching.page(_caller(request), before=before, limit=limit)
    following = found[-1].uid if len(found) == limit else None
    return Status(SETTLED, BatchesOut(batches=[BatchOut.of(each) for each in found], next=following))


def show_batch(request: HttpRequest, uid: Uid) -> Any:
    """Where a batch of your Party stands."""
    return Status(SETTLED, BatchOut.of(batching.found(_caller(request), uid)))


def list_items(
    request: HttpRequest,
    uid: Uid,
    after: Annotated[int, Query(-1, ge=-1, le=LARGEST_NUMBER, description="`next` of the page before")] = -1,
    limit: Annotated[int, Query(LARGEST_PAGE, ge=1, le=LARGEST_PAGE)] = LARGEST_PAGE,
) -> Any:
    """What came of each request of a batch, by its place in the ZIP. Chunks are answered as they are issued."""
    batch = batching.found(_caller(request), uid)
    rows = batching.items(batch, after=after, limit=limit)
    following = rows[-1].number if len(rows) == limit else None
    return Status(SETTLED, ItemsOut(items=[ItemOut.of(each) for each in rows], next=following))


def fetch_result(request: HttpRequest, uid: Uid) -> FileResponse:
    """The ZIP of results: a .crt for each Certificate, and the report of every outcome. Kept until `results_until`."""
    return batching.result(batching.found(_caller(request), uid))


def _show_description(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    def show_description(request: HttpRequest) -> HttpResponse:
        """This description."""
        return HttpResponse(description.text_of(api), content_type="application/json")

    return show_description


def _refuse(error: Any) -> HttpResponse:
    return refusal_of(error).response()


def make_api(environment: str) -> NinjaAPI:
    """The interface of one environment, live or test, with its addresses."""
    title = "SMKI Service Interface" + ("" if environment == "live" else ", test environment")
    api = NinjaAPI(
        title=title,
        version=VERSION,
        description=description.OVERVIEW,
        urls_namespace=f"interface_{environment}",
        openapi_url=None,
        docs_url=None,
    )
    single_, batch, read = (Entering(environment, limit) for limit in (SINGLE, BATCH, READ))
    more = description.EXTRAS
    requests, batches = "/requests", "/batches"
    one: dict[str, Any] = {"response": {CREATED: SingleOut, ACCEPTED: SingleOut}, "auth": single_}
    api.post(requests, **one, openapi_extra=more["submit_request"])(submit_request)
    api.get(f"{requests}/{{uid}}", response=SingleOut, auth=read)(show_request)
    api.get(f"{requests}/{{uid}}/certificate", auth=read, openapi_extra=more["fetch_certificate"])(
        fetch_certificate
    )
    api.post(batches, response={ACCEPTED: BatchOut}, auth=batch, openapi_extra=more["submit_batch"])(
        submit_batch
    )
    api.get(batches, response=BatchesOut, auth=read)(list_batches)
    api.get(f"{batches}/{{uid}}", response=BatchOut, auth=read)(show_batch)
    api.get(f"{batches}/{{uid}}/items", response=ItemsOut, auth=read)(list_items)
    api.get(f"{batches}/{{uid}}/result", auth=read, openapi_extra=more["fetch_result"])(fetch_result)
    api.get("/openapi.json", include_in_schema=False)(_show_description(api))
    for kind in (Exception, HttpError, ValidationError, Http404):
        # ninja has handlers of its own for the narrower ones
        api.add_exception_handler(kind, lambda request, error: _refuse(error))
    return api


LIVE, TEST = make_api("live"), make_api("test")
