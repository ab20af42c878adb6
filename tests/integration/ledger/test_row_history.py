"""What a row looked like: kept by every service, carried by its act, read by people and by no logic."""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import UngovernedWrite, record, service, writing_for_tests
from smki_pma.ledger.governed import GovernedModel
from smki_pma.ledger.guards import AppendOnly, registered
from smki_pma.ledger.history import HistoryRow
from smki_pma.ledger.models import EntryText
from smki_pma.ledger.row_changes import NOT_BY_AN_ACT, Rows, changes_of
from smki_pma.parties.models import Holding, Office, Organisation, Party, Person, VotingGroup
from smki_pma.parties.services import (
    correct_person,
    reclassify_party,
    record_organisation,
    record_voting_group,
    regroup_organisation,
)

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("smki_pma", "certification", "repository", "compliance")
OWNER = Actor.owner("Olive Owner")
# Governed rows without a history, and why none is asked for. Append-only ones need none.
WITHOUT_HISTORY = {
    "records.Record": "made once, then completed by its signature",
    "rules_in_force.NonWorkingDay": "added and removed once; both are columns, frozen once set",
    "duties.Duty": "opened and closed once; carries both acts itself",
    "duties.Period": "a mark that a period was handled",
    "notices.Notice": "sent once",
    "notices.Reminder": "a mark that a reminder was sent",
    "meetings.Attendance": "arrival and departure are columns, frozen once set",
    "meetings.Apology": "sent and taken back once; both are columns, frozen once set",
    "meetings.Adjournment": "adjourning and resuming are columns, frozen once set",
    "meetings.Vote": "its snapshots are columns, frozen step by step",
    "meetings.Resolution": "its effect is in the ledger",
    "documents.Document": "a title, never changed; its versions have a history",
    "certificates.Certificate": "hot path",
    "authorities.Ceremony": "its steps are columns with people and times",
    "authorities.Authority": "its states are in the ledger",
    "linting.LintRun": "its facts and its judgement are frozen columns",
    "requests.CertificateRequest": "hot path",
    "revocations.RevocationRequest": "asked once, decided once; both are frozen columns",
    "revocations.Rejection": "rejected once, concluded once; both are frozen columns",
    "requests.Suspension": "instructed once, reinstated once; both are frozen columns",
    "requests.UsedPublicKey": "one frozen column; hot path",
    "requests.DeviceCount": "a sum over what the ledger and the Repository hold; hot path",
    "batches.Batch": "hot path; its states are in the ledger",
    "batches.BatchChunk": "hot path; frozen but for its state",
}


def history_of(row: models.Model) -> Any:
    return type(row).history.filter(id=row.pk).order_by("history_id")


def tracked() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if hasattr(m._meta, "simple_history_manager_attribute")]


def sources() -> list[Path]:
    return [
        file
        for room in ROOMS
        for file in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in file.relative_to(ROOT).parts
    ]


@pytest.fixture
def northwind(db: None) -> Organisation:
    return record_organisation(name="Northwind Energy", by=OWNER)


def test_a_change_carries_its_act_and_its_actor(northwind: Organisation) -> None:
    group = record_organisation(name="Northwind Group", by=OWNER)
    regroup_organisation(organisation_id=northwind.pk, parent_id=group.pk, by=OWNER)

    entered, regrouped = history_of(northwind)
    entries = EntryText.objects.filter(subject_id=str(northwind.pk)).order_by("number")
    assert [row.history_change_reason for row in (entered, regrouped)] == [e.act_id for e in entries]
    assert (entered.parent_id, regrouped.parent_id) == (None, group.pk)
    assert regrouped.history_actor == "Olive Owner"
    assert regrouped.history_user_id is None


def test_the_person_who_acts_is_kept(community: Any) -> None:
    by = community.actor("code_administrator")
    organisation = record_organisation(name="Eastray Ltd", by=by)
    row = history_of(organisation).get()
    assert (row.history_user_id, row.history_actor) == (by.person_id, by.name)


