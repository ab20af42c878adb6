"""The test suite: both databases, plain static storage, a clock that tests can set."""

import os
import tempfile
from pathlib import Path

from smki_pma.settings.base import *  # noqa: F403
from smki_pma.settings.base import SQLITE_OPTIONS, STORAGES

SECRET_KEY = "for tests only"
SMKI_SAMPLE_COMMUNITY = True
_folder = Path(os.environ.get("SMKI_TEST_DIR") or tempfile.mkdtemp(prefix="smki-test-"))
SMKI_CLOCK_FILE = Path(os.environ.get("SMKI_CLOCK_FILE", _folder / f"clock-{os.getpid()}"))
DATA_DIR = _folder
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if os.environ.get("SMKI_TEST_DATABASE", "sqlite") == "sqlite":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _folder / "smki.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            "TEST": {"NAME": str(_folder / "test.sqlite3")},
        }
    }
else:
    import dj_database_url

    DATABASES = {"default": dj_database_url.parse(os.environ["SMKI_TEST_DATABASE_URL"])}
