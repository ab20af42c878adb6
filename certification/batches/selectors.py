"""Reads about batches. Pages read columns and counters alone, never the files and never a count of items."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet

from certification.batches.models import Batch, BatchItem
from certification.batches.states import OPEN
from certification.requests.selectors import STAFF
from repository.certificates.identifiers import parse_eui64_prefix
from smki_pma.parties.models import Holding
from smki_pma.parties.roles import Role

# Shorter texts of hexadecimal digits are looked for in names only.
_SHORTEST_EUI64 = 4


def visible_to(holdings: Iterable[Holding]) -> QuerySet[Batch]:
    """The batches that somebody with these offices sees: those of the own Party, or all for DCC's officers. L3.4

    For everybody else no batch exists.
    """
    rows = Batch.objects.select_related("party__organisation", "single")
    if {holding.role for holding in holdings} & STAFF:
        return rows
    own = [each.party_id for each in holdings if each.role is Role.PARTY_OFFICER and each.party_id]
    return rows.filter(party_id__in=own) if own else rows.none()


def in_hand() -> QuerySet[Batch]:
    """Batches that are not answered yet, in the order in which they are due; those not yet received last."""
    rows = Batch.objects.filter(state__in=OPEN, completed_at=None).select_related("party__organisation")
    return rows.order_by(F("deadline_at").asc(nulls_last=True), "id")


def items(
    batch: Batch, *, after: int | None = None, outcome: str = "", search: str = ""
) -> QuerySet[BatchItem]:
    """What came of the requests of a batch, in their order in the ZIP, after the item of that number.

    search: a part of the file's name, or the beginning of an EUI-64. One batch has at most 50,000 items and
    they lie together along the primary key, so a search goes through them all in some hundredths of a second.
    """
    rows = BatchItem.objects.filter(batch=batch).order_by("number")
    if after is not None:
        rows = rows.filter(number__gt=after)
    if outcome:
        rows = rows.filter(outcome=outcome)
    return rows.filter(_matches(search)) if search else rows


def _matches(search: str) -> Q:
    named = Q(name__icontains=search)
    try:
        first, last = parse_eui64_prefix(search)
    except ValueError:
        return named
    if len(first.rstrip("0")) < _SHORTEST_EUI64 and len(search) < _SHORTEST_EUI64:
        return named
    return named | Q(eui64__gte=first, eui64__lte=last)
