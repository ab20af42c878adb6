"""Lints: every rule of a profile, checked on the bytes that are about to be signed, before they are.

The lints read with `cryptography`'s parser and the strict reader, never with the builder, so that a mistake
in the builder cannot hide itself. Each cites its source.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography import x509

from certification.authorities import der, encoding
from certification.authorities.environments import Environment
from certification.authorities.profiles import Profile

# A signature that is never checked: it only completes the structure, so that a stock parser reads it.
_PLACEHOLDER_SIGNATURE = der.sequence(der.integer(1), der.integer(1))


# version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, extensions
FIELDS = [der.tagged(0), der.INTEGER, *[der.SEQUENCE] * 5, der.tagged(3)]


@dataclass(frozen=True, slots=True)
class Issuer:
    """What a lint needs to know of the issuing Authority: its encoded name and key identifier."""

    name: bytes
    key_id: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    lint: str
    message: str
    source: str

    def __str__(self) -> str:
        return f"{self.lint}: {self.message} ({self.source})"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is linted: the bytes, the same as parsed, and what they should be. `issuer` None: self-signed."""

    tbs: bytes
    fields: tuple[der.Element, ...]
    certificate: x509.Certificate
    profile: Profile
    environment: Environment
    issuer: Issuer | None

    def extension(self, oid: str) -> x509.Extension[x509.ExtensionType] | None:
        found = [each for each in self.certificate.extensions if each.oid.dotted_string == oid]
        return found[0] if found else None

    def extension_value(self, oid: str) -> bytes | None:
        """The octets inside extnValue as they stand in the bytes."""
        wrapper = self.fields[-1].children()[0]
        for element in wrapper.children():
            parts = element.children()
            if der.read_oid(parts[0].content) == oid:
                return parts[-1].content
        return None


class LintFailed(Exception):
    """The bytes break their profile and must not be signed."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(str(finding) for finding in findings))
        self.findings = findings


Check = Callable[[Subject], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Lint:
    name: str
    source: str
    check: Check


LINTS: list[Lint] = []


def lint(name: str, *, source: str) -> Callable[[Check], Check]:
    """Register a lint; it yields one sentence for each thing that is wrong."""

    def register(check: Check) -> Check:
        LINTS.append(Lint(name, source, check))
        return check

    return register


def find_faults(
    tbs: bytes, profile: Profile, environment: Environment, issuer: Issuer | None
) -> tuple[Finding, ...]:
    """All findings of all lints on a TBSCertificate."""
    from certification.authorities import lint_extensions, lint_fields  # noqa: F401  (they register lints)

    try:
        der.check_strict(tbs)
        fields = tuple(der.read(tbs).children())
        certificate = x509.load_der_x509_certificate(encoding.signed(tbs, _PLACEHOLDER_SIGNATURE))
        _ = certificate.extensions
    except (ValueError, x509.DuplicateExtension) as error:
        return (Finding("structure", f"The bytes are not a Certificate: {error}.", "RFC 5280 4.1"),)
    subject = Subject(tbs, fields, certificate, profile, environment, issuer)
    if [field.tag for field in fields] != FIELDS:
        message = "The fields are not exactly those of a version 3 Certificate without unique identifiers."
        return (Finding("fields", message, "RFC 5280 4.1; Certificate profile: version 3"),)
    return tuple(
        Finding(each.name, message, each.source) for each in LINTS for message in _run(each, subject)
    )


def _run(each: Lint, subject: Subject) -> list[str]:
    try:
        return list(each.check(subject))
    except (ValueError, IndexError) as error:
        return [f"The part cannot be read: {error}."]


def check_tbs(tbs: bytes, profile: Profile, environment: Environment, issuer: Issuer | None) -> None:
    """Nothing is signed that breaks its profile: raises LintFailed. L3.5"""
    findings = find_faults(tbs, profile, environment, issuer)
    if findings:
        raise LintFailed(findings)
