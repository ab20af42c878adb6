"""What is wrong with a Certificate Signing Request, as data that a page, a report and a machine can show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    `code` is stable, for subscribers' software may rely on it; fault_codes.py has them all. `field` names the
    part of the request, `message` says what is wrong and what to do, `source` cites the profile or standard.
    """

    code: str
    field: str
    message: str
    source: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message} ({self.source})"
