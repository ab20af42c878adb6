"""Providing a forecast, and the duty to do so."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from certification.performance import rules
from certification.performance.models import Forecast, ForecastMonth
from certification.performance.rules import Expected
from certification.performance.selectors import (
    Standing,
    forecasting_parties,
    has_met,
    owes_forecasts,
    standing_of,
)
from certification.subscribers.permissions import require_party_officer
from smki_pma.calendar import clock, working_days
from smki_pma.clauses import clause
from smki_pma.duties.acts import discharge_duties, open_duty, withdraw_duties
from smki_pma.duties.models import Duty, Period
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties import authority
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role

CLAUSE = clause("L8.7").id
PROVIDE = "performance.forecast"
TITLE = "Provide the forecast of {period}"
URL = "/certification/forecasts/"


@service
def provide_forecast(
    *, party_id: UUID, expected: Sequence[Expected], note: str = "", by: Actor, at: datetime | None = None
) -> Forecast:
    """An Authorised Subscriber provides its forecast; the latest for each month counts, earlier ones stay. L8.7"""
    at = at or clock.now()
    person_id = require_party_officer(by, party_id=party_id, clause=CLAUSE, at=at)
    party = Party.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=party_id)
    rules.check_provider(is_authorised=owes_forecasts(party_id, at=at))
    today = clock.london_date(at)
    rules.check_months(expected, provided_on=today)
    occasion = rules.compute_occasion(today)
    answers = standing_of(party_id, occasion, at=at) in (Standing.DUE, Standing.OVERDUE)
    forecast = Forecast(
        party=party,
        provided_at=at,
        provided_by_id=person_id,
        answers=occasion.name if answers else "",
        due_on=occasion.due_on if answers else None,
        is_late=answers and today > occasion.due_on,
        note=note.strip(),
    )
    forecast.save()
    for each in expected:
        ForecastMonth(
            forecast=forecast,
            month=each.month,
            single=each.single,
            batched=each.batched,
            organisation=each.organisation,
        ).save()
    for period in _periods_owed(party_id):
        discharge_duties(kind=PROVIDE, subject=period, party_id=party_id)
    _record(forecast, expected, by=by)
    return forecast


def _periods_owed(party_id: UUID) -> list[Period]:
    owed = Duty.objects.open().filter(kind=PROVIDE, party_id=party_id).values_list("subject_id", flat=True)
    return list(Period.objects.filter(pk__in=list(owed)))


def _record(forecast: Forecast, expected: Sequence[Expected], *, by: Actor) -> None:
    months = {
        f"{each.month:%Y-%m}": [each.single, each.batched, each.organisation]
        for each in sorted(expected, key=lambda each: each.month)
    }
    record(
        "forecast.provided",
        clause=CLAUSE,
        by=by,
        subject=forecast,
        facts={
            "party": str(forecast.party),
            "answers": forecast.answers,
            "is_late": forecast.is_late,
            "months": months,
        },
        audience="party",
        party_id=forecast.party_id,
    )


@service
def settle_duties(*, period_id: UUID, by: Actor, at: datetime | None = None) -> Period:
    """Who owes the forecast of an occasion now: newly authorised Parties too, withdrawn ones no more. L8.7"""
    at = at or clock.now()
    authority.require(by, "clock", "owner", clause=CLAUSE)
    period = Period.objects.select_for_update().get(pk=period_id)
    occasion = rules.compute_occasion(clock.london_date(at))
    owing = {party.pk for party in forecasting_parties(at=at)}
    told = Duty.objects.filter(kind=PROVIDE, subject_id=str(period.pk))
    opened = 0
    if period.period == occasion.name and clock.london_date(at) <= occasion.due_on:
        for party_id in owing - set(told.values_list("party_id", flat=True)):
            if not has_met(party_id, occasion):
                _open(period, party_id, due_at=working_days.end_of_day(occasion.due_on))
                opened += 1
    withdrawn = 0
    for party_id in set(told.open().values_list("party_id", flat=True)) - owing:
        withdrawn += withdraw_duties(kind=PROVIDE, subject=period, party_id=party_id)
    if not opened and not withdrawn:
        return unchanged(period)
    facts = {"period": period.period, "opened": opened, "withdrawn": withdrawn}
    record("forecast.duties_settled", clause=CLAUSE, by=by, subject=period, facts=facts, audience="dcc")
    return period


def _open(period: Period, party_id: UUID, *, due_at: datetime) -> None:
    open_duty(
        kind=PROVIDE,
        clause=CLAUSE,
        title=TITLE.format(period=period.period),
        role=Role.PARTY_OFFICER,
        party_id=party_id,
        subject=period,
        due_at=due_at,
        url=URL,
    )
