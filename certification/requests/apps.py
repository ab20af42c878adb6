from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "certification.requests"
    label = "requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from certification.requests import guards, navigation, release  # noqa: F401
