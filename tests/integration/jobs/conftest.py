from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from smki_pma.jobs import registry
from smki_pma.jobs.models import Job
from smki_pma.jobs.queue import enqueue


@pytest.fixture(autouse=True)
def handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the kinds that the test registers exist."""
    monkeypatch.setattr(registry, "_handlers", {})
    monkeypatch.setattr(registry, "_recurring", {})


@pytest.fixture
def queued() -> Callable[..., Job]:
    def make(
        kind: str = "test.kind", key: str = "one", payload: dict[str, Any] | None = None, **more: Any
    ) -> Job:
        with transaction.atomic():
            return enqueue(kind, payload or {}, key=key, **more)

    return make
