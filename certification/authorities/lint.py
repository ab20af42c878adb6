"""What a lint says, and what it needs to know of an issuer. The lints themselves: `certification.linting`.

Plain data, so that pages and services can speak of findings without loading the linter, which only workers do.
"""

from __future__ import annotations

from dataclasses import dataclass

from smki_pma.clauses import RuleViolation


@dataclass(frozen=True, slots=True)
class Issuer:
    """What a lint needs to know of the issuing Authority: its encoded name and key identifier."""

    name: bytes
    key_id: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: `lint` is pkilint's stable code, `source` the rule that is broken."""

    lint: str
    message: str
    source: str

    def __str__(self) -> str:
        return f"{self.lint}: {self.message} ({self.source})"


class LintFailed(RuleViolation):
    """The bytes break their profile and must not be signed; trying again would find the same. L3.5"""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        said = "; ".join(str(finding) for finding in findings)
        super().__init__(f"Nothing was signed, for the bytes break their profile: {said}", clause="L3.5")
        self.findings = findings
