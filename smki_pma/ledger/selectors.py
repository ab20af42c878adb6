"""Reading the ledger."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from smki_pma.ledger import checkpoints, store
from smki_pma.ledger.logs import LEDGER
from smki_pma.ledger.models import Entry, EntryText


def ledger_size() -> int:
    """How many entries there are."""
    return store.size_of(LEDGER)


def entry(number: int) -> Entry | None:
    """The entry of a number."""
    return Entry.objects.filter(number=number).first()


def first_unsigned_at() -> datetime | None:
    """When the first entry was recorded that no checkpoint covers; None where each is covered."""
    newest = checkpoints.latest(LEDGER)
    first = Entry.objects.filter(number=newest.size if newest else 0)
    return first.values_list("recorded_at", flat=True).first()


def numbers_of_acts(act_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The ledger numbers of several acts, in one query."""
    return dict(EntryText.objects.filter(act_id__in=list(act_ids)).values_list("act_id", "number"))
