from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "smki_pma.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import smki_pma.celery  # noqa: F401  the shared tasks need the app

        autodiscover_modules("tasks")
