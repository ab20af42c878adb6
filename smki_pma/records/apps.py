from importlib import import_module

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "smki_pma.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("smki_pma.records.guards")
