"""The logs that grow by the same tree code, each with its own order, lock and origin line."""

import hashlib
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Log:
    """One RFC 6962 log. name: its key in the database. published: its checkpoints are for everybody."""

    name: str
    published: bool

    @property
    def title(self) -> str:
        """What people call it."""
        return {"access": "access log", "certificates": "certificate log"}.get(self.name, self.name)

    @property
    def origin(self) -> str:
        """The first line of its checkpoints and the name of its key: a schema-less URL."""
        base: str = settings.ENVIRONMENT.log_origin
        if self.name == "ledger":
            return base
        # What marks a new history of the ledger (ledger-2) marks that of the other logs too.
        place, slash, last = base.rpartition("/")
        return (
            f"{place}{slash}{self.name}{last.removeprefix('ledger')}"
            if last.startswith("ledger")
            else f"{base}/{self.name}"
        )

    @property
    def lock_id(self) -> int:
        """The advisory lock that orders its writers on PostgreSQL, a signed 64-bit integer."""
        digest = hashlib.sha256(f"smki log {self.name}".encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)


LEDGER = Log(name="ledger", published=True)
ACCESS = Log(name="access", published=False)
CERTIFICATES = Log(name="certificates", published=True)
ALL_LOGS = (LEDGER, ACCESS, CERTIFICATES)
SIGNED_LOGS = tuple(log for log in ALL_LOGS if log.published)


def log_named(name: str) -> Log:
    """The log of that name. Raises LookupError."""
    for log in ALL_LOGS:
        if log.name == name:
            return log
    raise LookupError(f"There is no log named {name!r}.")
