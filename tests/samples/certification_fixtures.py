"""Fixtures: a subscriber and working Authorities, made once per module and undone at its end."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import transaction

from tests.samples.certification import (
    PASSPHRASE,
    Certification,
    certification,
    make_authorities,
    use_keys_in,
)

__all__ = ["_certification", "key_folder", "them"]


@pytest.fixture(scope="module")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("ca-keys")


@pytest.fixture(scope="module")
def _certification(django_db_setup: None, django_db_blocker: Any, key_folder: Any) -> Iterator[Certification]:
    patch = pytest.MonkeyPatch()
    patch.setenv("SMKI_CA_PASSPHRASE", PASSPHRASE)
    patch.setattr(configured, "SMKI_CA_KEY_DIR", key_folder, raising=False)
    patch.setattr(configured, "SMKI_PROCESS", "worker", raising=False)
    with django_db_blocker.unblock():
        everything = transaction.atomic()
        everything.__enter__()
        made = certification()
        make_authorities(made.operator, made.second_operator)
    patch.undo()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        everything.__exit__(None, None, None)


@pytest.fixture
def them(
    _certification: Certification, db: None, settings: Any, key_folder: Any, monkeypatch: Any
) -> Certification:
    """This process acts as a worker: it holds the keys."""
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", PASSPHRASE)
    use_keys_in(settings, key_folder)
    return _certification
