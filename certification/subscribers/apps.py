from django.apps import AppConfig


class SubscribersConfig(AppConfig):
    name = "certification.subscribers"
    label = "subscribers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from certification.subscribers import guards  # noqa: F401
