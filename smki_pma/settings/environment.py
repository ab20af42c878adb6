"""What the environment says, typed and checked once at start."""

import os
import socket
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

OBJECT_IDENTIFIER = r"^([012](\.(0|[1-9][0-9]*))+)?$"
ROOT = Path(__file__).resolve().parents[2]


def _secrets_folder() -> Path | None:
    """The folder of secret files, if one was named: systemd's credentials, or the embedded default's own."""
    named = os.environ.get("SMKI_SECRETS_DIR") or os.environ.get("CREDENTIALS_DIRECTORY")
    return Path(named) if named else None


class Environment(BaseSettings):
    """Variables that begin with SMKI_; a wrong one stops the start with its name.

    Each may also be a file of that name in lower case in the folder SMKI_SECRETS_DIR, for secrets.
    """

    model_config = SettingsConfigDict(env_prefix="SMKI_", extra="ignore", secrets_dir=_secrets_folder())

    profile: Literal["embedded", "production", "test"] = "embedded"
    process: Literal["web", "worker", "scheduler", "command"] = "command"
    data_dir: Path = ROOT / "var"
    public_url: str = "http://localhost:8000"
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    trusted_proxies: int = Field(default=0, ge=0)
    front_socket: str = ""
    interface_url: str = ""
    sample_community: bool = True
    mfa_required: bool = False
    clock_file: Path | None = None
    log_origin: str = "smki-pma.example/ledger"

    secret_key: SecretStr = SecretStr("")
    ca_passphrase: SecretStr = SecretStr("")
    ledger_passphrase: SecretStr = SecretStr("")
    pkcs11_pin: SecretStr = SecretStr("")

    environment: Literal["test", "live"] = "live"
    ca_key_backend: str = "certification.authorities.keys.software.SoftwareKeys"
    pkcs11_module: str = ""
    pkcs11_token: str = ""
    live_device_policy_oid: str = Field(default="", pattern=OBJECT_IDENTIFIER)
    live_organisation_policy_oid: str = Field(default="", pattern=OBJECT_IDENTIFIER)
    live_hw_type_oid: str = Field(default="", pattern=OBJECT_IDENTIFIER)

    interface_single_per_10_seconds: int = Field(default=1000, ge=1)
    interface_reads_per_10_seconds: int = Field(default=2000, ge=1)
    interface_batches_per_hour: int = Field(default=60, ge=1)

    database_url: SecretStr = SecretStr("")
    broker_url: SecretStr = SecretStr("")
    cache_url: SecretStr = SecretStr("")
    worker_name: str = Field(default_factory=socket.gethostname, max_length=100)
    worker_threads: int = Field(default=4, ge=1, le=64)
    batch_workers: int = Field(default=2, ge=1, le=64)
    job_order: str = "smki_pma.jobs.ordering.by_deadline"

    email_url: SecretStr = SecretStr("")
    email_from: str = "SMKI PMA Secretariat <secretariat@smki-pma.example>"

    files_bucket: str = ""
    checkpoints_bucket: str = ""
    s3_endpoint: str = ""
    s3_access_key: SecretStr = SecretStr("")
    s3_secret_key: SecretStr = SecretStr("")
