"""A forecast stands as it was provided; a later one stands beside it."""

from certification.performance.models import Forecast, ForecastMonth
from smki_pma.ledger.guards import append_only

append_only(Forecast)
append_only(ForecastMonth)
