"""Each log is signed as often as the rule in force says; where the worker cannot, operators are called."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from smki_pma.duties.models import Duty
from smki_pma.jobs import sweep
from smki_pma.ledger import checkpoints, keys, store, tree
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.logs import CERTIFICATES, LEDGER
from smki_pma.ledger.models import Checkpoint, EntryText
from smki_pma.notices.checkpoint_watch import sign_if_due
from smki_pma.notices.models import Delivery
from smki_pma.parties.roles import Role
from smki_pma.rules_in_force.services import change_rule
from tests.clock import SetClock
from tests.community import Community

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
PMA = Actor(person_id=uuid4(), name="The PMA", role="pma_chair", resolution_id=uuid4(), resolution_ref="R1")


def minutes_between(value: int) -> None:
    change_rule(key="ledger.checkpoint_minutes", value=value, reason="Often", by=PMA)


def signed_size() -> int:
    newest = checkpoints.latest(LEDGER)
    return newest.size if newest else 0


@pytest.mark.parametrize(("value", "early", "due"), [(60, 54, 56), (10, 4, 6)])
def test_a_head_is_signed_when_it_would_be_too_old_at_the_next_look(
    clock: SetClock, value: int, early: int, due: int
) -> None:
    minutes_between(value)
    sign_if_due(LEDGER)
    signed = signed_size()
    minutes_between(value)
    clock.advance(early * MINUTE)
    assert sign_if_due(LEDGER) == {"size": None}
    assert signed_size() == signed
    clock.advance((due - early) * MINUTE)
    assert sign_if_due(LEDGER) == {"size": signed + 1}


def test_the_certificate_log_is_signed_once_it_has_something(clock: SetClock) -> None:
    assert sign_if_due(CERTIFICATES) == {"size": None}
    store.add_leaves(CERTIFICATES, 0, [tree.leaf_hash(b"a")])
    assert sign_if_due(CERTIFICATES) == {"size": 1}
    assert Checkpoint.objects.get(log="certificates").size == 1


def test_the_sweep_looks_at_both_logs(run_jobs: Callable[[], int]) -> None:
    minutes_between(60)
    store.add_leaves(CERTIFICATES, 0, [tree.leaf_hash(b"a")])
    sweep.sweep()
    run_jobs()
    assert set(Checkpoint.objects.values_list("log", flat=True)) == {"ledger", "certificates"}


@pytest.fixture
def unsignable(community: Community, clock: SetClock) -> Path:
    """A ledger whose key has gone, and something in it to sign; where the key is now."""
    checkpoints.sign_now(LEDGER)
    minutes_between(60)
    (key,) = keys.folder().glob(f"{keys.key_in_use().key_id}.pem")
    clock.advance(2 * 60 * MINUTE)
    return key.rename(key.with_suffix(".gone"))


def attempt(run_jobs: Callable[[], int], clock: SetClock) -> None:
    """One interval of the look, with all its attempts."""
    sweep.sweep()
    for _ in range(4):
        run_jobs()
        clock.advance(timedelta(seconds=20))


def test_who_can_act_is_called_once_and_released_when_it_is_signed(
    unsignable: Path, run_jobs: Callable[[], int], clock: SetClock, community: Community
) -> None:
    for _ in range(2):
        attempt(run_jobs, clock)
        clock.advance(6 * MINUTE)
    duty = Duty.objects.open().get(kind="ledger.not-signed")
    assert (duty.role, duty.title) == (Role.DCC_CA_OPERATOR, "Find out why the ledger is not signed")
    told = Delivery.objects.filter(notice__subject="The ledger is not signed")
    assert {community.person("dcc_ca_operator").pk, community.person("secretariat").pk} <= set(
        told.values_list("person_id", flat=True)
    )
    assert said("ledger.not_signed") == [("certificates", "KeyMissing"), ("ledger", "KeyMissing")]
    assert community.client("dcc_ca_operator").get(duty.url).status_code == 200

    unsignable.rename(unsignable.with_suffix(".pem"))
    attempt(run_jobs, clock)
    duty.refresh_from_db()
    assert duty.discharged_at is not None
    for _ in range(2):
        assert said("ledger.signed_again") == [("certificates", ""), ("ledger", "")]
        clock.advance(6 * MINUTE)
        attempt(run_jobs, clock)


def said(event: str) -> list[tuple[str, str]]:
    """The log and the error of each entry of an event."""
    contents = EntryText.objects.filter(event=event).values_list("content", flat=True)
    facts = [json.loads(content)["facts"] for content in contents]
    return sorted((each["log"], each.get("error", "")) for each in facts)


def ready(client: Client) -> tuple[int, bool]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()["checkpoints"]


def test_ready_while_what_is_new_is_signed_in_time(
    client: Client, clock: SetClock, run_jobs: Callable[[], int]
) -> None:
    minutes_between(60)
    sign_if_due(LEDGER)
    run_jobs()
    clock.advance(timedelta(days=3))
    # Nothing is new, however old the checkpoint.
    assert signed_size() == store.size_of(LEDGER)
    assert ready(client) == (200, True)
    minutes_between(30)
    assert ready(client) == (200, True)
    clock.advance(59 * MINUTE)
    assert ready(client) == (200, True)
    clock.advance(2 * MINUTE)
    assert ready(client) == (503, False)
    sign_if_due(LEDGER)
    assert ready(client) == (200, True)
