from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "smki_pma.calendar"
    label = "calendar"
    default_auto_field = "django.db.models.BigAutoField"
