from importlib import import_module

from django.apps import AppConfig

from smki_pma.deploy.start import check_at_start


class LedgerConfig(AppConfig):
    name = "smki_pma.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in ("history", "own_guards", "guarding", "checks"):
            import_module(f"smki_pma.ledger.{module}")
        check_at_start(_fork_found)
        check_at_start(_guard_missing)


def _fork_found() -> str:
    """A database older than its published history would tell a second one (see the runbook)."""
    from smki_pma.ledger.logs import SIGNED_LOGS
    from smki_pma.ledger.witness import fork_found

    return " ".join(found for log in SIGNED_LOGS if (found := fork_found(log)))


def _guard_missing() -> str:
    """What must never change could be changed unseen; only migrate, which is the cure, runs without guards."""
    from django.db import connection

    from smki_pma.ledger.guarding import missing

    names = ", ".join(piece.name for piece in missing(connection))
    return (
        f"Guards are missing from the database ({names}). Run manage.py migrate; find out who removed them."
        if names
        else ""
    )
