"""Tree heads are signed in time and on decisions, leave the system, and never tell two histories."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from smki_pma.deploy.start import UnsafeStart, refuse_unsafe_start
from smki_pma.jobs.models import Job
from smki_pma.ledger import checkpoints, keys, store, tree, verifier, witness
from smki_pma.ledger.access import root_access_log
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.guarding import lifted
from smki_pma.ledger.integrity import faults
from smki_pma.ledger.keys import put_new_key_into_use
from smki_pma.ledger.logs import ACCESS, LEDGER
from smki_pma.ledger.models import Checkpoint, Entry, EntryText, Node, SigningKey
from smki_pma.ledger.witness import LedgerForked
from smki_pma.notices.checkpoint_watch import sign_if_due
from smki_pma.settings.environment import Environment
from tests.integration.ledger.conftest import SECRETARY, found
from tests.integration.ledger.test_gate import read_list

pytestmark = pytest.mark.django_db
Grow = Callable[..., None]
Capture = Callable[..., object]


def signed(capture: Capture) -> Checkpoint:
    with capture(execute=True):
        return checkpoints.sign_now(LEDGER)


def test_the_first_checkpoint_makes_the_key_and_says_so(
    grow: Grow, django_capture_on_commit_callbacks: Capture
) -> None:
    grow(3)
    checkpoint = signed(django_capture_on_commit_callbacks)
    assert checkpoint.size == 4
    assert EntryText.objects.get(number=3).event == "ledger.key_put_into_use"
    origin, size, root = verifier.read_checkpoint(checkpoint.note, keys.published_vkeys())
    assert (origin, size, root) == (LEDGER.origin, 4, tree.root_at(4, store.reader(LEDGER)))


def test_the_key_file_is_encrypted_and_private(grow: Grow, data_folder: Path) -> None:
    checkpoints.sign_now(LEDGER)
    key = SigningKey.objects.get()
    file = data_folder / "ledger" / "keys" / f"{key.key_id}.pem"
    assert file.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert file.stat().st_mode & 0o077 == 0


def test_signing_again_without_growth_signs_nothing(grow: Grow) -> None:
    grow(2)
    assert checkpoints.sign_now(LEDGER) == checkpoints.sign_now(LEDGER)
    assert Checkpoint.objects.count() == 1


def test_a_decision_asks_for_a_checkpoint_at_once(grow: Grow, run_jobs: Callable[[], int]) -> None:
    found(name="Decided", by=SECRETARY, checkpoint=True)
    assert Job.objects.filter(kind="ledger.checkpoint").count() == 1
    run_jobs()
    assert Checkpoint.objects.get().size >= 1


def test_what_is_no_decision_waits_for_its_time(grow: Grow) -> None:
    grow(1)
    assert not Job.objects.filter(kind="ledger.checkpoint").exists()


def test_a_checkpoint_leaves_the_system(grow: Grow, run_jobs: Callable[[], int], data_folder: Path) -> None:
    grow(2)
    note = checkpoints.sign_now(LEDGER).note
    run_jobs()
    (kept,) = (data_folder / "checkpoints" / "ledger").rglob("*.txt")
    assert kept.read_text() == note


def test_by_the_clock_the_access_log_is_rooted_and_the_ledger_signed(grow: Grow) -> None:
    read_list(list_id="7", purpose="Audit", by=SECRETARY)
    read_list(list_id="8", purpose="Audit", by=SECRETARY)
    sign_if_due(LEDGER)
    facts = json.loads(EntryText.objects.get(event="access_log.rooted").content)["facts"]
    assert facts == {"log": "access", "root": tree.root_at(2, store.reader(ACCESS)).hex(), "size": 2}
    assert Checkpoint.objects.get().size == Entry.objects.count()


def test_an_access_log_that_has_not_grown_is_not_rooted_again(grow: Grow) -> None:
    read_list(list_id="7", purpose="Audit", by=SECRETARY)
    assert [root_access_log(by=Actor.clock()) for _ in range(2)] == [1, 1]
    assert EntryText.objects.filter(event="access_log.rooted").count() == 1


def forge(**changes: bytes) -> None:
    """Alter a leaf of the tree as somebody could who owns the database."""
    with lifted(connection, "update"):
        Node.objects.filter(log="ledger", level=0, index=1).update(**changes)
        Node.objects.filter(log="ledger", level=1, index=0).update(**changes)


def test_no_history_is_signed_that_contradicts_an_earlier_checkpoint(grow: Grow) -> None:
    grow(2)
    checkpoints.sign_now(LEDGER)
    forge(hash=bytes(32))
    grow(1)
    with pytest.raises(LedgerForked, match="no longer holds"):
        checkpoints.sign_now(LEDGER)
    assert Checkpoint.objects.count() == 1


def test_an_older_backup_takes_no_entry(grow: Grow, django_capture_on_commit_callbacks: Capture) -> None:
    grow(2)
    head = witness.Head(LEDGER.origin, 40, bytes(32))
    witness.write(LEDGER, head)
    with pytest.raises(LedgerForked, match="older than its published history"):
        grow(1)
    assert Entry.objects.count() == 2
    with pytest.raises(LedgerForked):
        checkpoints.sign_now(LEDGER)


def test_no_process_starts_on_an_older_backup(grow: Grow) -> None:
    grow(2)
    refuse_unsafe_start()
    witness.write(LEDGER, witness.Head(LEDGER.origin, 40, bytes(32)))
    with pytest.raises(UnsafeStart, match="older than its published history"):
        refuse_unsafe_start()


def test_no_process_starts_without_the_guards() -> None:
    with lifted(connection, "update"), pytest.raises(UnsafeStart, match="Guards are missing"):
        refuse_unsafe_start()


def test_another_history_of_the_same_length_takes_no_entry(grow: Grow) -> None:
    grow(2)
    witness.write(LEDGER, witness.Head(LEDGER.origin, 2, bytes(32)))
    with pytest.raises(LedgerForked, match="not those that were signed"):
        grow(1)


def test_a_break_is_reconciled_under_a_new_name_and_recorded(
    grow: Grow, data_folder: Path, django_capture_on_commit_callbacks: Capture
) -> None:
    grow(2)
    old_vkeys = [keys.vkey(put_new_key_into_use(reason="First", by=Actor.clock()))]
    witness.write(LEDGER, witness.Head(LEDGER.origin, 40, bytes(32)))
    with pytest.raises(CommandError, match="Set SMKI_LOG_ORIGIN"):
        call_command("reconcile_ledger", reason="Disk lost")
    with override_settings(ENVIRONMENT=Environment(log_origin="smki-pma.example/ledger-2")):
        call_command("reconcile_ledger", reason="Disk lost", stdout=io.StringIO())
        facts = json.loads(EntryText.objects.get(event="ledger.break_recorded").content)["facts"]
        assert facts["signed_size"] == 40
        assert facts["continued_from_size"] == 3
        assert facts["signed_as"] == "smki-pma.example/ledger"
        assert list((data_folder / "ledger").glob("ledger.head.broken-*"))
        grow(1)
        assert signed(django_capture_on_commit_callbacks).note.startswith("smki-pma.example/ledger-2\n")
        assert set(old_vkeys) < set(keys.published_vkeys())
        assert list(faults()) == []


def test_there_is_nothing_to_reconcile_in_a_whole_ledger(grow: Grow) -> None:
    grow(2)
    with pytest.raises(CommandError, match="nothing to reconcile"):
        call_command("reconcile_ledger", reason="Just in case")


def test_after_a_change_of_key_both_keys_are_published_and_all_checkpoints_hold(
    grow: Grow, tmp_path: Path, django_capture_on_commit_callbacks: Capture
) -> None:
    grow(2)
    first = signed(django_capture_on_commit_callbacks)
    call_command("rotate_ledger_key", reason="Yearly change", stdout=io.StringIO())
    second = signed(django_capture_on_commit_callbacks)
    assert first.key_id != second.key_id
    old, new = keys.published_vkeys()
    verifier.read_checkpoint(first.note, [old])
    verifier.read_checkpoint(second.note, [new])
    with pytest.raises(verifier.Fault):
        verifier.read_checkpoint(second.note, [old])
    assert list(faults()) == []


def test_a_key_that_is_lost_stops_signing_with_advice(grow: Grow, data_folder: Path) -> None:
    checkpoints.sign_now(LEDGER)
    for file in (data_folder / "ledger" / "keys").glob("*.pem"):
        file.unlink()
    grow(1)
    with pytest.raises(keys.KeyMissing, match="rotate_ledger_key"):
        checkpoints.sign_now(LEDGER)
