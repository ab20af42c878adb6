"""python -m smki_pma.deploy.data: bring an embedded installation's data up to this release."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smki_pma.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable")
    collect_static()
    if settings.SMKI_SAMPLE_COMMUNITY:
        call_command("load_community", verbosity=0)


def collect_static() -> None:
    """Hash and compress the static files, unless none has changed since."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    newest = str(max(_changes()))
    if stamp.exists() and stamp.read_text() == newest:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(newest)


def _changes() -> list[float]:
    files = [f for folder in settings.STATICFILES_DIRS for f in Path(folder).rglob("*")]
    return [0.0, *(f.stat().st_mtime for f in files)]


if __name__ == "__main__":
    main()
