"""Keeping the duty to forecast with those who owe it."""

from typing import Any

from django.db.models import Q

from certification.performance.rules import compute_occasion
from certification.performance.services import PROVIDE, settle_duties
from smki_pma.calendar import clock
from smki_pma.duties.models import Duty, Period
from smki_pma.jobs import every
from smki_pma.ledger.actors import Actor


@every("6h", name="performance.settle_forecast_duties", atomic=False)
def settle() -> dict[str, Any]:
    """The running occasion, and every one for which somebody still owes. L8.7"""
    owed = Duty.objects.open().filter(kind=PROVIDE).values_list("subject_id", flat=True)
    running = compute_occasion(clock.today()).name
    periods = Period.objects.filter(Q(pk__in=list(owed)) | Q(period=running), kind=PROVIDE)
    for period in periods:
        settle_duties(period_id=period.pk, by=Actor.clock())
    return {"periods": len(periods)}
