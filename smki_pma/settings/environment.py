"""What the environment says, typed and checked once at start."""

from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parents[2]


class Environment(BaseSettings):
    """Variables that begin with SMKI_; a wrong one stops the start with its name."""

    model_config = SettingsConfigDict(env_prefix="SMKI_", extra="ignore")

    profile: Literal["embedded", "production", "test"] = "embedded"
    data_dir: Path = ROOT / "var"
    database_url: str = ""
    broker_url: str = ""
    cache_url: str = ""
    secret_key: SecretStr = SecretStr("")
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    public_url: str = "http://localhost:8000"
    sample_community: bool = True
    mfa_required: bool = False
    clock_file: Path | None = None
    email_url: str = ""
    ca_passphrase: SecretStr = SecretStr("")
    ledger_passphrase: SecretStr = SecretStr("")
    log_origin: str = "smki-pma.example/ledger"
