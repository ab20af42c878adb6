"""Erase what entries say, for good."""

import getpass

from django.core.management.base import BaseCommand, CommandError, CommandParser

from smki_pma.ledger.actors import Actor
from smki_pma.ledger.erasing import CannotErase, erase_entry_text


class Command(BaseCommand):
    help = "Erases the text of entries; the entries and all proofs stay, and an entry says what was erased."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("numbers", type=int, nargs="+")
        parser.add_argument("--reason", required=True, help="why; it stays in the ledger for everybody")

    def handle(self, *, numbers: list[int], reason: str, **options: object) -> None:
        try:
            count = erase_entry_text(numbers=numbers, reason=reason, by=Actor.owner(getpass.getuser()))
        except CannotErase as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{count} texts erased. Remember backups and exports that still hold them.")
