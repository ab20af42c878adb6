"""The store keeps bytes under their hash and never hands out others."""

import io

import pytest
from django.core.files.storage import storages

from smki_pma.files import store
from smki_pma.files.store import DamagedFile


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    files = {"BACKEND": "smki_pma.files.storage.DurableFileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "files": files}
    return tmp_path


def path_of(folder, stored):
    return folder / stored.sha256[:2] / stored.sha256


@pytest.mark.parametrize("content", [b"hello", io.BytesIO(b"hello")])
def test_bytes_come_back(content):
    stored = store.put(content)
    assert stored.size == 5
    assert store.read_verified(stored.sha256) == b"hello"


def test_the_same_bytes_are_stored_once(own_folder):
    assert store.put(b"twice") == store.put(b"twice")
    assert len([f for f in own_folder.rglob("*") if f.is_file()]) == 1


@pytest.mark.parametrize("damage", [b"hellx", b"", b"hello and more"])
def test_damaged_bytes_are_never_served(own_folder, damage):
    stored = store.put(b"hello")
    path_of(own_folder, stored).write_bytes(damage)
    with pytest.raises(DamagedFile, match="damaged"):
        store.open_verified(stored.sha256)


def test_a_missing_file_is_damage(own_folder):
    stored = store.put(b"hello")
    path_of(own_folder, stored).unlink()
    with pytest.raises(DamagedFile, match="missing"):
        store.open_verified(stored.sha256)


def test_storing_again_heals_a_damaged_copy(own_folder):
    stored = store.put(b"hello")
    path_of(own_folder, stored).write_bytes(b"hellx")
    store.put(b"hello")
    assert store.read_verified(stored.sha256) == b"hello"


def test_a_write_that_fails_leaves_nothing(own_folder):
    class Failing(io.BytesIO):
        def chunks(self):
            yield b"half"
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        storages["files"]._save("ab/whole", Failing())
    assert [f for f in own_folder.rglob("*") if f.is_file()] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63])
def test_only_hashes_are_names(name):
    with pytest.raises(DamagedFile, match="not named by a SHA-256"):
        store.open_verified(name)


def test_damage_is_found_by_the_regular_check(own_folder):
    good, bad = store.put(b"good"), store.put(b"bad")
    path_of(own_folder, bad).write_bytes(b"worse")
    assert [damage.sha256 for damage in store.find_damage([good.sha256, bad.sha256])] == [bad.sha256]
