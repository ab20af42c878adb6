from importlib import import_module

from django.apps import AppConfig


class LintingConfig(AppConfig):
    name = "certification.linting"
    label = "linting"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("certification.linting.guards")
        import_module("certification.linting.navigation")