def test_a_refused_act_leaves_no_history(northwind: Organisation) -> None:
    @service
    def rename(*, by: Actor) -> None:
        northwind.name = "Southwind"
        northwind.save()
        record("a.b", clause="L1.1", by=by, subject=northwind, audience="pma")
        raise LookupError

    with pytest.raises(LookupError):
        rename(by=OWNER)
    assert [row.name for row in history_of(northwind)] == ["Northwind Energy"]


def test_nothing_is_written_outside_a_service(northwind: Organisation) -> None:
    row = history_of(northwind).get()
    again = type(row)(history_date=row.history_date, history_type="~", id=northwind.pk, name="Forged")
    for write in (
        again.save,
        northwind.save,
        lambda: type(row).objects.bulk_create([again]),
        lambda: Organisation.history.bulk_create([again]),
    ):
        with pytest.raises(UngovernedWrite):
            write()
    assert history_of(northwind).count() == 1


@pytest.mark.parametrize("change", ["update", "delete"])
def test_history_is_never_changed(northwind: Organisation, change: str) -> None:
    row = history_of(northwind).get()
    rows = type(row)._base_manager.filter(pk=row.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
        rows.update(name="Forged") if change == "update" else rows.delete()
    assert history_of(northwind).get().name == "Northwind Energy"


@pytest.mark.parametrize(
    "write",
    [
        lambda: Organisation.objects.update(name="X"),
        lambda: Organisation.objects.bulk_create([Organisation(name="X")]),
        lambda: Organisation.objects.bulk_update([], ["name"]),
    ],
)
def test_a_service_cannot_write_past_the_history(write: Callable[[], object], db: None) -> None:
    @service
    def change(*, by: Actor) -> None:
        write()

    with pytest.raises(UngovernedWrite, match="passes its row history by"):
        change(by=OWNER)


def test_a_password_leaves_no_history_and_a_name_changes_only_in_a_service(db: None) -> None:
    person = Person.objects.create(email="vera@example.org", name="Vera Vale")
    person.set_password("a long enough passphrase")
    person.save()
    person.save(update_fields=["last_login"])
    assert not history_of(person).exists()

    person.name = "Vera Forged"
    with pytest.raises(UngovernedWrite, match="name"):
        person.save()
    correct_person(person_id=person.pk, name="Vera Dale", employer_id=None, by=OWNER)
    assert [row.name for row in history_of(person)] == ["Vera Dale"]


def test_history_keeps_no_secret_and_no_second_copy_of_a_frozen_text() -> None:
    columns = {m._meta.label: {f.name for f in m.history.model._meta.fields} for m in tracked()}
    assert not columns["parties.Person"] & {"password", "last_login"}
    assert not columns["drafts.Amendment"] & {"text", "place", "reason"}
    assert not columns["drafts.Draft"] & {"where_policies", "where_procedures", "where_other"}
    assert "manifest" not in columns["documents.Version"]


def test_every_governed_model_has_a_history_or_a_reason_for_none() -> None:
    append_only = {guard.model for guard in registered if isinstance(guard, AppendOnly)}
    without = {
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, GovernedModel) and model not in tracked() and model not in append_only
    }
    ours = {label for label in without if not label.startswith("probe.")}
    assert ours == set(WITHOUT_HISTORY)


def test_every_history_is_append_only() -> None:
    append_only = {guard.model for guard in registered if isinstance(guard, AppendOnly)}
    histories = {model for model in apps.get_models() if issubclass(model, HistoryRow)}
    assert histories == {model.history.model for model in tracked()}
    assert histories <= append_only


def test_rows_with_a_history_are_saved_one_by_one() -> None:
    names = {model.__name__ for model in tracked()}
    bulk = {"update", "bulk_update", "bulk_create", "save_without_historical_record"}
    found = [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in sources()
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in bulk
        if _root(call.func) in names
    ]
    assert found == []


def _root(node: ast.expr) -> str:
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return ""
    return node.id


