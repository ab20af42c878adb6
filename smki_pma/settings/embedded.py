"""One machine, SQLite, everything under the data folder, the sample community on."""

from typing import Any

from smki_pma.settings.base import *
from smki_pma.settings.base import DATA_DIR, ENVIRONMENT, SQLITE_OPTIONS

SMKI_CLOCK_FILE = ENVIRONMENT.clock_file
# Processes that make run starts get a key of their own installation; a bare manage.py check needs any key.
SECRET_KEY = SECRET_KEY or "for commands that sign nothing"
DATABASES: dict[str, Any] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "smki.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
    }
}
# Sign-in limits have to hold across the web's processes.
CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # The interface's limits count in each web process for itself: nothing is written to SQLite for a message read.
    "limits": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "limits"},
}
CELERY_BROKER_URL = "folder://localhost"  # smki_pma.jobs.transport
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"folder": str(DATA_DIR / "wake")}
SILENCED_SYSTEM_CHECKS = [
    "security.W004",
    "security.W008",
    "security.W012",
    "security.W016",
]  # plain HTTP on localhost
