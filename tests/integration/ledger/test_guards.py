"""The guards that an app asks for are kept by the database, and come back after flush and migrate."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.models.signals import post_migrate
from django.test.utils import isolate_apps

from smki_pma.ledger import guard_sql, guarding, guards
from smki_pma.ledger.models import Entry
from smki_pma.parties.models import Office

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 1, tzinfo=UTC)
TIME = {"sqlite": "datetime", "postgresql": "timestamptz"}


@pytest.fixture
def term() -> type[models.Model]:
    """A table of terms of office: no two confirmed ones of a seat overlap, a closed one is final."""
    with isolate_apps("smki_pma.ledger"):

        class Term(models.Model):
            seat = models.CharField(max_length=20)
            starts_at = models.DateTimeField()
            ends_at = models.DateTimeField(null=True)
            confirmed = models.BooleanField(default=True)
            closed = models.BooleanField(default=False)

            class Meta:
                app_label = "ledger"

    time = TIME[connection.vendor]
    key = "integer PRIMARY KEY" if connection.vendor == "sqlite" else "bigserial PRIMARY KEY"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE ledger_term (id {key}, seat varchar(20), starts_at {time}, ends_at {time}, "
            "confirmed bool, closed bool)"
        )
    overlap = guards.NoOverlap(
        model=Term, name="one_at_a_time", same=("seat",), start="starts_at", end="ends_at", where="confirmed"
    )
    final = guards.Frozen(model=Term, columns=("seat", "ends_at"), when="OLD.closed", name="seat", keep=True)
    pieces = [piece for guard in (overlap, final) for piece in guard_sql.pieces(guard, connection.vendor)]
    guarding.install(connection, pieces)
    return Term


def days(start: int, end: int | None) -> dict[str, datetime | None]:
    ends_at = None if end is None else START + timedelta(days=end)
    return {"starts_at": START + timedelta(days=start), "ends_at": ends_at}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((0, 10), (5, 15)),
        ((0, None), (5, None)),
        ((5, 6), (0, None)),
        ((0, 10), (0, 10)),
        ((0, 10), (9, None)),
    ],
)
def test_times_of_one_seat_do_not_overlap(
    term: type[models.Model], first: tuple[int, int], second: tuple[int, int]
) -> None:
    term.objects.create(seat="chair", **days(*first))
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        term.objects.create(seat="chair", **days(*second))
    term.objects.create(seat="network", **days(*second))
    term.objects.create(seat="chair", confirmed=False, **days(*second))


def test_a_time_may_begin_when_another_ends(term: type[models.Model]) -> None:
    term.objects.create(seat="chair", **days(0, 10))
    term.objects.create(seat="chair", **days(10, 20))


def test_a_change_may_not_make_times_overlap(term: type[models.Model]) -> None:
    term.objects.create(seat="chair", **days(0, 10))
    later = term.objects.create(seat="chair", **days(10, None))
    term.objects.filter(pk=later.pk).update(**days(12, 20))
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        term.objects.filter(pk=later.pk).update(**days(9, 20))


def test_what_is_final_does_not_change_and_does_not_go(term: type[models.Model]) -> None:
    row = term.objects.create(seat="chair", **days(0, None))
    term.objects.filter(pk=row.pk).update(seat="network")
    term.objects.filter(pk=row.pk).update(closed=True)
    for column, value in (("seat", "chair"), ("ends_at", START)):
        with pytest.raises(IntegrityError, match="is final"), transaction.atomic():
            term.objects.filter(pk=row.pk).update(**{column: value})
    with pytest.raises(IntegrityError, match="is final"), transaction.atomic():
        term.objects.filter(pk=row.pk).delete()
    assert term.objects.filter(pk=row.pk).update(confirmed=False) == 1


def test_every_guard_of_every_app_stands() -> None:
    assert guarding.pieces_for(connection)
    assert guarding.missing(connection) == []


def test_a_missing_guard_is_reported_by_the_system_check() -> None:
    piece = guarding.pieces_for(connection, "ledger")[0]
    guarding.lift(connection, [piece])
    found = [message for message in run_checks(databases=["default"]) if message.id == "ledger.W001"]
    assert [piece.name in message.msg for message in found] == [True]


def test_migrate_puts_a_lost_guard_back() -> None:
    guarding.lift(connection, guarding.pieces_for(connection, "ledger")[:3])
    from django.apps import apps

    config = apps.get_app_config("ledger")
    post_migrate.send(sender=config, app_config=config, using="default", plan=[], verbosity=0)
    assert guarding.missing(connection) == []


@pytest.mark.django_db(transaction=True)
def test_flush_empties_and_puts_guards_and_reference_rows_back() -> None:
    Entry.objects.create(number=0, recorded_at=START, commitment=b"", leaf_hash=b"")
    call_command("flush", verbosity=0, interactive=False)
    assert not Entry.objects.exists()
    assert guarding.missing(connection) == []
    assert Office.objects.filter(key="chair").exists()


@pytest.mark.django_db(transaction=True)
def test_no_table_of_the_ledger_is_truncated() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE.")
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE ledger_entry")
