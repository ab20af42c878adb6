"""Two operators who approve at the same moment are a first and a second; two workers make one set of keys."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from certification.authorities import states
from certification.authorities.models import Authority, Ceremony, Intent
from certification.authorities.planning import plan_ceremony
from certification.authorities.services import (
    RUN_CEREMONY,
    approve_ceremony,
    complete_ceremony,
    prepare_ceremony,
)
from repository.certificates.models import Certificate
from smki_pma.jobs.models import Job
from smki_pma.ledger.actors import Actor
from smki_pma.parties.roles import Role
from tests.samples.certification import NAMES, use_keys_in
from tests.samples.community import actor, party, person_in
from tests.together import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in connection.vendor, reason="SQLite has one writer at a time"),
]


@pytest.fixture
def operators() -> list[Actor]:
    dcc = party("DCC", "dcc", tests_confirmed=False)
    people = [
        person_in("dcc-ca-operator", name, for_party=dcc) for name in ("Olga Operator", "Otto Operator")
    ]
    return [actor(person, Role.DCC_CA_OPERATOR) for person in people]


@pytest.fixture
def ceremony(operators: list[Actor]) -> Ceremony:
    return plan_ceremony(environment="live", names=NAMES, witnesses=["Wilma"], by=operators[0])


def approval(ceremony: Ceremony, by: Actor) -> Callable[[], Ceremony]:
    return lambda: approve_ceremony(ceremony_id=ceremony.pk, script_sha256=ceremony.script_sha256, by=by)


@pytest.mark.clause("L3.5")
def test_two_approve_at_once(ceremony: Ceremony, operators: list[Actor]) -> None:
    at_once(*(approval(ceremony, by) for by in operators))
    ceremony.refresh_from_db()
    assert ceremony.state == states.APPROVED
    assert ceremony.first_approved_by_id != ceremony.second_approved_by_id
    assert Job.objects.filter(kind=RUN_CEREMONY).count() == 1


@pytest.mark.clause("L3.5")
def test_one_person_in_two_tabs_is_one_approval(ceremony: Ceremony, operators: list[Actor]) -> None:
    results = at_once(*[approval(ceremony, operators[0])] * 2)
    ceremony.refresh_from_db()
    assert ceremony.state == states.HALF_APPROVED
    assert sum(isinstance(result, Exception) for result in results) == 1


@pytest.mark.clause("L3.5")
def test_two_workers_make_one_set(
    ceremony: Ceremony, operators: list[Actor], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", "a passphrase of the tests only")
    use_keys_in(settings, tmp_path)
    for by in operators:
        approval(ceremony, by)()

    def work() -> None:
        prepare_ceremony(ceremony_id=ceremony.pk, by=Actor.clock())
        complete_ceremony(ceremony_id=ceremony.pk, by=Actor.clock())

    assert at_once(work, work) == [None, None]
    assert (Authority.objects.count(), Intent.objects.count(), Certificate.objects.count()) == (4, 4, 4)
