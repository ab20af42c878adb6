"""Check the ledger in the database: rows, tree, checkpoints, texts, guards."""

from django.core.management.base import BaseCommand, CommandError

from smki_pma.ledger import store
from smki_pma.ledger.integrity import faults
from smki_pma.ledger.logs import LEDGER


class Command(BaseCommand):
    help = "Checks every entry, text, node, checkpoint and guard, and names each place that is wrong."

    def handle(self, **options: object) -> None:
        count = 0
        for fault in faults():
            self.stdout.write(f"FAULT at {fault}")
            count += 1
        if count:
            raise CommandError(f"The ledger has {count} faults.")
        self.stdout.write(f"The ledger of {store.size_of(LEDGER)} entries holds.")
