"""Whatever is done to the ledger behind the application's back is found, and its place is named."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from smki_pma.ledger import checkpoints, guarding, keys, verifier
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.erasing import CannotErase, erase_entry_text
from smki_pma.ledger.exporting import export
from smki_pma.ledger.guarding import lifted
from smki_pma.ledger.integrity import faults
from smki_pma.ledger.logs import LEDGER
from smki_pma.ledger.models import AccessLog, Checkpoint, Entry, EntryText, Node
from smki_pma.ledger.readers import PUBLIC
from tests.integration.ledger.conftest import SECRETARY
from tests.integration.ledger.test_gate import read_list

pytestmark = pytest.mark.django_db
Grow = Callable[..., None]


@pytest.fixture
def signed_ledger(grow: Grow) -> None:
    grow(9)
    read_list(list_id="7", purpose="Audit", by=SECRETARY)
    checkpoints.sign_now(LEDGER)
    grow(3)


def places() -> list[str]:
    return [fault.place for fault in faults()]


def exported() -> list[str]:
    return list(export(PUBLIC))


def fault_in(lines: list[str], vkeys: list[str]) -> verifier.Fault:
    with pytest.raises(verifier.Fault) as found:
        verifier.check_export(lines, vkeys)
    return found.value


@pytest.mark.usefixtures("signed_ledger")
def test_an_honest_ledger_holds() -> None:
    assert list(faults()) == []
    summary = verifier.check_export(exported(), keys.published_vkeys())
    assert (summary["entries"], summary["texts"], summary["checkpoints"]) == (13, 13, 1)
    assert summary["signed_size"] == 10


@pytest.mark.usefixtures("signed_ledger")
@pytest.mark.parametrize(
    ("model", "column", "place"),
    [
        (Entry, "commitment", "entry 4"),
        (Entry, "leaf_hash", "entry 4"),
        (EntryText, "salt", "text of entry 4"),
    ],
)
@pytest.mark.parametrize("byte", [0, 13, 31])
def test_a_flipped_byte_is_found(model: type[Entry], column: str, place: str, byte: int) -> None:
    row = model.objects.get(number=4)
    value = bytearray(getattr(row, column))
    value[byte] ^= 1
    with lifted(connection, "update"):
        model.objects.filter(number=4).update(**{column: bytes(value)})
    assert place in places()
    assert "entry 4" in fault_in(exported(), []).place


@pytest.mark.usefixtures("signed_ledger")
def test_each_flipped_byte_of_a_text_is_found() -> None:
    text = EntryText.objects.get(number=4)
    for place in range(0, len(text.content), 11):
        altered = text.content[:place] + chr(ord(text.content[place]) ^ 1) + text.content[place + 1 :]
        with lifted(connection, "update"):
            EntryText.objects.filter(number=4).update(content=altered)
        assert "text of entry 4" in places()
        assert "entry 4" in fault_in(exported(), []).place


@pytest.mark.usefixtures("signed_ledger")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("event", "x.y"),
        ("audience", "dcc"),
        ("actor_name", "Nobody"),
        ("clause", "L9.9"),
        ("subject_id", "1"),
    ],
)
def test_a_column_that_says_something_else_than_the_text_is_found(column: str, value: str) -> None:
    with lifted(connection, "update"):
        EntryText.objects.filter(number=4).update(**{column: value})
    assert [str(fault) for fault in faults()] == [
        f"text of entry 4: the column {column} does not repeat what the entry says"
    ]


@pytest.mark.usefixtures("signed_ledger")
def test_a_dropped_row_is_found() -> None:
    with lifted(connection, "delete"):
        Entry.objects.filter(number=6).delete()
        EntryText.objects.filter(number=6).delete()
    assert places()[0] == "entry 6"
    assert "entry 6" in fault_in(exported(), []).place


@pytest.mark.usefixtures("signed_ledger")
def test_the_last_rows_dropped_with_their_nodes_are_found_by_the_checkpoint() -> None:
    with lifted(connection, "delete"):
        Entry.objects.filter(number__gte=8).delete()
        EntryText.objects.filter(number__gte=8).delete()
        Node.objects.filter(log="ledger", level=0, index__gte=8).delete()
        Node.objects.filter(log="ledger", level=1, index__gte=4).delete()
        Node.objects.filter(log="ledger", level=2, index__gte=2).delete()
    assert places()[0] == "checkpoint of ledger at 10"


@pytest.mark.usefixtures("signed_ledger")
def test_two_rows_in_each_others_place_are_found() -> None:
    with lifted(connection, "update"):
        Entry.objects.filter(number=3).update(number=100)
        Entry.objects.filter(number=5).update(number=3)
        Entry.objects.filter(number=100).update(number=5)
    assert {"entry 3", "entry 5"} <= set(places())
    assert "entry 3" in fault_in(exported(), []).place


@pytest.mark.usefixtures("signed_ledger")
def test_an_inserted_row_is_found() -> None:
    entry = Entry.objects.get(number=12)
    entry.number = 13
    entry.save(force_insert=True)
    assert places()[:2] == ["entry 13", "ledger leaf 13"]


@pytest.mark.usefixtures("signed_ledger")
def test_a_time_that_goes_back_is_found() -> None:
    first, second = Entry.objects.filter(number__in=[0, 7]).order_by("number")
    with lifted(connection, "update"):
        Entry.objects.filter(number=7).update(recorded_at=first.recorded_at.replace(year=2020))
    assert "entry 7" in places()
    assert second.recorded_at > first.recorded_at


@pytest.mark.usefixtures("signed_ledger")
@pytest.mark.parametrize(("level", "index"), [(0, 3), (1, 2), (3, 0)])
def test_an_altered_node_is_found(level: int, index: int) -> None:
    with lifted(connection, "update"):
        Node.objects.filter(log="ledger", level=level, index=index).update(hash=bytes(32))
    assert any(place in {f"ledger node {level}/{index}", f"ledger leaf {index}"} for place in places())


@pytest.mark.usefixtures("signed_ledger")
def test_an_altered_access_row_is_found() -> None:
    with lifted(connection, "update"):
        AccessLog.objects.update(purpose="None of your business")
    assert places() == ["access leaf 0"]


@pytest.mark.usefixtures("signed_ledger")
def test_an_altered_checkpoint_is_found() -> None:
    with lifted(connection, "update"):
        Checkpoint.objects.update(note=Checkpoint.objects.get().note.replace("\n10\n", "\n11\n"))
    assert places() == ["checkpoint of ledger at 10"]


@pytest.mark.usefixtures("signed_ledger")
def test_a_missing_guard_is_found_and_migrate_restores_it() -> None:
    piece = next(p for p in guarding.pieces_for(connection, "ledger") if p.against == "update")
    guarding.lift(connection, [piece])
    assert places() == [f"table {piece.table}"]
    guarding.install(connection, guarding.pieces_for(connection))
    assert places() == []


@pytest.mark.usefixtures("signed_ledger")
def test_a_whole_history_rewritten_consistently_is_found_by_a_checkpoint_that_somebody_kept() -> None:
    vkeys, lines = keys.published_vkeys(), exported()
    rows = [json.loads(line) for line in lines]
    leaf = json.loads(rows[3]["leaf"]) | {"commitment": "00" * 32}
    data = json.dumps(leaf, sort_keys=True, separators=(",", ":"))
    rows[3] = {"leaf": data, "hash": verifier.leaf_hash(data.encode()).hex()}
    forged = [json.dumps(row) for row in rows]
    assert "entry from 0 to 9 is not what was signed" in str(fault_in(forged, vkeys))


@pytest.mark.usefixtures("signed_ledger")
def test_an_export_without_a_checkpoint_is_no_signed_ledger() -> None:
    unsigned = [line for line in exported() if "checkpoint" not in json.loads(line)]
    assert verifier.check_export(unsigned)["checkpoints"] == 0
    for held in (keys.published_vkeys(), [""]):
        assert "it has no checkpoint" in str(fault_in(unsigned, held))


@pytest.mark.usefixtures("signed_ledger")
def test_the_command_names_every_fault_and_fails() -> None:
    with lifted(connection, "update"):
        EntryText.objects.filter(number__in=[2, 4]).update(salt=bytes(32))
    output = io.StringIO()
    with pytest.raises(CommandError, match="2 faults"):
        call_command("verify_ledger", stdout=output)
    assert "text of entry 2" in output.getvalue()
    assert "text of entry 4" in output.getvalue()


@pytest.mark.usefixtures("signed_ledger")
def test_erasing_a_text_leaves_every_proof_whole(tmp_path: Path) -> None:
    owner = Actor.owner("root")
    assert erase_entry_text(numbers=[4], reason="Request of the person", by=owner) == 1
    assert not EntryText.objects.filter(number=4).exists()
    assert list(faults()) == []
    summary = verifier.check_export(exported(), keys.published_vkeys())
    assert (summary["entries"], summary["texts"]) == (14, 13)
    assert guarding.missing(connection) == []


@pytest.mark.usefixtures("signed_ledger")
def test_a_text_that_vanished_without_an_erasure_is_found() -> None:
    with lifted(connection, "delete"):
        EntryText.objects.filter(number=4).delete()
    assert places() == ["entry 4"]


@pytest.mark.usefixtures("signed_ledger")
@pytest.mark.parametrize(
    ("numbers", "reason", "by", "words"),
    [
        ([4], "", Actor.owner("root"), "Give the reason"),
        ([99], "Asked", Actor.owner("root"), "Entry 99 has no text"),
        ([9], "Asked", Actor.owner("root"), "about the ledger itself"),
        ([4], "Asked", SECRETARY, "Only the owner"),
    ],
)
def test_what_cannot_be_erased_stays(numbers: list[int], reason: str, by: Actor, words: str) -> None:
    with pytest.raises(CannotErase, match=words):
        erase_entry_text(numbers=numbers, reason=reason, by=by)
    assert EntryText.objects.count() == Entry.objects.count() == 13
