"""Fixtures: a SoftHSM2 token for the whole run, and this process as a worker that uses it.

A plugin and not to be imported: imported by two modules, the token would be made twice, and the library, which
reads once where the token is, would show a process the one and its forked child the other.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.samples.soft_token import PIN, make_token, use_token


@pytest.fixture(scope="session")
def _soft_token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in make_token(tmp_path_factory.mktemp("softhsm") / "hsm").items():
            environment.setenv(name, value)
        yield


@pytest.fixture
def token(_soft_token: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMKI_PKCS11_PIN", PIN)
    monkeypatch.delenv("SMKI_CA_PASSPHRASE", raising=False)
    use_token(settings)
