"""The single statements of the fast path let in nobody whom the rules, asked one by one, would refuse."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Model

from certification.requests.entitlement import require_entitled
from certification.requests.standing import standing_of
from certification.requests.suspension import check_not_suspended
from certification.service_interface import access
from certification.service_interface.models import Credential
from certification.service_interface.refusals import InterfaceRefusal
from certification.service_interface.states import ACTIVE, REVOKED
from certification.subscribers.models import AuthorisedSubscriber, ResponsibleOfficer
from certification.subscribers.rules import Policy
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.guarding import lifted
from smki_pma.parties.models import Holding, Office, Person
from tests.samples.interface import front_extras, issued_credential

pytestmark = pytest.mark.django_db


def change(row: Model, **values):
    with writing_for_tests():
        type(row).objects.filter(pk=row.pk).update(**values)


@pytest.fixture
def facts(them, rf, settings):
    """Everything that a right rests on, by what a test calls it."""
    credential = issued_credential(them)
    request = rf.post("/api/v1/requests", **front_extras(settings, credential))
    return {
        "them": them,
        "request": request,
        "credential": credential,
        "holding": Holding.objects.get(pk=credential.holding_id),
        "officer": ResponsibleOfficer.objects.get(party=them.subscriber, person=them.officer),
        "authorisations": list(AuthorisedSubscriber.objects.filter(party=them.subscriber)),
    }


def past():
    return clock.now() - timedelta(days=1)


def future():
    return clock.now() + timedelta(days=1)


WITHOUT = {
    "nothing is missing": lambda facts: None,
    "the office has ended": lambda facts: change(facts["holding"], ends_at=past()),
    "the office begins tomorrow": lambda facts: change(facts["holding"], starts_at=future()),
    "the person has left": lambda facts: Person.objects.filter(pk=facts["them"].officer.pk).update(
        is_active=False
    ),
    "the nomination has ended": lambda facts: change(facts["officer"], ended_at=past()),
    "the nomination is not verified": lambda facts: change(facts["officer"], verified_at=None),
    "no authorisation stands": lambda facts: [
        change(row, withdrawn_at=past()) for row in facts["authorisations"]
    ],
    "the office needs confirmation": lambda facts: change(
        Office.objects.get(pk=facts["holding"].office_id), needs_confirmation=True
    ),
    "the credential has expired": lambda facts: change(facts["credential"], expires_at=past()),
    "the credential is revoked": lambda facts: change(facts["credential"], state=REVOKED, ended_at=past()),
}


@pytest.mark.clause("L3.4", "L4.1", "L4.5")
@pytest.mark.parametrize("name", WITHOUT)
def test_whom_one_statement_lets_in_the_rules_let_in(facts, name):
    from django.db import connection

    them, by = facts["them"], facts["them"].by()
    with lifted(connection, "update"):
        WITHOUT[name](facts)
    now = clock.now()

    plain = access.plain_caller(bytes(facts["credential"].certificate), environment="live", at=now)
    try:
        by_rules = access.authenticate(facts["request"], environment="live", at=now)
    except InterfaceRefusal:
        by_rules = None
    assert plain in (None, by_rules)
    assert (plain is not None) == (name == "nothing is missing")

    asked = {"party_id": them.subscriber.pk, "policy": Policy.DEVICE, "at": now}
    standing = standing_of(by, submission_key=uuid4(), **asked)
    try:
        require_entitled(by, environment="live", **asked)
        entitled = True
    except NotEntitled:
        entitled = False
    assert entitled or not bool(standing.person_id)
    assert bool(standing.person_id) == entitled or name == "the office needs confirmation"
    check_not_suspended(**asked)
    assert not (bool(standing.person_id) and (standing.suspended or standing.sent_before))
    assert Credential.objects.filter(state=ACTIVE).count() <= 1
