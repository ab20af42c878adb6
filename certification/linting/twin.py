"""Linting before signing: the exact bytes, signed with a throw-away key, are read as what they will become.

The twin differs from the real document in its signature alone. It never leaves this process.
"""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from certification.authorities import der, encoding
from certification.authorities.environments import Environment
from certification.authorities.lint import Issuer, LintFailed
from certification.authorities.profiles import Profile
from certification.linting.linters import lint_certificate, lint_list
from certification.linting.revocation_lists import ExpectedList
from certification.linting.rule import Expected

# pkilint needs a millisecond for each entry; a list of 100,000 must not wait for it. The entries are all of
# one form, so some of them, from all over the list, stand for the rest; crl.py compares every one.
MOST_ENTRIES = 200
_LIST_FIELDS_BEFORE_ENTRIES = 5
_LONG_FORM = 0x80


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
    """No CRL or ARL is signed that breaks RFC 5280 or our rules: raises LintFailed. L3.5"""
    findings = lint_list(twin_of(shorten_list(tbs)), ExpectedList(issuer))
    if findings:
        raise LintFailed(findings)


def shorten_list(tbs: bytes) -> bytes:
    """The same list with at most MOST_ENTRIES of its entries, the first and the last among them."""
    fields = der.read(tbs).children()
    listed = _LIST_FIELDS_BEFORE_ENTRIES
    if len(fields) <= listed or fields[listed].tag != der.SEQUENCE:
        return tbs
    content = fields[listed].content
    starts = _starts(content)
    if len(starts) <= MOST_ENTRIES:
        return tbs
    step = (len(starts) - 1) / (MOST_ENTRIES - 1)
    chosen = [starts[round(number * step)] for number in range(MOST_ENTRIES)]
    parts = [field.encoded for field in fields]
    parts[listed] = der.sequence(*(der.read(content, start).encoded for start in chosen))
    return der.sequence(*parts)


def _starts(content: bytes) -> list[int]:
    """Where each element begins; nothing is copied, for there may be 100,000."""
    starts, offset = [], 0
    while offset < len(content) - 1:
        starts.append(offset)
        length = content[offset + 1]
        offset += 2 + length if length < _LONG_FORM else len(der.read(content, offset).encoded)
    return starts


def warm() -> None:
    """Load the linter and make the throw-away key, so that the first Certificate does not wait for them."""
    _throw_away_key()
