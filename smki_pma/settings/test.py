"""The test suite: either database, plain static storage, a clock that tests can set, nothing that lasts.

SMKI_TEST_DATABASE says which database (sqlite or postgresql). A process that a test starts gets
SMKI_TEST_DIR and SMKI_CLOCK_FILE from it and so shares its clock.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url

from smki_pma.settings.base import *
from smki_pma.settings.base import SQLITE_OPTIONS, STORAGES

if "SMKI_TEST_DIR" in os.environ:
    _folder = Path(os.environ["SMKI_TEST_DIR"])
else:
    _folder = Path(tempfile.mkdtemp(prefix="smki-test-"))
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)

SECRET_KEY = "for tests only"  # noqa: S105
SMKI_SAMPLE_COMMUNITY = True
SMKI_CLOCK_FILE = Path(os.environ.get("SMKI_CLOCK_FILE", _folder / "clock"))
DATA_DIR = _folder
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STATIC_ROOT = _folder / "static"


STORAGES = {
    alias: {"BACKEND": STORAGES[alias]["BACKEND"], "OPTIONS": {"location": _folder / folder}}
    for alias, folder in (("default", "files"), ("files", "files"), ("checkpoints", "checkpoints"))
}
# Hashed names would need collectstatic before every run.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "limits")
}
# Nobody consumes: a test runs the jobs that it asked for with the run_jobs fixture.
CELERY_BROKER_URL = "memory://"

# As PostgreSQL's fsync=off: a power cut may cost a test its database. Not for a bench.
_DURABLE = "SMKI_TEST_DURABLE" in os.environ
_FAST = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
DATABASES: dict[str, Any]
if os.environ.get("SMKI_TEST_DATABASE", "sqlite") == "sqlite":
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _folder / "smki.sqlite3",
            "OPTIONS": SQLITE_OPTIONS | ({} if _DURABLE else {"init_command": _FAST}),
            # A file, because an in-memory database cannot be shared with threads and processes.
            "TEST": {"NAME": str(_folder / "test.sqlite3")},
        }
    }
else:
    if "SMKI_TEST_DATABASE_URL" not in os.environ:
        from tests.servers import postgresql

        # In the environment, so that the parallel processes of the same run share the cluster.
        os.environ["SMKI_TEST_DATABASE_URL"] = postgresql.start()
    DATABASES = {"default": dj_database_url.parse(os.environ["SMKI_TEST_DATABASE_URL"])}
SMKI_LONGEST_JOB_WAIT = 0.0
