"""What every service of a batch does alike: find its row, record, tell the subscriber."""

from uuid import UUID

from django.urls import reverse

from certification.batches.models import Batch
from certification.requests.models import Source
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record
from smki_pma.notices.acts import send_notice
from smki_pma.notices.models import NoticeKind


def locked(batch_uid: UUID) -> Batch:
    """The batch, nobody else's to change until the transaction ends."""
    return (
        Batch.objects.select_for_update(of=("self",))
        .select_related("party__organisation", "submitted_by")
        .get(uid=batch_uid)
    )


def address(batch: Batch) -> str:
    return reverse("batches:show_batch", args=[batch.uid])


def record_batch(
    event: str, clause: str, *, by: Actor, batch: Batch, facts: dict[str, object] | None = None
) -> None:
    """The entry of an act: for the Party and DCC."""
    said: dict[str, object] = {"environment": batch.environment, "file_sha256": batch.file_sha256}
    record(
        event,
        clause=clause,
        by=by,
        subject=batch,
        facts=said | (facts or {}),
        audience="party",
        party_id=batch.party_id,
    )


def tell(batch: Batch, *, clause: str, subject: str, body: str) -> None:
    """A notice to who handed the batch in; a program asks by itself."""
    if batch.source == Source.PORTAL:
        send_notice(
            clause=clause,
            subject=subject,
            body=body,
            people=[batch.submitted_by],
            url=address(batch),
            kind=NoticeKind.FORMAL,
        )
