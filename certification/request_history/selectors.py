"""Finding single requests and batches of the past, for whoever may see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from certification.batches.models import Batch
from certification.batches.selectors import visible_to as batches_visible_to
from certification.requests.models import CertificateRequest
from certification.requests.selectors import visible_to as requests_visible_to
from smki_pma.calendar.working_days import end_of_day, start_of_day
from smki_pma.parties.models import Holding

IN_HAND = "in_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is looked for; an empty value does not narrow.

    eui64: 16 upper-case digits. since, until: London days of handing in, both included.
    """

    eui64: str = ""
    state: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None


def requests_found(holdings: Iterable[Holding], query: Query) -> QuerySet[CertificateRequest]:
    """Single requests that somebody with these offices sees, without their bytes. L3.4"""
    rows = _within(requests_visible_to(holdings), query)
    if query.eui64:
        rows = rows.filter(eui64=query.eui64)
    if query.state:
        rows = rows.filter(state=query.state)
    if query.outcome == IN_HAND:
        rows = rows.filter(sent_at__isnull=True)
    elif query.outcome:
        rows = rows.filter(outcome=query.outcome)
    return rows.select_related("certificate").defer("csr", "faults", "certificate__der")


def batches_found(holdings: Iterable[Holding], query: Query) -> QuerySet[Batch]:
    """Batches handed in on these days that somebody with these offices sees. L3.4"""
    return _within(batches_visible_to(holdings), query).filter(single__isnull=True).defer("faults")


def _within(rows: QuerySet, query: Query) -> QuerySet:  # type: ignore[type-arg]  # of either model
    if query.since:
        rows = rows.filter(submitted_at__gte=start_of_day(query.since))
    if query.until:
        rows = rows.filter(submitted_at__lt=end_of_day(query.until))
    return rows
