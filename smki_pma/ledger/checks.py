"""System checks of the gate and of the guards."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from smki_pma.ledger.governed import GovernedModel, GovernedQuerySet
from smki_pma.ledger.guarding import missing


@register(Tags.models)
def check_governed_managers(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    """Every manager of a governed model needs the gate for its writes."""
    return [
        Error(
            f"The manager {manager.name} of {model._meta.label} writes without the gate.",
            hint="Derive it from smki_pma.ledger.gate.GovernedManager.",
            obj=model,
            id="ledger.E001",
        )
        for model in apps.get_models()
        if issubclass(model, GovernedModel)
        for manager in model._meta.managers
        if not isinstance(manager.get_queryset(), GovernedQuerySet)
    ]


@register(Tags.models)
def check_sqlite_is_immediate(app_configs: object, **kwargs: Any) -> list[CheckMessage]:
    """On SQLite the order of the ledger rests on IMMEDIATE transactions."""
    return [
        Error(
            f"The SQLite database {alias} must have transaction_mode IMMEDIATE in its OPTIONS.",
            id="ledger.E002",
        )
        for alias in connections
        if connections[alias].vendor == "sqlite"
        and connections[alias].settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE"
    ]


@register(Tags.database)
def check_guards_stand(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every registered guard is in the database. A warning, since migrate, which runs this, is the cure."""
    return [
        Warning(
            f"The guard {piece.name} of {piece.table} is not in the database {alias}.",
            hint="Run manage.py migrate, and find out who removed it.",
            id="ledger.W001",
        )
        for alias in databases or ()
        for piece in missing(connections[alias])
    ]
