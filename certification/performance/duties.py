"""The duty to forecast, four times a year."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from certification.performance import rules
from certification.performance.selectors import forecasting_parties, has_met
from certification.performance.services import CLAUSE, PROVIDE, TITLE, URL
from smki_pma.calendar import clock
from smki_pma.duties.recurring import Recurring, quarterly, register_recurring
from smki_pma.parties.roles import Role


def parties_owing() -> Iterable[UUID]:
    """Those that have not provided one yet since the due month began. L8.7"""
    occasion = rules.compute_occasion(clock.today())
    return [party.pk for party in forecasting_parties() if not has_met(party.pk, occasion)]


register_recurring(
    Recurring(
        kind=PROVIDE,
        clause=CLAUSE,
        title=TITLE,
        role=Role.PARTY_OFFICER,
        occasions=quarterly(rules.DUE_MONTHS, rules.DUE_WORKING_DAY),
        # The 15th Working Day is the 19th at the earliest: it opens within its month, when forecasts begin to count.
        opens_before=timedelta(days=18),
        parties=parties_owing,
        url=URL,
    )
)
