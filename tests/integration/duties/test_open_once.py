"""A holder owes one thing about one subject once at a time; the database holds it, whoever the holder is."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from smki_pma.calendar import clock
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, writing_for_tests
from smki_pma.parties.models import Holding, Party
from smki_pma.parties.roles import Role
from tests.community import Community

HOLDERS = ["role", "party", "holding", "all"]


def holder(of: str) -> dict[str, Any]:
    """The columns of a holder: a role, a role of one Party, one holding, or all of them."""
    party = Party.objects.exclude(category="dcc").first()
    holding = Holding.objects.filter(is_seat=True).first()
    assert party is not None and holding is not None
    role = {"role": Role.SECRETARIAT, "party_id": None, "holding_id": None}
    return {
        "role": role,
        "party": role | {"role": Role.PARTY_OFFICER, "party_id": party.pk},
        "holding": role | {"role": "", "holding_id": holding.pk},
        "all": {"role": Role.PMA_MEMBER, "party_id": party.pk, "holding_id": holding.pk},
    }[of]


def duty(of: str, **values: Any) -> Duty:
    about = {"kind": "test.duty", "subject_type": "x.X", "subject_id": "1", "title": "A duty"}
    return Duty(**about | holder(of) | values, clause="L1.15", opened_at=clock.now())


@pytest.mark.parametrize("of", HOLDERS)
def test_the_database_takes_no_second_open_duty(community: Community, of: str) -> None:
    with writing_for_tests():
        first = duty(of)
        first.save()
        with pytest.raises(IntegrityError), transaction.atomic():
            duty(of).save()
        duty(of, subject_id="2").save()
        first.discharged_at = clock.now()
        first.save()
        duty(of).save()


def test_holders_who_differ_owe_the_same_thing_each(community: Community) -> None:
    with writing_for_tests():
        for of in HOLDERS:
            duty(of).save()
        duty("role", role=Role.PARTY_OFFICER).save()

    assert Duty.objects.filter(kind="test.duty").count() == len(HOLDERS) + 1


@service
def owe(*, subject: Any, of: str, by: Actor) -> Duty:
    opened = open_duty(kind="test.duty", clause="L1.15", title="A duty", subject=subject, **holder(of))
    record("test.owed", clause="L1.15", by=by, subject=subject, audience="pma")
    return opened


@service
def settle(*, subject: Any, by: Actor) -> None:
    discharge_duties(kind="test.duty", subject=subject)
    record("test.settled", clause="L1.15", by=by, subject=subject, audience="pma")


@pytest.mark.parametrize("of", HOLDERS)
def test_what_is_owed_already_is_found(community: Community, of: str) -> None:
    by, subject = Actor.owner("the test"), Holding(pk=uuid4())
    first = owe(subject=subject, of=of, by=by)

    assert owe(subject=subject, of=of, by=by) == first

    settle(subject=subject, by=by)
    assert owe(subject=subject, of=of, by=by) != first
