"""`parties`: a subscriber and DCC's officers, without Authorities: made quickly, once per module."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.samples.certification import PASSPHRASE, Certification, certification, use_keys_in
from tests.samples.certification_fixtures import key_folder

__all__ = ["_parties", "key_folder", "parties"]


@pytest.fixture(scope="module")
def _parties(django_db_setup: None, django_db_blocker: Any) -> Iterator[Certification]:
    with django_db_blocker.unblock():
        everything = transaction.atomic()
        everything.__enter__()
        made = certification()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        everything.__exit__(None, None, None)


@pytest.fixture
def parties(
    _parties: Certification, db: None, settings: Any, key_folder: Any, monkeypatch: Any
) -> Certification:
    """This process acts as a worker: it holds the keys."""
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", PASSPHRASE)
    use_keys_in(settings, key_folder)
    return _parties
