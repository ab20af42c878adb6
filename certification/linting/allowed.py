"""What pkilint says and we do not act on: each with its reason. Whatever is not here stops the signature.

pkilint speaks in six severities. We act on all of them but DEBUG: what it only mentions (INFO) is either
right for SMKI, and then stands here with the reason, or we want to know of it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowed:
    """A finding by pkilint's code, and why it is no fault of ours."""

    code: str
    reason: str


ALLOWED = (
    Allowed(
        "pkix.subject_key_identifier_method_2_identified",
        "The Certificate profile asks for key identifiers by method 2 (RFC 5280 4.2.1.2), 8 octets; pkilint "
        "mentions which method it sees. Our own lint smki.subject_key_identifier holds the octets to it.",
    ),
)

IGNORED_CODES = frozenset(each.code for each in ALLOWED)
