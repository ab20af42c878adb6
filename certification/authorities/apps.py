from importlib import import_module

from django.apps import AppConfig


class AuthoritiesConfig(AppConfig):
    name = "certification.authorities"
    label = "authorities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("certification.authorities.guards")
        import_module("certification.authorities.navigation")
