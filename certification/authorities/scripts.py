"""What a key ceremony will do, step by step, in words that two people approve by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from certification.authorities.environments import Environment
from certification.authorities.profiles import CertificateKind, profile_of
from certification.authorities.rules import AUTHORITY_KINDS

_CHECK = "Check every Certificate against its profile before it is signed, and every signature after it."
_LODGE = "Lodge the Certificates and the lists in the SMKI Repository."
_TRANSCRIPT = "Write the transcript with the hash of everything made into the ledger."


def write_script(
    env: Environment, names: Mapping[CertificateKind, str], years: Mapping[CertificateKind, int]
) -> list[str]:
    """The steps that make the four Authorities. `years` is each Certificate's lifetime."""
    steps = [_place(env)]
    for kind in AUTHORITY_KINDS:
        profile = profile_of(kind)
        steps.append(_make_key(kind, names[kind]))
        if kind is CertificateKind.ROOT_OCA:
            steps.append(
                "Make the Contingency Key Pair and the Contingency Symmetric Key in the key store, and wrap "
                "the Contingency Public Key under AES-256 for the Root OCA Certificate."
            )
        issuer = "itself" if profile.self_signed else f"the {profile_of(profile.issuer).title}"
        steps.append(f"Write the Certificate of {names[kind]} for {years[kind]} years, issued by {issuer}.")
    return [
        *steps,
        _CHECK,
        "Sign the first Authority Revocation List of each root and the first CRL of the Issuing OCA.",
        _LODGE,
        "Make the four Authorities active; those they replace sign revocation lists only from then on.",
        _TRANSCRIPT,
    ]


def write_roll_over_script(
    env: Environment,
    kind: CertificateKind,
    *,
    name: str,
    years: int,
    root: str,
    present: str,
    revoked: bool,
) -> list[str]:
    """The steps that put a new Issuing Authority in the place of the present one, by its title.

    revoked: whether the present one is revoked already.
    """
    first_crl = ["Sign its first CRL."] if kind is CertificateKind.ISSUING_OCA else []
    return [
        _place(env),
        _make_key(kind, name),
        f"Write the Certificate of {name} for {years} years, issued by the {root}.",
        f"Use the key of the {root} once, to sign that Certificate.",
        _CHECK,
        *first_crl,
        _LODGE,
        f"Make {name} active in the place of the {present}, which is revoked."
        if revoked
        else f"Make {name} active. From then on the {present} signs revocation lists only.",
        _TRANSCRIPT,
    ]


def write_arl_script(env: Environment, *, root: str, revoked: Sequence[str]) -> list[str]:
    """The steps that sign a root's next list. `revoked`: the serial numbers on it when this was planned."""
    known = ", ".join(revoked) or "none"
    return [
        _place(env),
        f"Write the next Authority Revocation List of the {root} with every Certificate that it has revoked "
        f"by then. When this was planned: {known}.",
        "Check that the list loses nothing that the one before it has.",
        f"Use the key of the {root} once, to sign that list, and check the signature.",
        "Lodge the list in the SMKI Repository.",
        _TRANSCRIPT,
    ]


def _place(env: Environment) -> str:
    return f"Work in the {env.title} environment with these object identifiers: {_identifiers(env)}."


def _make_key(kind: CertificateKind, name: str) -> str:
    return f"Make a P-256 key pair in the key store for the {profile_of(kind).title} {name}."


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
