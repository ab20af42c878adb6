from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "repository.certificates"
    label = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from repository.certificates import guards, navigation, verifying  # noqa: F401
