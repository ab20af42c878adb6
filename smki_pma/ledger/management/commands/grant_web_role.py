"""Give the web process's database role what it needs and no more."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from smki_pma.ledger.grants import CannotGrant, grant


class Command(BaseCommand):
    help = "PostgreSQL: lets a role use every table, but of the ledger's tables only INSERT and SELECT."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role")

    def handle(self, *, role: str, **options: object) -> None:
        try:
            tables = grant(role)
        except CannotGrant as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{role} may read and add to {', '.join(tables)}, and use every other table.")
