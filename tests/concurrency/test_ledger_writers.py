"""Many writers, one sequence (PostgreSQL)."""

import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, connections

from smki_pma.clauses import RuleViolation
from smki_pma.ledger import checkpoints
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.ledger.grants import CannotGrant, grant
from smki_pma.ledger.integrity import faults
from smki_pma.ledger.logs import LEDGER
from smki_pma.ledger.models import Entry, EntryText
from smki_pma.parties.models import Organisation

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway."),
]
SECRETARY = Actor(person_id=uuid4(), name="Sam Secretary", role="secretariat")


@service
def found(*, name: str, by: Actor, refuse: bool = False) -> None:
    organisation = Organisation(name=name)
    organisation.save()
    record("organisation.founded", clause="L1.1", by=by, subject=organisation, audience="public")
    if refuse:
        raise RuleViolation("Every tenth is refused.", clause="L1.1")


def write(writer: int, count: int, errors: list[BaseException]) -> None:
    try:
        for number in range(count):
            try:
                found(name=f"{writer}/{number}", by=SECRETARY, refuse=number % 10 == 9)
            except RuleViolation:
                continue
    except BaseException as error:
        errors.append(error)
    finally:
        connections.close_all()


def test_concurrent_writers_give_one_sequence_without_a_gap() -> None:
    errors: list[BaseException] = []
    threads = [threading.Thread(target=write, args=(writer, 30, errors)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    numbers = list(Entry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(4 * 27))
    assert Organisation.objects.filter(name__contains="/").count() == 4 * 27
    assert list(faults()) == []


@pytest.fixture
def web_role() -> str:
    """A role as production's web process has one; rights are taken back when the test is over."""
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS smki_web")
        cursor.execute("CREATE ROLE smki_web LOGIN")
    return "smki_web"


@pytest.fixture
def as_web_role(web_role: str) -> Iterator[str]:
    grant(web_role)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE smki_web")
    yield web_role
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("DROP OWNED BY smki_web")
        cursor.execute("DROP ROLE smki_web")


@pytest.mark.usefixtures("as_web_role")
def test_the_web_role_acts_through_services() -> None:
    found(name="From the web", by=SECRETARY)
    assert EntryText.objects.get().event == "organisation.founded"


@pytest.mark.usefixtures("as_web_role")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET commitment = ''",
        "DELETE FROM ledger_entrytext",
        "TRUNCATE ledger_node",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER guard_ledger_entry_update ON ledger_entry",
        "SET session_replication_role = replica",
        "INSERT INTO ledger_checkpoint (log) VALUES ('ledger')",
        "INSERT INTO ledger_signingkey (key_id) VALUES ('x')",
        "DELETE FROM ledger_accesslog",
        "DROP TABLE ledger_entry",
    ],
)
def test_the_web_role_can_only_add_to_the_ledger(statement: str) -> None:
    found(name="From the web", by=SECRETARY)
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.usefixtures("as_web_role")
def test_the_web_role_cannot_sign() -> None:
    found(name="From the web", by=SECRETARY)
    with pytest.raises(ProgrammingError, match="permission denied"):
        checkpoints.sign_now(LEDGER)


def test_rights_are_not_given_to_whom_they_would_not_bind(web_role: str) -> None:
    with pytest.raises(CannotGrant, match="no role nobody_here"):
        grant("nobody_here")
    with pytest.raises(CannotGrant, match="superuser"):
        grant(connection.settings_dict["USER"])
