"""The ZIPs as they were handed in: which of them the files store keeps, and for how long. L3.5, L8.2"""

from django.db import connection, transaction

from certification.authorities.csr import PRIVATE_KEY
from certification.batches.models import Batch, BatchItem, Outcome
from certification.batches.states import PARSING, PAUSED, PENDING, REJECTED
from smki_pma.files import store
from smki_pma.statements import fetch_one

# A paused batch may still have to be unpacked; when it goes on and is answered it is asked again.
_UNREAD = (PENDING, PARSING, PAUSED)


def hold(sha256: str) -> None:
    """Nobody else stores or removes this ZIP before this transaction ends. On SQLite a writer is alone anyway."""
    if connection.vendor == "postgresql":
        number = int.from_bytes(bytes.fromhex(sha256[:16]), signed=True)
        fetch_one("SELECT pg_advisory_xact_lock(%s)", [number])


def remove_unless_kept(sha256: str) -> None:
    """Take a ZIP out of the store once nothing is left to be read from it and no batch keeps it.

    A ZIP with a private key in it is not kept, nor one that was rejected, nor one whose single request stands by
    itself. Another batch may be of the very same octets and not be unpacked yet.
    """
    with transaction.atomic():
        hold(sha256)
        if not _is_kept(sha256):
            store.remove(sha256)


def _is_kept(sha256: str) -> bool:
    batches = Batch.objects.filter(file_sha256=sha256)
    if batches.filter(state__in=_UNREAD).exists():
        return True
    answers = BatchItem.objects.filter(batch__in=batches, outcome=Outcome.ERROR)
    if answers.filter(fault_code=PRIVATE_KEY).exists():
        return False
    return batches.filter(single=None).exclude(state=REJECTED).exists()
