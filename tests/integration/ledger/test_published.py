"""A database that went back is found by what was published, also where the witness file went back with it."""

import io
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from smki_pma.deploy.start import UnsafeStart, refuse_unsafe_start
from smki_pma.ledger import checkpoints, copies, store, tree, witness
from smki_pma.ledger.guarding import lifted
from smki_pma.ledger.integrity import faults
from smki_pma.ledger.logs import CERTIFICATES, LEDGER, Log
from smki_pma.ledger.models import Checkpoint, Entry, EntryText, Node
from smki_pma.ledger.witness import LedgerForked
from smki_pma.settings.environment import Environment

pytestmark = pytest.mark.django_db
Grow = Callable[..., None]
Publish = Callable[[Log], Checkpoint]
NEW_NAME = "smki-pma.example/ledger-2"


@pytest.fixture
def publish(run_jobs: Callable[[], int], django_capture_on_commit_callbacks: Any) -> Publish:
    """Call it to sign the head of a log and to do the jobs that take it out of the system."""

    def sign_and_publish(log: Log) -> Checkpoint:
        with django_capture_on_commit_callbacks(execute=True):
            checkpoint = checkpoints.sign_now(log)
        run_jobs()
        return checkpoint

    return sign_and_publish


@dataclass
class Backup:
    """What a backup holds of one log: its size and its witness file."""

    log: Log
    size: int
    head: str

    @classmethod
    def of(cls, log: Log) -> "Backup":
        return cls(log, store.size_of(log), witness.file_of(log).read_text())

    def restore(self, *, head: bool) -> None:
        """Drop every later row, as an older database would not have it; the witness file as it was, or none."""
        with lifted(connection, "delete"):
            if self.log is LEDGER:
                Entry.objects.filter(number__gte=self.size).delete()
                EntryText.objects.filter(number__gte=self.size).delete()
            growth = Node.objects.filter(log=self.log.name)
            growth.exclude(pk__in=[n.pk for n in growth if (n.index + 1) << n.level <= self.size]).delete()
            Checkpoint.objects.filter(log=self.log.name, size__gt=self.size).delete()
        witness.file_of(self.log).unlink()
        if head:
            witness.file_of(self.log).write_text(self.head)


def lodge(count: int) -> None:
    """Leaves of the certificate log."""
    size = store.size_of(CERTIFICATES)
    store.add_leaves(CERTIFICATES, size, [tree.leaf_hash(bytes([size + n])) for n in range(count)])


@pytest.fixture(params=[LEDGER, CERTIFICATES], ids=lambda log: log.name)
def backup(request: pytest.FixtureRequest, grow: Grow, publish: Publish) -> Backup:
    """A backup of a log, which has grown and been published since."""
    log: Log = request.param
    more: Callable[[int], None] = grow if log is LEDGER else lodge
    grow(2)
    lodge(2)
    publish(LEDGER)
    publish(log)
    made = Backup.of(log)
    more(3)
    publish(log)
    return made


@pytest.mark.parametrize("head", [True, False], ids=["head restored", "head missing"])
def test_a_database_that_went_back_is_refused_at_start_and_nothing_is_signed(
    backup: Backup, head: bool
) -> None:
    refuse_unsafe_start()
    assert list(witness_faults()) == []
    backup.restore(head=head)

    with pytest.raises(UnsafeStart, match="older than its published history"):
        refuse_unsafe_start()
    assert [fault.split(":")[0] for fault in witness_faults()] == [f"{backup.log.name} as published"]
    signed = Checkpoint.objects.count()
    with pytest.raises(LedgerForked, match="older than its published history"):
        checkpoints.sign_now(backup.log)
    assert Checkpoint.objects.count() == signed
    # The others are told by the file.
    with pytest.raises(LedgerForked):
        witness.check_not_forked(backup.log, store.size_of(backup.log))


def witness_faults() -> list[str]:
    return [str(fault) for fault in faults() if fault.place.endswith(("as published", "as signed last"))]


def test_another_history_that_grew_beyond_the_published_one_is_refused(grow: Grow, publish: Publish) -> None:
    grow(2)
    publish(LEDGER)
    backup = Backup.of(LEDGER)
    grow(1)
    publish(LEDGER)
    backup.restore(head=True)
    grow(4)
    with pytest.raises(LedgerForked, match="not those that were signed"):
        checkpoints.sign_now(LEDGER)


