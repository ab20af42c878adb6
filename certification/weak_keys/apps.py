from importlib import import_module

from django.apps import AppConfig


class WeakKeysConfig(AppConfig):
    name = "certification.weak_keys"
    label = "weak_keys"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("certification.weak_keys.guards")
