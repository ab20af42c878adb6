"""What a key ceremony will do, step by step, in words that two people approve by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from certification.authorities.environments import Environment
from certification.authorities.profiles import CertificateKind, profile_of
from certification.authorities.rules import AUTHORITY_KINDS


def write_script(
    env: Environment, names: Mapping[CertificateKind, str], years: Mapping[CertificateKind, int]
) -> list[str]:
    """The steps, in order, with everything that is decided. `years` is each Certificate's lifetime."""
    steps = [f"Work in the {env.title} environment with these object identifiers: {_identifiers(env)}."]
    for kind in AUTHORITY_KINDS:
        profile = profile_of(kind)
        steps.append(f"Make a P-256 key pair in the key store for the {profile.title} {names[kind]}.")
        if kind is CertificateKind.ROOT_OCA:
            steps.append(
                "Make the Contingency Key Pair and the Contingency Symmetric Key in the key store, and wrap "
                "the Contingency Public Key under AES-256 for the Root OCA Certificate."
            )
        issuer = "itself" if profile.self_signed else f"the {profile_of(profile.issuer).title}"
        steps.append(f"Write the Certificate of {names[kind]} for {years[kind]} years, issued by {issuer}.")
    return [
        *steps,
        "Check every Certificate against its profile before it is signed, and every signature after it.",
        "Sign the first Authority Revocation List of each root and the first CRL of the Issuing OCA.",
        "Lodge the Certificates and the lists in the SMKI Repository.",
        "Make the four Authorities active; those they replace sign revocation lists only from then on.",
        "Write the transcript with the hash of everything made into the ledger.",
    ]


def _identifiers(env: Environment) -> str:
    return (
        f"Device policy {env.device_policy}, Organisation policy {env.organisation_policy}, "
        f"hwType {env.hw_type} ({env.source})"
    )


def hash_script(steps: Sequence[str]) -> str:
    """SHA-256, in hexadecimal, of the steps as compact JSON."""
    return hash_facts(list(steps))


def hash_facts(facts: object) -> str:
    """SHA-256, in hexadecimal, of JSON with sorted keys and no spaces."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
