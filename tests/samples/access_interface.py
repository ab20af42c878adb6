"""Rows of the service interface and of forecasts that the access matrix opens."""

from datetime import timedelta
from uuid import UUID

from certification.performance.rules import Expected, compute_months
from certification.performance.services import provide_forecast
from certification.service_interface.credentials import ask_for_credential
from certification.service_interface.entry_testing import grant_test_access
from certification.service_interface.maintenance import announce_window
from smki_pma.calendar import clock
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Party, Person
from smki_pma.parties.roles import Role
from tests.samples.access_certification import OFFICER, aldermoor
from tests.samples.interface import client_csr


def credential_id() -> UUID:
    """A credential of Aldermoor that is being issued."""
    by = acting_as(Person.objects.get(email=OFFICER), Role.PARTY_OFFICER, clause="L4.5")
    asked = ask_for_credential(
        party_id=aldermoor().pk, environment="live", name="Head-end", csr=client_csr(), by=by
    )
    return asked.pk


def entry_testing_id() -> UUID:
    """Hollin's access to the test interface."""
    hollin = Party.objects.get(organisation__name__startswith="Hollin")
    registrar = Person.objects.get(email="colin.baxter@dcc.example")
    by = acting_as(registrar, Role.DCC_RA_OFFICER, clause="L4.1")
    return grant_test_access(party_id=hollin.pk, purpose="Entry testing", by=by).pk


def window_id() -> UUID:
    """Announced work."""
    operator = Person.objects.get(email="ian.sutcliffe@dcc.example")
    start = clock.now() + timedelta(days=60)
    window = announce_window(
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        is_planned=True,
        live_down=True,
        test_down=False,
        what="Patches",
        by=acting_as(operator, Role.DCC_CA_OPERATOR, clause="H8.3"),
    )
    return window.pk


def forecast_id() -> UUID:
    """A forecast of Aldermoor."""
    by = acting_as(Person.objects.get(email=OFFICER), Role.PARTY_OFFICER, clause="L8.7")
    expected = [Expected(month, 1, 2, 3) for month in compute_months(clock.today())]
    return provide_forecast(party_id=aldermoor().pk, expected=expected, by=by).pk
