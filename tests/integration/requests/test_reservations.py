"""A public key and a place at a device: taken by one statement, in bulk as one by one."""

from contextvars import Context
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from certification.requests import reservations
from certification.requests.models import DeviceCount, UsedPublicKey
from smki_pma.ledger.gate import UngovernedWrite, writing_for_tests

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD = (bytes([number]) * 32 for number in (1, 2, 3))
METER, HUB = bytes.fromhex("90B3D51F30010000"), bytes.fromhex("90B3D51F30010001")


@pytest.fixture(autouse=True)
def _in_a_service() -> Any:
    with writing_for_tests():
        yield


@pytest.mark.clause("L3.5")
def test_a_key_is_taken_once() -> None:
    assert reservations.reserve_keys([SECOND, FIRST, FIRST]) == {FIRST, SECOND}
    assert reservations.reserve_keys([THIRD, SECOND]) == {THIRD}
    assert not reservations.reserve_key(FIRST)
    assert reservations.reserve_keys([]) == frozenset()


def test_a_released_key_is_free_again_and_a_taken_one_is_never_altered() -> None:
    reservations.reserve_key(FIRST)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE requests_usedpublickey SET digest = %s", [SECOND])
    reservations.release_keys([FIRST])

    assert not UsedPublicKey.objects.exists()
    assert reservations.reserve_key(FIRST)


@pytest.mark.clause("L3.4")
def test_places_at_a_device_are_counted_to_the_limit() -> None:
    def reserve(wanted: dict[bytes, int], limit: int = 3, environment: str = "test") -> frozenset[bytes]:
        return reservations.reserve_devices(wanted, environment=environment, limit=limit)

    assert reserve({METER: 2, HUB: 4}) == {METER}
    assert reserve({METER: 2, HUB: 3}) == {HUB}, "a device that would pass the limit stays as it was"
    assert reserve({METER: 1}) == {METER}
    assert reserve({METER: 1}) == frozenset()
    assert reserve({METER: 1}, environment="live") == {METER}, (
        "the test environment uses up nothing of the live"
    )
    assert reserve({METER: 1}, limit=4) == {METER}
    assert reservations.count_of_device(METER, environment="test") == 4
    assert reservations.count_of_device(b"\0" * 8, environment="test") == 0
    assert DeviceCount.objects.count() == 3


@pytest.mark.clause("L3.4")
def test_places_that_are_given_back_can_be_taken_again() -> None:
    reservations.reserve_devices({METER: 3, HUB: 1}, environment="test", limit=3)
    reservations.reserve_device(METER, environment="live", limit=3)
    reservations.release_devices({METER: 2, HUB: 1}, environment="test")
    reservations.release_devices({}, environment="test")

    assert reservations.count_of_device(METER, environment="test") == 1
    assert reservations.count_of_device(METER, environment="live") == 1
    assert reservations.count_of_device(HUB, environment="test") == 0
    assert reservations.reserve_devices({METER: 2, HUB: 3}, environment="test", limit=3) == {METER, HUB}
    assert not reservations.reserve_device(METER, environment="test", limit=3)


def test_five_thousand_at_once() -> None:
    digests = [number.to_bytes(32) for number in range(5_000)]
    assert len(reservations.reserve_keys(digests)) == 5_000
    wanted = {number.to_bytes(8): 1 for number in range(5_000)}
    assert len(reservations.reserve_devices(wanted, environment="test", limit=1)) == 5_000


def test_nothing_is_reserved_outside_a_service() -> None:
    outside = Context()
    for reserve in (
        lambda: reservations.reserve_key(FIRST),
        lambda: reservations.release_devices({METER: 1}, environment="test"),
        lambda: reservations.reserve_device(METER, environment="test", limit=9),
    ):
        with pytest.raises(UngovernedWrite):
            outside.run(reserve)
