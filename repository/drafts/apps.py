from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "repository.drafts"
    label = "drafts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from repository.drafts import guards, motions, navigation  # noqa: F401
