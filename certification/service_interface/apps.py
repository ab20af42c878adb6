from django.apps import AppConfig


class ServiceInterfaceConfig(AppConfig):
    name = "certification.service_interface"
    label = "service_interface"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from certification.service_interface import guards, navigation  # noqa: F401
