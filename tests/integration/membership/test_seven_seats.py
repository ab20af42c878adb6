"""There are seven offices as an SMKI PMA Member, and the database accepts no eighth (L1.3)."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from smki_pma.governance.membership.seats import BY_KEY
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.parties.models import Office
from smki_pma.parties.offices import SEAT_KEYS

pytestmark = pytest.mark.usefixtures("community")


@pytest.mark.clause("L1.3")
def test_the_keys_that_the_database_accepts_are_the_seven_seats() -> None:
    assert set(SEAT_KEYS) == set(BY_KEY) and len(SEAT_KEYS) == 7
    assert set(Office.objects.exclude(seat_kind="").values_list("key", flat=True)) == set(SEAT_KEYS)


@pytest.mark.clause("L1.3")
@pytest.mark.parametrize(
    "values",
    [
        {"key": "eighth", "role": "pma_member", "seat_kind": "elected"},
        {"key": "eighth", "role": "pma_member", "seat_kind": ""},
        {"key": "eighth", "role": "alternate", "seat_kind": "elected"},
        {"key": "second-chair", "role": "pma_chair", "seat_kind": "chair"},
        {"key": "Chair", "role": "pma_chair", "seat_kind": "chair"},
        {"key": "chair", "role": "pma_chair", "seat_kind": "chair"},
    ],
)
def test_an_eighth_seat_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), writing_for_tests():
        Office(title="Eighth", **values).save()
    assert Office.objects.exclude(seat_kind="").count() == 7


@pytest.mark.clause("L1.3")
@pytest.mark.parametrize("change", ["seat_kind = 'elected'", "role = 'pma_member'"])
def test_no_other_office_becomes_a_seat(change: str) -> None:
    table = connection.ops.quote_name(Office._meta.db_table)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change} WHERE key = 'secretariat'")
