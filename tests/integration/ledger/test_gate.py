"""The write gate: no change without its entry, no entry without its change."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, models, transaction

from smki_pma.clauses import RuleViolation
from smki_pma.ledger import entries, gate
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import GateError, attempt, record, service, unchanged
from smki_pma.ledger.history import carry_act
from smki_pma.ledger.models import AccessLog, Entry, EntryText, Node
from smki_pma.parties.models import Organisation

pytestmark = pytest.mark.django_db
SECRETARY = Actor(person_id=uuid4(), name="Sam Secretary", role="secretariat")


@service
def found_organisation(*, name: str, by: Actor) -> Organisation:
    organisation = Organisation(name=name)
    organisation.save()
    record(
        "organisation.founded",
        clause="L1.1",
        by=by,
        subject=organisation,
        facts={"name": name},
        audience="public",
    )
    return organisation


@service
def say_nothing(*, name: str) -> None:
    Organisation(name=name).save()


@service
def say_twice(*, by: Actor) -> None:
    for name in ("A", "B"):
        organisation = Organisation.objects.create(name=name)
        record("organisation.founded", clause="L1.1", by=by, subject=organisation, audience="pma")


@service
def refuse(*, name: str, by: Actor) -> None:
    found_organisation(name=name, by=by)
    raise RuleViolation("Choose another name.", clause="L1.1")


@service
def found_what_can_be(*, names: list[str], by: Actor) -> list[str]:
    refused = []
    for name in names:
        _, refusal = attempt(
            lambda name=name: (refuse if name.startswith("bad") else found_organisation)(name=name, by=by)
        )
        refused += [refusal.message] if refusal else []
    record(
        "organisations.founded",
        clause="L1.1",
        by=by,
        subject=Organisation(),
        facts={"n": len(names)},
        audience="pma",
    )
    return refused


@service
def go_on_after_refusal(*, by: Actor) -> None:
    try:
        refuse(name="X", by=by)
    except RuleViolation:
        record("organisation.founded", clause="L1.1", by=by, subject=Organisation(), audience="pma")


@service
def find_done(*, by: Actor) -> str:
    return unchanged("as it was")


@service(reads="Members' list")
def read_list(*, list_id: str, purpose: str, by: Actor) -> str:
    return "the list"


def test_a_service_writes_and_records_one_entry() -> None:
    organisation = found_organisation(name="Acme", by=SECRETARY)
    text = EntryText.objects.get(subject_id=str(organisation.pk))
    assert text.event == "organisation.founded"
    assert text.actor_name == "Sam Secretary"
    assert Entry.objects.filter(number=text.number).exists()
    assert Node.objects.filter(log="ledger", level=0, index=text.number).exists()


def test_a_service_without_an_entry_is_undone() -> None:
    with pytest.raises(GateError, match="exactly one entry; it recorded 0"):
        say_nothing(name="Silent")
    assert not Organisation.objects.filter(name="Silent").exists()


def test_two_entries_for_one_call_are_refused() -> None:
    with pytest.raises(GateError, match="it recorded 2"):
        say_twice(by=SECRETARY)
    assert not Organisation.objects.filter(name__in="AB").exists()
    assert not Entry.objects.exists()


def test_a_refusal_writes_nothing() -> None:
    with pytest.raises(RuleViolation):
        refuse(name="X", by=SECRETARY)
    assert not Organisation.objects.filter(name="X").exists()
    assert not Entry.objects.exists()


def test_the_change_is_undone_when_the_entry_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(entries, "insert_together", fail)
    with pytest.raises(DatabaseError):
        found_organisation(name="Lost", by=SECRETARY)
    assert not Organisation.objects.filter(name="Lost").exists()


def test_an_attempt_that_is_refused_drops_its_entries_only() -> None:
    refused = found_what_can_be(names=["good", "bad one", "fine"], by=SECRETARY)
    assert refused == ["Choose another name."]
    assert set(
        Organisation.objects.filter(name__in=["good", "bad one", "fine"]).values_list("name", flat=True)
    ) == {"good", "fine"}
    events = list(EntryText.objects.order_by("number").values_list("event", flat=True))
    assert events == ["organisation.founded", "organisation.founded", "organisations.founded"]


def test_going_on_after_a_refusal_without_attempt_is_undone() -> None:
    with pytest.raises(GateError, match=r"attempt\(\)"):
        go_on_after_refusal(by=SECRETARY)
    assert not Entry.objects.exists()


def test_an_idempotent_repeat_writes_nothing() -> None:
    assert find_done(by=SECRETARY) == "as it was"
    assert not Entry.objects.exists()


def test_nested_entries_say_what_they_were_part_of() -> None:
    found_what_can_be(names=["good"], by=SECRETARY)
    inner, outer = EntryText.objects.order_by("number")
    assert f'"within":"{outer.act_id}"' in inner.content
    assert '"within":null' in outer.content


def test_a_logged_read_writes_an_access_row_and_no_entry() -> None:
    assert read_list(list_id="7", purpose="Audit 3", by=SECRETARY) == "the list"
    row = AccessLog.objects.get()
    assert (row.number, row.what, row.subject_type, row.subject_id) == (0, "Members' list", "list", "7")
    assert (row.purpose, row.name, row.role) == ("Audit 3", "Sam Secretary", "secretariat")
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "write",
    [
        lambda: Organisation(name="X").save(),
        lambda: Organisation.objects.create(name="X"),
        lambda: Organisation.objects.update(name="X"),
        lambda: Organisation.objects.all().delete(),
        lambda: Organisation.objects.bulk_create([Organisation(name="X")]),
        lambda: Organisation.objects.bulk_update([], ["name"]),
    ],
)
def test_nothing_governed_is_written_outside_a_service(write: object) -> None:
    with pytest.raises(gate.UngovernedWrite):
        write()  # type: ignore[operator]


@pytest.mark.parametrize("model", [Entry, EntryText, Node])
def test_the_database_refuses_changes_of_the_ledger(model: type[models.Model]) -> None:
    found_organisation(name="Acme", by=SECRETARY)
    rows = model._base_manager.all()
    column = {Entry: "commitment", EntryText: "salt", Node: "hash"}[model]
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.update(**{column: b"x"})
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        rows.delete()


def test_a_service_takes_keyword_arguments_only() -> None:
    with pytest.raises(TypeError, match="keyword"):

        @service
        def wrong(name: str) -> None: ...


def test_facts_are_canonical_when_recorded() -> None:
    @service
    def record_float(*, by: Actor) -> None:
        record("a.b", clause="L1.1", by=by, subject=Organisation(), facts={"x": 1.5}, audience="pma")

    with pytest.raises(TypeError, match="cannot hold"):
        record_float(by=SECRETARY)


def test_row_history_carries_the_act_and_the_person() -> None:
    row = SimpleNamespace(history_date=None, history_change_reason=None, history_user_id=None)

    @service
    def change_row(*, by: Actor) -> None:
        carry_act(sender=None, history_instance=row)
        record("row.changed", clause="L1.1", by=by, subject=Organisation(), audience="pma")

    change_row(by=SECRETARY)
    assert row.history_change_reason == str(EntryText.objects.get().act_id)
    assert row.history_user_id == SECRETARY.person_id
    assert row.history_date is not None
