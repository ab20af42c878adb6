"""Go on from a database that is older than its published history."""

import getpass

from django.core.management.base import BaseCommand, CommandError, CommandParser

from smki_pma.ledger.actors import Actor
from smki_pma.ledger.reconciling import CannotReconcile, reconcile


class Command(BaseCommand):
    help = (
        "After restoring a backup that is older than a published checkpoint: starts a new log identity "
        "(set SMKI_LOG_ORIGIN to a new name first) and records the break in the ledger."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", required=True, help="what happened; it stays in the ledger")

    def handle(self, *, reason: str, **options: object) -> None:
        try:
            lost = reconcile(reason=reason, by=Actor.owner(getpass.getuser()))
        except CannotReconcile as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"The break is recorded: {lost} published entries are not in this database.")
