"""Operators of DCC and a key folder of the test's own."""

from pathlib import Path
from typing import Any

import pytest

from tests.samples.certification import use_keys_in
from tests.samples.community import party, person_in
from tests.samples.operators import Operators


@pytest.fixture
def operators(db: None) -> Operators:
    dcc = party("DCC", "dcc", tests_confirmed=False)
    return Operators(
        first=person_in("dcc-ca-operator", "Olga Operator", for_party=dcc),
        second=person_in("dcc-ca-operator", "Otto Operator", for_party=dcc),
        registrar=person_in("dcc-ra-officer", "Rob Registrar", for_party=dcc),
    )


@pytest.fixture
def keys(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This process may hold CA keys, as a worker may; gives their folder."""
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", "a passphrase of the tests only")
    use_keys_in(settings, tmp_path / "keys")
    return tmp_path / "keys"
