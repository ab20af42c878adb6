from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "smki_pma.governance.membership"
    label = "membership"
    default_auto_field = "django.db.models.BigAutoField"
