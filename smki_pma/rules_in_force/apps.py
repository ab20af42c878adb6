from django.apps import AppConfig


class RulesInForceConfig(AppConfig):
    name = "smki_pma.rules_in_force"
    label = "rules_in_force"
    default_auto_field = "django.db.models.BigAutoField"
