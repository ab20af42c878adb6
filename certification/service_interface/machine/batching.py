"""Batches over the interface: handed in, looked at, fetched. The portal's services, no second way."""

from typing import IO, Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest

from certification.batches import results, rules
from certification.batches.models import Batch, BatchItem
from certification.batches.result_views import answer_with_results
from certification.batches.services import hand_in_batch
from certification.batches.states import COMPLETED
from certification.requests.models import Source
from certification.service_interface.access import Caller
from certification.service_interface.machine.limits import check_size
from certification.service_interface.refusals import InterfaceRefusal
from smki_pma.rules_in_force.selectors import figure

ZIP = "application/zip"
FORM = "multipart/form-data"
# What surrounds one file in a form.
FORM_SURPLUS = 16 * 1024


def own(caller: Caller) -> QuerySet[Batch]:
    """The batches that exist for this caller: those of its Party in this environment, however handed in. L4.1"""
    return Batch.objects.filter(party_id=caller.party_id, environment=caller.environment).select_related(
        "single"
    )


def found(caller: Caller, uid: UUID) -> Batch:
    """One of them; 404 for anybody else's."""
    batch = own(caller).filter(uid=uid).first()
    if batch is None:
        raise InterfaceRefusal("message.not_found", "Your Party has no batch with this id here.")
    return batch


def largest_batch() -> int:
    """The largest ZIP, in octets, that the rules in force let in."""
    return figure("requests.largest_batch_megabytes") * rules.MEGABYTE


def submit(caller: Caller, *, request: HttpRequest, key: UUID) -> Batch:
    """Hand in the ZIP of a message. L8.2

    The same key again gives the first batch; SentBefore with another ZIP. Raises InterfaceRefusal.
    """
    file_name, content = _zip_of(request)
    return hand_in_batch(
        party_id=caller.party_id,
        content=_Limited(content, largest_batch()),
        file_name=file_name,
        submission_key=key,
        source=Source.INTERFACE,
        environment=caller.environment,
        by=caller.actor,
    )


def _zip_of(request: HttpRequest) -> tuple[str, Any]:
    """The name and the stream of the ZIP: the whole body, or the one file of a form."""
    largest = largest_batch()
    if request.content_type == ZIP:
        check_size(request, largest)
        return "", request
    if request.content_type != FORM:
        raise InterfaceRefusal(
            "message.media_type",
            f"Send the ZIP as the body, with Content-Type {ZIP}, or as the field `file` of {FORM}.",
            field_name="Content-Type",
        )
    check_size(request, largest + FORM_SURPLUS)
    upload = request.FILES.get("file")
    if upload is None:
        raise InterfaceRefusal(
            "message.malformed", "The form has no file in its field `file`.", field_name="file"
        )
    return (upload.name or "")[:120], upload


class _Limited:
    """A stream that ends the reading of what is larger than it may be."""

    def __init__(self, stream: IO[bytes], most: int) -> None:
        self.stream = stream
        self.left = most

    def read(self, size: int = -1, /) -> bytes:
        chunk = self.stream.read(min(size, self.left + 1) if size >= 0 else self.left + 1)
        self.left -= len(chunk)
        if self.left < 0:
            raise InterfaceRefusal(
                "message.too_large", "The ZIP is larger than a batch may be.", field_name="file"
            )
        return chunk


def page(caller: Caller, *, before: UUID | None, limit: int) -> list[Batch]:
    """Batches older than one of the caller's, the newest first."""
    rows = own(caller)
    if before is not None:
        rows = rows.filter(pk__lt=found(caller, before).pk)
    return list(rows.order_by("-pk")[:limit])


def items(batch: Batch, *, after: int, limit: int) -> list[BatchItem]:
    """Items after a number, along the primary key."""
    rows = BatchItem.objects.filter(batch_id=batch.pk, number__gt=after)
    return list(rows.order_by("number")[:limit])


def result(batch: Batch) -> FileResponse:
    """The ZIP of results with its report. InterfaceRefusal before it exists and when it is kept no longer."""
    if batch.single is not None:
        raise InterfaceRefusal(
            "batch.not_completed",
            f"This ZIP held one request. Its answer is that of the single request {batch.single.uid}.",
        )
    if batch.state != COMPLETED:
        raise InterfaceRefusal(
            "batch.not_completed", f"The batch is {batch.get_state_display().lower()}. Ask again later."
        )
    if not results.are_kept(batch):
        raise InterfaceRefusal(
            "batch.results_gone",
            "The results of this batch are no longer kept. Every Certificate is in the SMKI Repository.",
        )
    return answer_with_results(batch)
