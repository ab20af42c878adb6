"""Fixtures: a SoftHSM2 token for the whole run, and this process as a worker that uses it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.samples.soft_token import PIN, make_token, use_token

__all__ = ["_soft_token", "token"]


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
