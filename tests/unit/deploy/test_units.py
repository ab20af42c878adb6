"""In production web and workers are different users of one group: each reads what it must of the other's files."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from smki_pma.deploy import start
from smki_pma.files.storage import DurableFileSystemStorage
from smki_pma.ledger import keys, witness
from smki_pma.ledger.logs import LEDGER
from smki_pma.ledger.witness import Head
from smki_pma.settings import base

UNITS = sorted((Path(start.__file__).parent / "units").glob("*.service"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def as_the_units_have_it() -> Iterator[None]:
    found = {re.search(r"^UMask=(\d+)$", unit.read_text(), re.MULTILINE)[1] for unit in UNITS}  # type: ignore[index]
    assert found == {"0027"}
    before = os.umask(int(found.pop(), 8))
    yield
    os.umask(before)


@pytest.mark.usefixtures("as_the_units_have_it")
def test_the_web_reads_the_last_head_but_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setattr(settings, "SMKI_WITNESS_DIR", None, raising=False)
    key = keys.folder() / "key"
    keys.write_private(key, b"secret")
    witness.write(LEDGER, Head(origin="an origin", size=1, root=bytes(32)))
    assert (mode(tmp_path / "ledger"), mode(witness.file_of(LEDGER))) == (0o750, 0o640)
    assert (mode(key.parent), mode(key)) == (0o700, 0o600)


@pytest.mark.usefixtures("as_the_units_have_it")
def test_both_write_files(tmp_path: Path) -> None:
    options = base.STORAGES["files"]["OPTIONS"] | {"location": tmp_path / "files"}
    DurableFileSystemStorage(**options).save("ab/cd/abcd", ContentFile(b"content"))
    assert {mode(tmp_path / "files" / folder) for folder in ("ab", "ab/cd")} == {0o770}
    assert mode(tmp_path / "files/ab/cd/abcd") & 0o040
