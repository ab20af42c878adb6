"""Rules of key ceremonies and of the lives of lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from certification.authorities.profiles import AUTHORITY_NAME_LENGTH, CertificateKind
from smki_pma.clauses import RuleViolation

# In the order in which they are made: a root before what it certifies.
AUTHORITY_KINDS = (
    CertificateKind.ROOT_DCA,
    CertificateKind.ISSUING_DCA,
    CertificateKind.ROOT_OCA,
    CertificateKind.ISSUING_OCA,
)


class Purpose(StrEnum):
    """What a ceremony is held for. The Recovery and Contingency keys will have theirs in their procedure."""

    ESTABLISH = "establish"
    ROLL_OVER = "roll_over"
    ARL = "arl"


PURPOSES = [
    (Purpose.ESTABLISH.value, "Make the four Authorities"),
    (Purpose.ROLL_OVER.value, "Roll over an Issuing Authority"),
    (Purpose.ARL.value, "Sign an Authority Revocation List"),
]
_NAME = re.compile(rf"[A-Z0-9]{{1,{AUTHORITY_NAME_LENGTH}}}")


def is_lapsed(first_at: datetime | None, at: datetime, minutes: int) -> bool:
    """A first approval counts for so many minutes, then the ceremony starts over (house rule). L3.5"""
    return first_at is None or at - first_at > timedelta(minutes=minutes)


def check_second_person(first: UUID | None, second: UUID | None) -> None:
    """Dual control: the second approval comes from somebody else. L3.5"""
    if first == second:
        raise RuleViolation(
            "You have approved this key ceremony already. Another Certification Authority operator must be "
            "the second.",
            clause="L3.5",
        )


def check_script_read(shown: str, planned: str) -> None:
    """Who approves approves exactly the script that is planned. L3.5"""
    if shown != planned:
        raise RuleViolation("The script is not the one that you were shown. Read it again.", clause="L3.5")


def check_names(names: Mapping[CertificateKind, str], taken: Collection[str]) -> None:
    """Each Authority has a name of its own of at most four characters, never used before. L3.5"""
    for kind, name in names.items():
        if not _NAME.fullmatch(name):
            message = f"The name must be 1 to {AUTHORITY_NAME_LENGTH} capital letters or digits, like Z1."
            raise RuleViolation(message, clause="L3.5", field=kind.value)
        if name in taken:
            message = f"There is an Authority called {name} already. Choose another name."
            raise RuleViolation(message, clause="L3.5", field=kind.value)
    if len(set(names.values())) < len(names):
        raise RuleViolation("The four Authorities need four different names.", clause="L3.5")


def check_witnesses(witnesses: Collection[str]) -> None:
    """Somebody who handles no key sees the ceremony (house rule). L3.5"""
    if not witnesses:
        raise RuleViolation("Name at least one witness, one on each line.", clause="L3.5", field="witnesses")
