from importlib import import_module

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "smki_pma.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("history", "own_guards", "guarding", "checks"):
            import_module(f"smki_pma.ledger.{module}")
