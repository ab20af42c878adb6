"""The embedded default's own secrets: made on the first run, readable by their owner alone."""

import os
import secrets
from pathlib import Path

# Which process may know which: the web signs sessions, only the worker opens signing keys.
OF_ALL = ("smki_secret_key",)
OF_WORKER = ("smki_ca_passphrase", "smki_ledger_passphrase")
# The worker's too, but its owner's to give: nobody can make up the PIN of a token.
GIVEN_TO_WORKER = ("smki_pkcs11_pin",)


def folder(data_dir: Path) -> Path:
    """Where the secrets of an embedded installation stand."""
    return data_dir / "secrets"


def ensure(data_dir: Path) -> None:
    """Make those that are missing. An existing one is never replaced: keys are encrypted under it."""
    folder(data_dir).mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in OF_ALL + OF_WORKER:
        file = folder(data_dir) / name
        if not file.exists():
            fresh = file.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
                opened.write(secrets.token_urlsafe(48))
                opened.flush()
                os.fsync(opened.fileno())
            fresh.rename(file)


def read(data_dir: Path, names: tuple[str, ...]) -> dict[str, str]:
    """These secrets as environment variables; the worker's with those that were given to it, if any."""
    made = {name.upper(): (folder(data_dir) / name).read_text() for name in names}
    if not set(OF_WORKER) <= set(names):
        return made | {name.upper(): "" for name in GIVEN_TO_WORKER}
    files = [folder(data_dir) / name for name in GIVEN_TO_WORKER]
    return made | {file.name.upper(): file.read_text().strip() for file in files if file.exists()}


def use_for_commands() -> None:
    """Let manage.py find the installation's secrets, as its owner's commands may. Never called by the web."""
    named = os.environ.get("SMKI_DATA_DIR")
    data_dir = Path(named) if named else Path(__file__).resolve().parents[2] / "var"
    if folder(data_dir).is_dir():
        os.environ.setdefault("SMKI_SECRETS_DIR", str(folder(data_dir)))
