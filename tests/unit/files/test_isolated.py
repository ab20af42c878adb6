"""The child that reads hostile bytes knows nothing that is worth stealing."""

import pytest

from smki_pma.files.isolated import child_environment, inspect_and_read
from smki_pma.files.kinds import FileKind
from tests.samples.office_files import pdf


def test_the_child_gets_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMKI_SECRET_KEY", "canary")
    monkeypatch.setenv("SMKI_DATABASE_URL", "postgresql://canary")

    assert not any("canary" in value for value in child_environment().values())


def test_the_child_reads_without_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMKI_PROFILE", "no such profile")

    assert inspect_and_read(pdf("Keys are kept apart")).kind is FileKind.PDF
