"""Models whose rows change only inside a service."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)

_allowed: ContextVar[bool] = ContextVar("writing allowed", default=False)
_by_hand: ContextVar[bool] = ContextVar("writing by hand", default=False)


class UngovernedWrite(RuntimeError):
    """Something tried to change a governed row without a service, so without an entry in the ledger."""


@contextmanager
def writing_allowed(*, by_hand: bool = False) -> Iterator[None]:
    """Inside, governed rows may be written. For the gate, migrations and, by hand, tests."""
    allowed, hand = _allowed.set(True), _by_hand.set(by_hand)
    try:
        yield
    finally:
        _by_hand.reset(hand)
        _allowed.reset(allowed)


def is_writing_allowed() -> bool:
    """Whether a service (or a migration, or a test by hand) is running."""
    return _allowed.get()


def require_gate(model: type[models.Model], doing: str) -> None:
    """Raise UngovernedWrite unless a service is running."""
    if not _allowed.get():
        raise UngovernedWrite(f"{model._meta.label}: {doing} happens only inside a service.")


def require_row_by_row(model: type[models.Model], doing: str) -> None:
    """Raise UngovernedWrite also where the model has a row history, which does not see writing in bulk."""
    require_gate(model, doing)
    if hasattr(model._meta, "simple_history_manager_attribute") and not _by_hand.get():
        raise UngovernedWrite(f"{model._meta.label}: {doing} passes its row history by. Save each row.")


class GovernedQuerySet(models.QuerySet[M]):
    """A query set whose writes need the gate."""

    def update(self, **kwargs: Any) -> int:
        require_row_by_row(self.model, "update")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        require_gate(self.model, "delete")
        return super().delete()

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[M]:
        require_row_by_row(self.model, "bulk_create")
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        require_row_by_row(self.model, "bulk_update")
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

    @classmethod
    def check_bulk_write(cls, doing: str) -> None:
        """What smki_pma.statements asks before it inserts."""
        require_row_by_row(cls, doing)
