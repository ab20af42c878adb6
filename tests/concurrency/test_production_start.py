"""Production starts only as it should be; real processes, since settings are read once in each."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import postgresql, processes

NOWHERE = "postgresql://smki:canary@127.0.0.1:9/smki"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that is ready for production: migrated, with its guards."""
    url = postgresql.start()
    processes.manage(production(tmp_path_factory.mktemp("migrating"), database_url=url), "migrate")
    return url


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Import the web's entry point, as gunicorn does."""
    return subprocess.run(
        [sys.executable, "-c", "import smki_pma.wsgi"],
        cwd=processes.ROOT,
        env=processes.plain_environment() | environment,
        capture_output=True,
        text=True,
    )


def production(folder: Path, *, database_url: str = NOWHERE, **changes: str) -> dict[str, str]:
    redis_url = "redis://127.0.0.1:9/0"
    return processes.production(folder, database_url=database_url, redis_url=redis_url, **changes)


def test_safe_production_starts(tmp_path: Path, database: str) -> None:
    done = start(production(tmp_path, database_url=database))
    assert done.returncode == 0, done.stderr


def test_a_database_that_is_away_is_named_in_one_line(tmp_path: Path) -> None:
    done = start(production(tmp_path))
    assert done.returncode == 1
    assert "The database cannot be read" in done.stderr
    assert "SMKI_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr
    assert "canary" not in done.stderr


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"SMKI_MFA_REQUIRED": "false"}, "SMKI_MFA_REQUIRED=true"),
        ({"SMKI_SAMPLE_COMMUNITY": "true"}, "SMKI_SAMPLE_COMMUNITY=false"),
        ({"SMKI_SECRET_KEY": "short"}, "security.W009"),
        ({"SMKI_ALLOWED_HOSTS": ""}, "security.W020"),
        ({"SMKI_ALLOWED_HOSTS": "smki-pma.example,*"}, "Any host name is allowed"),
        ({"SMKI_CA_PASSPHRASE": "canary"}, "SMKI_CA_PASSPHRASE belongs to the worker"),
        ({"SMKI_PKCS11_PIN": "canary"}, "SMKI_PKCS11_PIN belongs to the worker"),
        ({"SMKI_LEDGER_PASSPHRASE": "canary"}, "SMKI_LEDGER_PASSPHRASE belongs to the worker"),
    ],
)
def test_unsafe_production_is_refused_without_a_traceback(
    tmp_path: Path, change: dict[str, str], says: str
) -> None:
    done = start(production(tmp_path) | change)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "canary" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    "missing", ["SMKI_SECRET_KEY", "SMKI_DATABASE_URL", "SMKI_BROKER_URL", "SMKI_CACHE_URL"]
)
def test_production_names_what_is_missing(tmp_path: Path, missing: str) -> None:
    done = start(production(tmp_path) | {missing: ""})
    assert done.returncode == 1
    assert f"Production needs {missing}" in done.stderr


def test_debug_cannot_be_switched_on(tmp_path: Path) -> None:
    for environment in (production(tmp_path), processes.embedded(tmp_path)):
        shown = processes.manage(
            environment | {"DEBUG": "true", "SMKI_DEBUG": "true"},
            "shell",
            "--no-imports",
            "-c",
            "from django.conf import settings; print(settings.DEBUG)",
        )
        assert shown.strip() == "False"


def test_worker_of_unsafe_production_is_refused(tmp_path: Path) -> None:
    environment = production(tmp_path, SMKI_MFA_REQUIRED="false", SMKI_PROCESS="worker")
    done = subprocess.run(
        [sys.executable, "-m", "smki_pma.deploy.worker", "urgent"],
        cwd=processes.ROOT,
        env=processes.plain_environment() | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert "SMKI_MFA_REQUIRED=true" in done.stderr + done.stdout


def test_the_shared_cache_is_read_as_json_and_never_unpickled(tmp_path: Path, database: str) -> None:
    say = "from django.core.cache import cache; print(type(cache._cache._serializer).__name__)"
    done = subprocess.run(
        [sys.executable, "-c", f"import smki_pma.wsgi; {say}"],
        cwd=processes.ROOT,
        env=processes.plain_environment() | production(tmp_path, database_url=database),
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "JsonSerializer", done.stderr
