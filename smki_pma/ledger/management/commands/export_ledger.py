"""Write the ledger to a file that the stand-alone verifier checks."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from smki_pma.ledger.exporting import export
from smki_pma.ledger.models import AUDIENCES
from smki_pma.ledger.readers import PUBLIC, Reader

EVERYTHING = Reader(audiences=frozenset(AUDIENCES), party_ids=frozenset())


class Command(BaseCommand):
    help = "Writes every leaf and checkpoint to a file, with the public texts, or with all texts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--all-texts", action="store_true", help="confidential texts too: guard the file")

    def handle(self, *, file: Path, all_texts: bool, **options: object) -> None:
        with file.open("w", encoding="utf-8", newline="\n") as stream:
            stream.writelines(export(EVERYTHING if all_texts else PUBLIC))
        self.stdout.write(f"Written to {file}. Check it with smki_pma/ledger/verifier.py export {file}")
