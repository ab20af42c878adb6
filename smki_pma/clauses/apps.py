from django.apps import AppConfig


class ClausesConfig(AppConfig):
    name = "smki_pma.clauses"
    label = "clauses"
    default_auto_field = "django.db.models.BigAutoField"
