from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "smki_pma.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
