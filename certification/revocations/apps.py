from importlib import import_module

from django.apps import AppConfig


class RevocationsConfig(AppConfig):
    name = "certification.revocations"
    label = "revocations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("guards", "entries", "motions", "suspended"):
            import_module(f"{self.name}.{module}")