def test_no_logic_reads_history() -> None:
    """Only the pages' own list of changes does, and only pages and their reads ask for it."""
    reads = re.compile(r"\.history\b(?! import)|\bHistorical[A-Z]|history_(?:date|type|user|change_reason)")
    asks = re.compile(r"import [^\n]*\b(?:changes_of|Rows)\b")
    keepers = {"smki_pma/ledger/history.py", "smki_pma/ledger/row_changes.py"}
    for file in sources():
        name, text = str(file.relative_to(ROOT)), file.read_text()
        assert name in keepers or not reads.search(text), name
        page = name.endswith("views.py") or file.name == "selectors.py" or "/views/" in name
        assert page or name in keepers or not asks.search(text), name


def _party(name: str) -> Party:
    organisation = record_organisation(name=name, by=OWNER)
    with writing_for_tests():
        party = Party(organisation=organisation, category="small_supplier")
        party.save()
    return party


def test_changes_are_told_in_words_newest_first(db: None) -> None:
    party = _party("Skerry Power")
    group = record_voting_group(name="Skerry", category="large_supplier", by=OWNER)
    reclassify_party(party_id=party.pk, category="large_supplier", voting_group_id=group.pk, by=OWNER)

    told = changes_of(Rows(model=Party, names={party.pk: "Party"}, words={"voting_group": "Voting Group"}))
    assert [(c.column, c.before, c.after) for c in told] == [
        ("Category", "Small Supplier Party", "Large Supplier Party"),
        ("Voting Group", "", "Skerry"),
        ("Entered", "", "Organisation: Skerry Power\nCategory: Small Supplier Party"),
    ]
    entry = EntryText.objects.get(event="party.reclassified")
    assert {(c.by, c.number) for c in told[:2]} == {("Olive Owner", entry.number)}
    assert (told[2].by, told[2].number) == (NOT_BY_AN_ACT, None)


def test_hidden_columns_are_not_told(db: None) -> None:
    party = _party("Skerry Power")
    [entered] = changes_of(Rows(model=Party, names={party.pk: "Party"}, hidden=["organisation"]))
    assert "Skerry" not in entered.after


def test_the_number_of_queries_does_not_grow(db: None) -> None:
    party = _party("Skerry Power")
    rows = Rows(model=Party, names={party.pk: "Party"})

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            changes_of(rows)
        return len(captured)

    def to(category: str) -> None:
        group = record_voting_group(
            name=f"{category} {VotingGroup.objects.count()}", category=category, by=OWNER
        )
        reclassify_party(party_id=party.pk, category=category, voting_group_id=group.pk, by=OWNER)

    to("large_supplier")
    few = queries()
    for category in ("other", "small_supplier", "gas_network"):
        to(category)
    assert queries() == few
    assert len(changes_of(rows)) == 9


def test_the_pages_of_the_community_show_who_changed_what(community: Any) -> None:
    person = community.person("party_officer")
    before = person.name
    correct_person(
        person_id=person.pk, name="Simon Hale-Ward", employer_id=None, by=community.actor("secretariat")
    )
    entry = EntryText.objects.get(event="person.corrected")
    for reader in ("secretariat", "code_administrator", "auditor"):
        page = community.client(reader).get(f"/community/people/{person.pk}/history/").content.decode()
        assert before in page
        assert "Simon Hale-Ward" in page
        assert community.person("secretariat").name in page
        assert f'href="/ledger/entries/{entry.number}/"' in page
    assert community.client("pma_chair").get(f"/community/people/{person.pk}/history/").status_code == 403


def test_offices_entered_by_migrate_have_a_history_without_an_act(db: None) -> None:
    office = Office.objects.first()
    assert office is not None
    assert history_of(office).get().history_change_reason is None


def test_a_holding_is_told_without_what_it_copies_from_the_office(community: Any) -> None:
    holding = Holding.objects.filter(person=community.person("pma_chair")).first()
    assert holding is not None
    page = community.client("auditor").get(f"/community/people/{holding.person_id}/history/").content.decode()
    assert "Appointed by" in page
    assert "Is seat" not in page
