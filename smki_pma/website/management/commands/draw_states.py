"""Writes docs/states/ from the tables in every states.py."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from smki_pma.website.state_diagrams import drawings


class Command(BaseCommand):
    help = "Draw every life cycle into docs/states/."

    def handle(self, *args: Any, **options: Any) -> None:
        folder = settings.BASE_DIR / "docs" / "states"
        folder.mkdir(parents=True, exist_ok=True)
        wanted = drawings()
        for stale in {file.name for file in folder.glob("*.md")} - wanted.keys():
            (folder / stale).unlink()
        for name, text in wanted.items():
            (folder / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(wanted) - 1} life cycles drawn.")
