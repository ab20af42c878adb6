from django.apps import AppConfig


class BatchesConfig(AppConfig):
    name = "certification.batches"
    label = "batches"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from certification.batches import guards, release  # noqa: F401
