"""Models whose rows change only inside a service."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)

_allowed: ContextVar[bool] = ContextVar("writing allowed", default=False)


class UngovernedWrite(RuntimeError):
    """Something tried to change a governed row without a service, so without an entry in the ledger."""


@contextmanager
def writing_allowed() -> Iterator[None]:
    """Inside, governed rows may be written. For the gate, migrations and tests."""
    token = _allowed.set(True)
    try:
        yield
    finally:
        _allowed.reset(token)


def require_gate(model: type[models.Model], doing: str) -> None:
    """Raise UngovernedWrite unless a service is running."""
    if not _allowed.get():
        raise UngovernedWrite(f"{model._meta.label}: {doing} happens only inside a service.")


class GovernedQuerySet(models.QuerySet[M]):
    """A query set whose writes need the gate."""

    def update(self, **kwargs: Any) -> int:
        require_gate(self.model, "update")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        require_gate(self.model, "delete")
        return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[M]:
        require_gate(self.model, "bulk_create")
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        require_gate(self.model, "bulk_update")
        return super().bulk_update(*args, **kwargs)


GovernedManager = models.Manager.from_queryset(GovernedQuerySet)


class GovernedModel(models.Model):
    """A row that only a service writes; its managers derive from GovernedQuerySet (checked at start)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    objects = GovernedManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        require_gate(type(self), "save")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        require_gate(type(self), "delete")
        return super().delete(*args, **kwargs)
