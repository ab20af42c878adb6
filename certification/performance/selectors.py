"""Reads of forecasts and of what was really sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncMonth

from certification.batches.models import Batch
from certification.performance import rules
from certification.performance.models import Forecast, ForecastMonth
from certification.performance.rules import Expected
from certification.requests.models import CertificateRequest
from certification.subscribers.models import AuthorisedSubscriber
from certification.subscribers.rules import Policy
from smki_pma.calendar import clock, working_days
from smki_pma.parties.models import Party


def forecasting_parties(*, at: datetime | None = None) -> QuerySet[Party]:
    """The Parties that owe forecasts: Authorised Subscribers under the Device Certificate Policy. L8.7"""
    at = at or clock.now()
    standing = AuthorisedSubscriber.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at), policy=Policy.DEVICE, authorised_at__lte=at
    )
    parties: QuerySet[Party] = Party.objects.filter(pk__in=standing.values("party_id"))
    return parties.select_related("organisation").order_by("organisation__name")


def owes_forecasts(party_id: UUID, *, at: datetime | None = None) -> bool:
    """Whether the Party is one of them. L8.7"""
    return forecasting_parties(at=at).filter(pk=party_id).exists()


def has_met(party_id: UUID, occasion: rules.Occasion) -> bool:
    """Whether the Party has provided a forecast since the month began in which it fell due. L8.7"""
    since = working_days.start_of_day(occasion.month)
    return Forecast.objects.filter(party_id=party_id, provided_at__gte=since).exists()


class Standing(StrEnum):
    """Where a Party stands on an occasion."""

    NOTHING_OWED = "nothing owed"
    DUE = "due"
    OVERDUE = "overdue"
    PROVIDED = "provided"


def standing_of(party_id: UUID, occasion: rules.Occasion, *, at: datetime) -> Standing:
    """Before the day everybody owes who subscribes; a Party authorised after it owed nothing on that occasion. L8.7"""
    owes = owes_forecasts(party_id, at=_counted_at(occasion, at))
    return _standing(occasion, at, owes=owes, met=owes and has_met(party_id, occasion))


def standings(
    parties: Iterable[Party], occasion: rules.Occasion, *, at: datetime
) -> list[tuple[Party, Forecast | None, Standing]]:
    """Each of these Parties with its latest forecast and where it stands, as `standing_of` says. L8.7"""
    owing = set(forecasting_parties(at=_counted_at(occasion, at)).values_list("pk", flat=True))
    latest = Forecast.objects.filter(party_id=OuterRef("party_id")).order_by("-provided_at")
    of_party = Forecast.objects.filter(party__in=parties, pk=Subquery(latest.values("pk")[:1]))
    forecasts = {each.party_id: each for each in of_party}
    since = working_days.start_of_day(occasion.month)
    found = []
    for party in parties:
        forecast = forecasts.get(party.pk)
        met = forecast is not None and forecast.provided_at >= since
        found.append((party, forecast, _standing(occasion, at, owes=party.pk in owing, met=met)))
    return found


def _counted_at(occasion: rules.Occasion, at: datetime) -> datetime:
    """When who subscribes owes: a Party authorised after the day does not."""
    return min(at, working_days.end_of_day(occasion.due_on))


def _standing(occasion: rules.Occasion, at: datetime, *, owes: bool, met: bool) -> Standing:
    if not owes:
        return Standing.NOTHING_OWED
    if met:
        return Standing.PROVIDED
    return Standing.DUE if at < working_days.end_of_day(occasion.due_on) else Standing.OVERDUE


def forecasts_of(party_id: UUID) -> QuerySet[Forecast]:
    """Every forecast of a Party, the latest first."""
    return Forecast.objects.filter(party_id=party_id).select_related("party__organisation", "provided_by")


def in_force(party_id: UUID, months: Iterable[date], *, at: datetime | None = None) -> dict[date, Expected]:
    """What the Party most recently forecast for each of these months, where it did. L8.9"""
    rows = ForecastMonth.objects.filter(
        forecast__party_id=party_id, month__in=list(months), forecast__provided_at__lte=at or clock.now()
    )
    latest: dict[date, Expected] = {}
    for row in rows.order_by("forecast__provided_at", "forecast_id"):
        latest[row.month] = Expected(row.month, row.single, row.batched, row.organisation)
    return latest


def in_force_for_all(months: Iterable[date], *, at: datetime | None = None) -> dict[date, Expected]:
    """What all Parties together most recently forecast for each of these months. L8.12"""
    rows = ForecastMonth.objects.filter(month__in=list(months), forecast__provided_at__lte=at or clock.now())
    latest: dict[tuple[UUID, date], ForecastMonth] = {}
    for row in rows.select_related("forecast").order_by("forecast__provided_at", "forecast_id"):
        latest[row.forecast.party_id, row.month] = row
    totals: dict[date, Expected] = {}
    for (_, month), row in latest.items():
        before = totals.get(month, Expected(month, 0, 0, 0))
        totals[month] = Expected(
            month,
            before.single + row.single,
            before.batched + row.batched,
            before.organisation + row.organisation,
        )
    return totals


@dataclass(frozen=True, slots=True)
class Sent:
    """Requests really sent over live services in a month, refused ones too. L8.8"""

    single: int = 0
    batched: int = 0
    organisation: int = 0

    @property
    def device(self) -> int:
        return self.single + self.batched

    @property
    def total(self) -> int:
        return self.device + self.organisation


def sent_by_month(months: Iterable[date], *, party_id: UUID | None = None) -> dict[date, Sent]:
    """What was sent in each of these months, by one Party or by all together. L8.8

    A batch counts each of its requests, and counts as the single request that it was turned into where it held one.
    """
    # Not what is turned away unread, by a limit (429) or a suspension: the Code does not say whether that is sent
    # (house rule). How many requests it held is not known, and the sender is told to send it again: it counts then,
    # and once, so that nobody is named under L8.9(b)(ii) for what DCC did not take.
    wanted = sorted(months)
    start = working_days.start_of_day(wanted[0])
    end = working_days.start_of_day((wanted[-1] + timedelta(days=32)).replace(day=1))
    within = Q(environment="live", submitted_at__gte=start, submitted_at__lt=end)
    if party_id is not None:
        within &= Q(party_id=party_id)
    singles = _by_month(CertificateRequest.objects.filter(within)).annotate(
        device=Count("pk", filter=Q(policy=Policy.DEVICE)),
        organisation=Count("pk", filter=Q(policy=Policy.ORGANISATION)),
    )
    batches = _by_month(Batch.objects.filter(within, single__isnull=True)).annotate(sent=Sum("count"))
    device = {clock.london_date(row["in_month"]): row for row in singles}
    batched = {clock.london_date(row["in_month"]): row["sent"] for row in batches}
    nothing = {"device": 0, "organisation": 0}
    return {
        month: Sent(
            single=device.get(month, nothing)["device"],
            batched=batched.get(month, 0),
            organisation=device.get(month, nothing)["organisation"],
        )
        for month in wanted
    }


def _by_month(rows: QuerySet[Any]) -> Any:
    in_month = TruncMonth("submitted_at", tzinfo=clock.LONDON)
    return rows.annotate(in_month=in_month).values("in_month").order_by()


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the comparison: what was forecast, if anything, and what was sent, if it has begun. L8.9"""

    month: date
    forecast: Expected | None
    sent: Sent | None

    @property
    def forecast_device(self) -> int | None:
        return self.forecast.single + self.forecast.batched if self.forecast else None

    @property
    def share(self) -> int | None:
        return rules.compute_share(self.sent.device, self.forecast_device) if self.sent else None


def comparison(*, party_id: UUID | None, on: date, before: int = 3) -> list[MonthRow]:
    """Some past months, this one and those ahead, with forecast and use beside each other. L8.8, L8.9"""
    index = on.year * 12 + on.month - 1
    months = [
        date(each // 12, each % 12 + 1, 1) for each in range(index - before, index + rules.MONTHS_AHEAD + 1)
    ]
    forecasts = in_force(party_id, months) if party_id else in_force_for_all(months)
    begun = [month for month in months if month <= on]
    sent = sent_by_month(begun, party_id=party_id)
    return [MonthRow(month, forecasts.get(month), sent.get(month)) for month in months]
