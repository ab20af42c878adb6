"""Remote party role codes: what an organisation is, as the OU of its Certificates (two hex digits)."""

from __future__ import annotations

ROOT, ISSUING_AUTHORITY = 0, 7

ROLE_CODES: dict[int, str] = {
    ROOT: "Root",
    1: "Recovery",
    2: "Supplier",
    3: "Network Operator",
    4: "Access Control Broker",
    5: "Transitional Change of Supplier",
    6: "WAN Provider",
    ISSUING_AUTHORITY: "Issuing Authority",
    8: "Load Controller",
    127: "Other",
    135: "XML signing",
    137: "DSP XML signing",
}

# The names of Certification Authorities carry these; no subscriber may.
RESERVED_FOR_AUTHORITIES = frozenset({ROOT, ISSUING_AUTHORITY})


def role_name(code: int) -> str:
    return ROLE_CODES.get(code, f"Unknown role {code}")


def format_role(code: int) -> str:
    """`2` -> `02`, `135` -> `87`: the OU text."""
    return f"{code:02X}"
