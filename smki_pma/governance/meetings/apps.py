from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "smki_pma.governance.meetings"
    label = "meetings"
    default_auto_field = "django.db.models.BigAutoField"
