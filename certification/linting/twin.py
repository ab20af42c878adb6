"""Linting before signing: the exact bytes, signed with a throw-away key, are read as what they will become.

The twin differs from the real document in its signature alone. It never leaves this process.
"""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from certification.authorities import encoding
from certification.authorities.environments import Environment
from certification.authorities.lint import Issuer, LintFailed
from certification.authorities.profiles import Profile
from certification.linting.linters import lint_certificate, lint_list
from certification.linting.revocation_lists import ExpectedList, shorten_list
from certification.linting.rule import Expected


@cache
def _throw_away_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def twin_of(tbs: bytes) -> bytes:
    """The document that `tbs` will become, but for its signature."""
    return encoding.signed(tbs, _throw_away_key().sign(tbs, ec.ECDSA(hashes.SHA256())))


def check_twin(tbs: bytes, *, profile: Profile, environment: Environment, issuer: Issuer | None) -> None:
    """Nothing is signed that breaks RFC 5280 or its profile: raises LintFailed. L3.5"""
    findings = lint_certificate(twin_of(tbs), Expected(profile, environment, issuer))
    if findings:
        raise LintFailed(findings)


def check_list_twin(tbs: bytes, *, issuer: Issuer) -> None:
    """No CRL or ARL is signed that breaks RFC 5280 or our rules: raises LintFailed. L3.5

    Of a long list some entries are linted, from all over it: crl.py has compared every one with what was asked.
    """
    findings = lint_list(twin_of(shorten_list(tbs)), ExpectedList(issuer))
    if findings:
        raise LintFailed(findings)


def warm() -> None:
    """Load the linter and make the throw-away key, so that the first Certificate does not wait for them."""
    _throw_away_key()
