"""`manage.py load_weak_keys`: the keys on a list are refused from now on."""

import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from certification.weak_keys.services import load_weak_keys
from smki_pma.clauses import Refusal
from smki_pma.ledger.actors import Actor


class Command(BaseCommand):
    help = (
        "Refuse requests for known weak keys. The file has one key on a line: the SHA-256 of its "
        "SubjectPublicKeyInfo, in hexadecimal (as pwnedkeys.com writes it) or Base64; # begins a comment. "
        "See docs/weak-keys.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="whose list it is, for people")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
            by = Actor.owner(getpass.getuser())
            loaded = load_weak_keys(content=content, source=options["source"], by=by)
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from error
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} ({refusal.clause.id})") from refusal
        self.stdout.write(f"{loaded}: {loaded.count} keys, SHA-256 of the file {loaded.file_sha256}")
