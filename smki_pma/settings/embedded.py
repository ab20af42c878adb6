"""One machine, SQLite, everything under the data folder, the sample community on."""

from smki_pma.settings.base import *  # noqa: F403
from smki_pma.settings.base import DATA_DIR, ENVIRONMENT, SQLITE_OPTIONS

SECRET_KEY = ENVIRONMENT.secret_key.get_secret_value() or "embedded-only-not-secret"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "smki.sqlite3",
        "OPTIONS": SQLITE_OPTIONS,
    }
}
