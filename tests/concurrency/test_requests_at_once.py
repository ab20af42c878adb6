"""Requests that arrive at the same moment: one for one form, one for one public key, one decision."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from certification.requests import services
from certification.requests.models import CertificateRequest, DeviceCount, UsedPublicKey
from certification.requests.reservations import reserve_devices, reserve_keys
from certification.requests.services import accept_request
from certification.requests.states import BEING_ISSUED
from certification.subscribers.register import assign_range
from certification.subscribers.rules import Policy
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.parties.roles import Role
from tests import together
from tests.samples.certification import (
    PASSPHRASE,
    Certification,
    certification,
    make_authorities,
    use_keys_in,
)
from tests.samples.community import actor, party, person_in
from tests.samples.signing_requests import device, organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("L3.5")]


@pytest.fixture
def them(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> Certification:
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", PASSPHRASE)
    use_keys_in(settings, tmp_path)
    made = certification()
    make_authorities(made.operator, made.second_operator)
    return made


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    return together.at_once(*acts, catching=(IntegrityError, RuleViolation))


def test_one_form_sent_four_times(them: Certification) -> None:
    key, csr, by = uuid4(), device().make(), them.by()

    results = at_once(*[lambda: them.submit(csr, submission_key=key, by=by).pk] * 4)

    assert len(set(results)) == 1
    assert CertificateRequest.objects.count() == 1


def test_one_public_key_from_two_subscribers(them: Certification) -> None:
    other = party("Other Energy")
    other.device_tests_confirmed_at = them.subscriber.device_tests_confirmed_at
    with writing_for_tests():
        other.save()
    officer = person_in("party-officer", "Otto Other", for_party=other)
    them.authorise(other, officer, Policy.DEVICE)
    csr, ours, theirs = device().make(), them.by(), actor(officer, Role.PARTY_OFFICER)

    at_once(lambda: them.submit(csr, by=ours), lambda: them.submit(csr, party_id=other.pk, by=theirs))

    assert CertificateRequest.objects.filter(state=BEING_ISSUED).count() == 1


@pytest.mark.clause("L3.4")
def test_the_last_places_at_a_device(them: Certification, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many single requests for one device, all at the same moment, against a limit of three."""
    monkeypatch.setattr(services, "figure", lambda key, *, at=None: 3 if "per_device" in key else 30)
    by = them.by()

    requests = [device().make() for _ in range(6)]

    at_once(*[lambda csr=csr: them.submit(csr, by=by) for csr in requests])

    assert CertificateRequest.objects.filter(state=BEING_ISSUED).count() == 3
    assert DeviceCount.objects.get().certificates == 3
    assert UsedPublicKey.objects.count() == 3


def test_crosswise_reservations_do_not_block_each_other(transactional_db: None) -> None:
    """Two chunks that want the same keys and devices in opposite order: each key to one, nobody waits for ever."""
    keys = [number.to_bytes(32) for number in range(2_000)]
    devices = {number.to_bytes(8): 1 for number in range(2_000)}

    def reserve(order: int) -> object:
        with transaction.atomic(), writing_for_tests():
            won = reserve_keys(keys[::order])
            reserve_devices(dict(list(devices.items())[::order]), environment="test", limit=2)
            return len(won)

    results = at_once(*[lambda order=order: reserve(order) for order in (1, -1, 1, -1)])

    assert sorted(results) == [0, 0, 0, 2_000]
    assert set(DeviceCount.objects.values_list("certificates", flat=True)) == {2}


def test_two_registrars_accept_at_once(them: Certification) -> None:
    request = them.submit(organisation().make(), Policy.ORGANISATION)
    first, second = them.by_registrar, them.by_second_registrar

    results = at_once(
        lambda: accept_request(request_uid=request.uid, by=first),
        lambda: accept_request(request_uid=request.uid, by=second),
    )

    assert sorted(isinstance(result, RuleViolation) for result in results) == [False, True]


def test_two_parties_are_not_assigned_one_identifier(them: Certification) -> None:
    other, by = party("Other Energy"), them.by_registrar
    called = {"first": "AA" * 8, "last": "AB" * 8, "role_codes": [2], "by": by}

    results = at_once(
        lambda: assign_range(party_id=other.pk, **called),
        lambda: assign_range(party_id=them.subscriber.pk, **(called | {"first": "AA" * 7 + "AB"})),
    )

    assert sorted(isinstance(result, RuleViolation) for result in results) == [False, True]
