"""`manage.py write_interface`: docs/interface anew from what the SMKI Service Interface runs on."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from certification.service_interface.machine import api, description

FILES = {"openapi-live.json": api.LIVE, "openapi-test.json": api.TEST}


def folder() -> Path:
    """Where the descriptions are kept."""
    base: Path = settings.BASE_DIR
    return base / "docs" / "interface"


class Command(BaseCommand):
    help = "Write docs/interface from what the SMKI Service Interface runs on."

    def handle(self, *args: Any, **options: Any) -> None:
        folder().mkdir(exist_ok=True)
        for name, described in FILES.items():
            (folder() / name).write_text(description.text_of(described))
        self.stdout.write(f"Written: {folder()}")
