"""`manage.py write_lints`: docs/lints.md anew from the lints."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Write docs/lints.md from the lints."

    def handle(self, *args: Any, **options: Any) -> None:
        # Here and not above: whoever lists the commands needs no linter.
        from certification.linting.documentation import document

        file = settings.BASE_DIR / "docs" / "lints.md"
        file.write_text(document())
        self.stdout.write(f"Written: {file}")