@pytest.mark.parametrize("head", [True, False], ids=["head restored", "head missing"])
def test_the_way_out_is_to_reconcile(backup: Backup, head: bool, publish: Publish, grow: Grow) -> None:
    published = Checkpoint.objects.filter(log=backup.log.name).latest("size").size
    backup.restore(head=head)
    with pytest.raises(CommandError, match="Set SMKI_LOG_ORIGIN"):
        call_command("reconcile_ledger", reason="Disk lost")
    said = io.StringIO()
    with override_settings(ENVIRONMENT=Environment(log_origin=NEW_NAME)):
        call_command("reconcile_ledger", reason="Disk lost", stdout=said)
        assert f"{published - backup.size} published entries" in said.getvalue()
        breaks = [
            json.loads(text.content)["facts"]
            for text in EntryText.objects.filter(event="ledger.break_recorded")
        ]
        (broken,) = (each for each in breaks if each["log"] == backup.log.name)
        assert (broken["signed_size"], broken["signed_as"]) == (
            published,
            backup.log.origin.removesuffix("-2"),
        )

        refuse_unsafe_start()
        grow(1)
        lodge(1)
        assert publish(LEDGER).note.startswith(NEW_NAME)
        assert publish(CERTIFICATES).note.startswith("smki-pma.example/certificates-2")
        assert witness_faults() == []
        with pytest.raises(CommandError, match="nothing to reconcile"):
            call_command("reconcile_ledger", reason="Once more")


def test_a_new_name_alone_is_no_way_out(backup: Backup) -> None:
    backup.restore(head=False)
    with override_settings(ENVIRONMENT=Environment(log_origin=NEW_NAME)), pytest.raises(LedgerForked):
        checkpoints.sign_now(backup.log)


def test_the_newest_of_many_sizes_is_found_in_a_few_listings(
    grow: Grow, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    grow(1)
    first = publish(LEDGER)
    for size in (999, 1_000, 41_999, 42_000, 7_041_999, 1_000_000_000):
        first.size, first.note = size, note_of(size)
        copies.keep(first)
    storage, listed = storages["checkpoints"], []

    def listdir(folder: str) -> Any:
        listed.append(folder)
        return type(storage).listdir(storage, folder)

    monkeypatch.setattr(storage, "listdir", listdir)
    assert [head.size for head in copies.newest(LEDGER)] == [1_000_000_000]
    assert len(listed) == 5


def note_of(size: int) -> str:
    return f"{LEDGER.origin}\n{size}\n{'A' * 43}=\n\n\N{EM DASH} nobody AAAA\n"


class TestStorageAway:
    @pytest.fixture
    def away(self, grow: Grow, publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
        grow(2)
        publish(LEDGER)
        grow(1)

        def listdir(folder: str) -> Any:
            raise ConnectionError("no route")

        monkeypatch.setattr(storages["checkpoints"], "listdir", listdir)

    @pytest.mark.usefixtures("away")
    def test_a_process_that_has_compared_goes_on_signing(self, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.WARNING, "smki_pma.ledger"):
            assert checkpoints.sign_now(LEDGER).size == store.size_of(LEDGER)
        assert "no route" in caplog.text

    @pytest.mark.usefixtures("away")
    def test_a_new_process_starts_and_signs_nothing(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(witness, "_read_before", {})
        refuse_unsafe_start()
        assert "no route" in caplog.text
        with pytest.raises(copies.CopiesUnreadable, match="no route"):
            checkpoints.sign_now(LEDGER)

    @pytest.mark.usefixtures("away")
    def test_nobody_reconciles_without_knowing_what_was_published(self) -> None:
        with pytest.raises(CommandError, match="Without them nobody can say"):
            call_command("reconcile_ledger", reason="Disk lost")


def test_what_is_no_checkpoint_is_not_passed_over(grow: Grow, publish: Publish, data_folder: Path) -> None:
    grow(1)
    publish(LEDGER)
    (kept,) = (data_folder / "checkpoints").rglob("*.txt")
    kept.write_text("half a no")
    with pytest.raises(copies.CopiesUnreadable, match="This is no checkpoint"):
        copies.newest(LEDGER)
