"""Django's flush, for the test suite alone: a ledger is never emptied."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections
from django.test.utils import _TestState

from smki_pma.ledger.guarding import lifted, put_reference_rows


class Command(flush.Command):
    help = "Empties the test database, lifting the guards for it; refused everywhere else."

    def handle(self, **options: Any) -> None:
        if not hasattr(_TestState, "saved_data"):
            raise CommandError("The ledger is append-only: this database cannot be emptied. Make a new one.")
        connection = connections[options["database"]]
        with lifted(connection, "delete", "truncate"):
            super().handle(**options)
        put_reference_rows()
