"""`manage.py write_error_codes`: docs/error-codes.md anew from the tables."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from certification.service_interface.error_codes import document


class Command(BaseCommand):
    help = "Write docs/error-codes.md from the tables that the services answer from."

    def handle(self, *args: Any, **options: Any) -> None:
        file = settings.BASE_DIR / "docs" / "error-codes.md"
        file.write_text(document())
        self.stdout.write(f"Written: {file}")
