"""Many rows at once: the same rows that save() would write, under the same rules."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from smki_pma.jobs.models import Job, JobState
from smki_pma.ledger.gate import UngovernedWrite, writing_for_tests
from smki_pma.ledger.inserting import insert_rows
from smki_pma.ledger.models import Node
from smki_pma.notices.models import Notice
from smki_pma.parties.models import Organisation

AT = datetime(2026, 11, 22, 14, 15, 16, 123456, tzinfo=UTC)
COLUMNS = (
    "id",
    "kind",
    "lane",
    "key",
    "payload",
    "state",
    "run_at",
    "attempts",
    "created_at",
    "leased_until",
    "due_at",
    "error",
    "worker",
)


def row_of_job(number: int) -> tuple[Any, ...]:
    payload = {"n": number, "text": 'Zoë "and"\n\\N', "list": [None, True]}
    at = AT + timedelta(microseconds=number)
    return (
        uuid4(),
        "a.b",
        "normal",
        f"key {number}",
        payload,
        JobState.QUEUED,
        at,
        number,
        at,
        None,
        at,
        "",
        "é\t",
    )


@pytest.mark.django_db
def test_rows_are_what_save_would_have_written() -> None:
    rows = [row_of_job(number) for number in range(50)]

    assert insert_rows(Job, COLUMNS, iter(rows)) == 50

    for row in rows:
        assert Job.objects.values_list(*COLUMNS).get(pk=row[0]) == row
        saved = Job(**dict(zip(COLUMNS, (uuid4(), *row[1:3], f"{row[3]} saved", *row[4:]), strict=True)))
        saved.save()
        # Found by the same conditions as a saved one, so stored in the same form.
        assert set(Job.objects.filter(payload=row[4], run_at=row[6]).values_list("pk", flat=True)) == {
            row[0],
            saved.pk,
        }


@pytest.mark.django_db
def test_octets_small_numbers_and_a_composite_key() -> None:
    hashes = [bytes(range(32)), bytes(32), b"\xff" * 32]

    insert_rows(
        Node, ("log", "level", "index", "hash"), [("x", 0, 2**40 + n, h) for n, h in enumerate(hashes)]
    )

    found = Node.objects.filter(log="x").order_by("index")
    assert [bytes(node.hash) for node in found] == hashes
    assert found[0].pk == ("x", 0, 2**40)


@pytest.mark.django_db
def test_a_constraint_holds_and_nothing_remains() -> None:
    first, second = row_of_job(1), row_of_job(2)
    same_key = (*second[:3], first[3], *second[4:])

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Job, COLUMNS, [first, same_key])

    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_governed_row_needs_a_service_and_a_tracked_one_goes_row_by_row() -> None:
    with pytest.raises(UngovernedWrite):
        insert_rows(Notice, ("id",), [])
    with pytest.raises(UngovernedWrite):
        insert_rows(Organisation, ("id", "name"), [(uuid4(), "Forged")])
    with writing_for_tests():
        assert insert_rows(Organisation, ("id", "name"), [(uuid4(), "Founded")]) == 1
    assert Organisation.objects.get().name == "Founded"


@pytest.mark.django_db
def test_an_unknown_column_and_a_forgotten_one() -> None:
    with pytest.raises(ValueError, match="no column"):
        insert_rows(Node, ("log", "colour"), [])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(Node, ("log", "level", "index"), [("x", 0, 0)])


@pytest.mark.django_db(transaction=True)
def test_only_inside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        insert_rows(Node, ("log", "level", "index", "hash"), [("x", 0, 0, bytes(32))])
