from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "smki_pma.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
