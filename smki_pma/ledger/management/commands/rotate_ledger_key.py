"""Put a new signing key into use."""

import getpass

from django.core.management.base import BaseCommand, CommandParser

from smki_pma.ledger.actors import Actor
from smki_pma.ledger.keys import put_new_key_into_use, vkey


class Command(BaseCommand):
    help = "Makes a new key for tree heads; earlier keys stay published. Run it where the worker runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--reason", required=True)

    def handle(self, *, reason: str, **options: object) -> None:
        key = put_new_key_into_use(reason=reason, by=Actor.owner(getpass.getuser()))
        self.stdout.write(f"Tell everybody who verifies: {vkey(key)}")
