"""Row history: what a row looked like before and after an act. People read it, no logic does.

Each row of history carries the act that made it, so that it can be matched with the ledger. It is written by
the save of the row itself, inside the gate, and never changed afterwards.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.dispatch import receiver
from simple_history.manager import HistoricalQuerySet
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record

from smki_pma.calendar import clock
from smki_pma.ledger.gate import current_act_id, current_actor
from smki_pma.ledger.governed import (
    GovernedManager,
    GovernedModel,
    GovernedQuerySet,
    UngovernedWrite,
    is_writing_allowed,
    require_gate,
)
from smki_pma.ledger.guards import append_only


class HistoryQuerySet(HistoricalQuerySet, GovernedQuerySet[Any]):  # type: ignore[misc]
    """Rows of history; writing needs the gate."""


class HistoryRow(models.Model):
    """What each row of history has beside the columns of its model.

    history_actor: who acted, as the ledger names them. history_user_id: that person, without a foreign key.
    """

    history_actor = models.CharField(max_length=200, blank=True)

    objects = GovernedManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        require_gate(type(self), "row history")
        super().save(*args, **kwargs)


def _nobody(**kwargs: object) -> None:
    """Who is signed in decides nothing: the act says who acts."""


class RowHistory(HistoricalRecords):  # type: ignore[misc]
    """The history of a model's rows: `history = RowHistory(without=["text"])`.

    without: the columns left out: secrets, and texts that are frozen from the start, of which the row itself
    keeps the only copy. The history table is append-only.
    """

    def __init__(self, *, without: Sequence[str] = ()) -> None:
        super().__init__(
            bases=(HistoryRow,),
            excluded_fields=list(without),
            history_id_field=models.BigAutoField(),
            history_change_reason_field=models.UUIDField(null=True),
            history_user_id_field=models.UUIDField(null=True),
            get_user=_nobody,
            historical_queryset=HistoryQuerySet,
        )

    _date_indexing = False

    def create_history_model(self, model: type[models.Model], inherited: bool) -> type[models.Model]:
        history_model: type[models.Model] = super().create_history_model(model, inherited)
        append_only(history_model)
        return history_model

    def copy_fields(self, model: type[models.Model]) -> dict[str, Any]:
        """Only the row's key is looked up by, so only it has an index."""
        fields: dict[str, Any] = super().copy_fields(model)
        for field in fields.values():
            field.db_index = field.name == model._meta.pk.name
        return fields

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        if sender is self.cls and not issubclass(sender, GovernedModel):
            models.signals.pre_save.connect(self.require_gate_for_tracked, sender=sender, weak=False)

    def require_gate_for_tracked(
        self, instance: models.Model, update_fields: frozenset[str] | None = None, **kwargs: Any
    ) -> None:
        """Of a model that is written outside services too (a person's password), the tracked columns are not."""
        names = self._tracked(instance, update_fields)
        if is_writing_allowed() or instance._state.adding or not names:
            return
        stored = type(instance)._base_manager.filter(pk=instance.pk).values(*names).first() or {}
        changed = [name for name, value in stored.items() if value != getattr(instance, name)]
        if changed:
            raise UngovernedWrite(
                f"{instance._meta.label}: {', '.join(changed)} changes only inside a service."
            )

    def post_save(
        self,
        instance: models.Model,
        created: bool,
        using: str | None = None,
        update_fields: frozenset[str] | None = None,
        **kwargs: Any,
    ) -> None:
        """A save that touched no tracked column leaves no row; outside the gate it can touch none."""
        if self._tracked(instance, update_fields) and is_writing_allowed():
            super().post_save(instance, created, using=using, **kwargs)

    def _tracked(self, instance: models.Model, update_fields: frozenset[str] | None) -> list[str]:
        return [
            field.attname
            for field in self.fields_included(instance)
            if update_fields is None or {field.name, field.attname} & set(update_fields)
        ]


@receiver(pre_create_historical_record)
def carry_act(sender: object, *, history_instance: Any, **kwargs: object) -> None:
    """Fill in when, by which act and by whom; a page request is not needed."""
    history_instance.history_date = clock.now()
    act_id, actor = current_act_id(), current_actor()
    if act_id is not None:
        history_instance.history_change_reason = str(act_id)
    if actor is not None:
        history_instance.history_user_id = actor.person_id
        history_instance.history_actor = actor.name
