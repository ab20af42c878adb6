"""Whoever lets a Certificate out, or held work go on, gives a fresh second factor first, where MFA is on."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from certification.requests.models import Suspension
from certification.requests.states import AWAITING_CHECK
from certification.requests.suspending import suspend_services
from certification.requests.suspension_rules import Ground, Service
from certification.subscribers.rules import Policy
from smki_pma.parties.authority import acting_as
from smki_pma.parties.roles import Role
from tests.samples.signing_requests import organisation

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def asked_for_the_factor(client: Client, address: str, **sent: str) -> bool:
    answer = client.post(address, sent)
    return answer.status_code == 302 and "reauthenticate" in answer.headers["Location"]


@pytest.fixture(autouse=True)
def factor_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smki_pma.parties.authentication.needs_second_factor", lambda request: True)


@pytest.mark.clause("L3.4")
def test_an_organisation_certificate_is_let_out_with_a_fresh_factor_alone(them, client):
    request = them.submit(organisation().make(), policy=Policy.ORGANISATION)
    client.force_login(them.registrar, backend=BACKEND)
    assert asked_for_the_factor(client, reverse("requests:accept_request", args=[request.uid]))
    request.refresh_from_db()
    assert request.state == AWAITING_CHECK


@pytest.mark.clause("L2.14")
def test_a_suspension_is_lifted_with_a_fresh_factor_alone(them, client):
    suspension = suspend_services(
        services=[Service.ISSUE_DEVICE.value],
        party_id=None,
        ground=Ground.PMA_INSTRUCTION,
        instruction="Resolution 12",
        by=acting_as(them.operator, Role.DCC_CA_OPERATOR, clause="L2.14"),
    )
    client.force_login(them.operator, backend=BACKEND)
    address = reverse("requests:reinstate_services", args=[suspension.pk])
    assert asked_for_the_factor(client, address, instruction="Resolution 13")
    assert Suspension.objects.get().ended_at is None


@pytest.mark.parametrize(
    "name",
    ["requests:resume_request", "requests:commit_anew", "batches:resume_batch"],
)
def test_work_that_stopped_goes_on_with_a_fresh_factor_alone(them, client, name):
    """Asked before it is looked whether there is such work."""
    client.force_login(them.operator, backend=BACKEND)
    assert asked_for_the_factor(client, reverse(name, args=[uuid4()]))
