"""A ledger with something in it."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import storages
from django.test import override_settings

from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties.models import Organisation

_numbers = itertools.count()
SECRETARY = Actor(person_id=uuid4(), name="Sam Secretary", role="secretariat")


@service
def found(*, name: str, by: Actor, audience: str = "public", checkpoint: bool = False) -> Organisation:
    organisation = Organisation(name=name)
    organisation.save()
    record(
        "organisation.founded",
        clause="L1.1",
        by=by,
        subject=organisation,
        facts={"name": name},
        audience=audience,
        party_id=organisation.pk if audience == "party" else None,
        checkpoint=checkpoint,
    )
    return organisation


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path) -> Iterator[Path]:
    """Keys, heads and checkpoints of this test alone."""
    checkpoints = {
        "BACKEND": "smki_pma.files.storage.DurableFileSystemStorage",
        "OPTIONS": {"location": tmp_path / "checkpoints"},
    }
    with override_settings(
        DATA_DIR=tmp_path,
        SMKI_WITNESS_DIR=tmp_path / "ledger",
        STORAGES=settings.STORAGES | {"checkpoints": checkpoints},
    ):
        yield tmp_path
    storages.__dict__.pop("backends", None)


@pytest.fixture
def grow(db: None) -> Callable[..., None]:
    """Call it with a number to add so many entries."""

    def add(count: int, audience: str = "public") -> None:
        for _ in range(count):
            found(name=f"Organisation {next(_numbers)}", by=SECRETARY, audience=audience)

    return add
