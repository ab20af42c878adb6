"""A file is there whole or not at all, and stays after a power cut."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from smki_pma.files.whole import write_whole


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_it_takes_the_place_of_what_stood_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"before, and longer")
    write_whole(file, [b"af", b"ter"], mode=0o640)
    assert (file.read_bytes(), names(tmp_path)) == (b"after", ["file"])


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_the_permissions_are_those_asked_for(tmp_path: Path, mode: int) -> None:
    before = os.umask(0o077)
    try:
        write_whole(tmp_path / "file", [b"content"], mode=mode)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == mode


def test_once_is_never_over_another(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_whole(file, [b"first"], mode=0o600, once=True)
    with pytest.raises(FileExistsError):
        write_whole(file, [b"second"], mode=0o600, once=True)
    assert (file.read_bytes(), names(tmp_path)) == (b"first", ["file"])


@pytest.mark.parametrize("once", [False, True])
def test_a_write_that_fails_leaves_all_as_it_was(tmp_path: Path, once: bool) -> None:
    def failing() -> Iterator[bytes]:
        yield b"half"
        raise OSError("disk full")

    (tmp_path / "file").write_bytes(b"before")
    with pytest.raises(OSError, match="disk full"):
        write_whole(tmp_path / "file", failing(), mode=0o600, once=once)
    assert ((tmp_path / "file").read_bytes(), names(tmp_path)) == (b"before", ["file"])


@pytest.mark.parametrize("once", [False, True])
def test_the_bytes_are_on_disk_before_the_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, once: bool
) -> None:
    file, synced = tmp_path / "file", []
    fsync = os.fsync

    def note(handle: int) -> None:
        status = os.fstat(handle)
        synced.append((stat.S_ISDIR(status.st_mode), None if file.exists() else status.st_size))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", note)
    write_whole(file, [b"content"], mode=0o600, once=once)
    assert synced == [(False, len(b"content")), (True, None)]
