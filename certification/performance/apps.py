from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "certification.performance"
    label = "performance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from certification.performance import duties, guards, navigation  # noqa: F401
