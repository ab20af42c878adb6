"""Services outside the system that the environment may name: a mail server, object storage."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from smki_pma.settings.environment import Environment


@dataclass(frozen=True, slots=True)
class MailServer:
    """How outgoing mail leaves; tls from the first byte, or starttls."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: bool
    starttls: bool


def outgoing_mail(url: SecretStr) -> MailServer | None:
    """The server in smtp://user:password@host:587 (STARTTLS) or smtps://...:465; None for an empty address."""
    parts = urlsplit(url.get_secret_value())
    if not parts.scheme:
        return None
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("SMKI_EMAIL_URL must look like smtps://user:password@host:465.")
    tls = parts.scheme == "smtps"
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if tls else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=not tls,
    )


def object_storage(environment: Environment) -> dict[str, dict[str, Any]]:
    """The storages that stand in S3-compatible buckets, by alias; those without a bucket stay on disk."""
    # A file's name is the hash of its bytes, so storing it again heals a damaged copy; a checkpoint stays.
    buckets = {
        "files": (environment.files_bucket, True),
        "checkpoints": (environment.checkpoints_bucket, False),
    }
    return {
        alias: _bucket(name, environment, replaces=replaces)
        for alias, (name, replaces) in buckets.items()
        if name
    }


def _bucket(name: str, environment: Environment, *, replaces: bool) -> dict[str, Any]:
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": name,
            "endpoint_url": environment.s3_endpoint or None,
            "access_key": environment.s3_access_key.get_secret_value() or None,
            "secret_key": environment.s3_secret_key.get_secret_value() or None,
            "default_acl": None,
            "file_overwrite": replaces,
        },
    }
