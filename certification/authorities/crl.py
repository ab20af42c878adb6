"""Certificate and Authority Revocation Lists (RFC 5280 section 5): the bytes to be signed, and lints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509

from certification.authorities import der, encoding
from certification.authorities.lint import Finding, Issuer, LintFailed

_CRL_NUMBER, _REASON, _AUTHORITY_KEY_ID = "2.5.29.20", "2.5.29.21", "2.5.29.35"
_ENUMERATED = 0x0A
_PLACEHOLDER_SIGNATURE = der.sequence(der.integer(1), der.integer(1))


class ListKind(StrEnum):
    """A CRL lists an Issuing Authority's Certificates, an ARL those of Authorities under a root."""

    CRL = "crl"
    ARL = "arl"


@dataclass(frozen=True, slots=True)
class RevokedEntry:
    """`reason` is a CRLReason (RFC 5280 5.3.1); None leaves it out."""

    serial: bytes
    revoked_at: datetime
    reason: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContents:
    issuer: Issuer
    number: int
    this_update: datetime
    next_update: datetime
    revoked: Sequence[RevokedEntry] = ()


def build_list_tbs(contents: ListContents) -> bytes:
    """The TBSCertList, version 2, with authorityKeyIdentifier and cRLNumber, both non-critical."""
    entries = [_entry(entry) for entry in contents.revoked]
    extensions = der.sequence(
        encoding.extension(
            _AUTHORITY_KEY_ID, False, encoding.authority_key_identifier(contents.issuer.key_id)
        ),
        encoding.extension(_CRL_NUMBER, False, der.integer(contents.number)),
    )
    return der.sequence(
        der.integer(1),
        encoding.SIGNATURE_ALGORITHM,
        contents.issuer.name,
        encoding.encode_time(contents.this_update),
        encoding.encode_time(contents.next_update),
        # revokedCertificates is absent, not empty, when there are none (RFC 5280 5.1.2.6)
        der.sequence(*entries) if entries else b"",
        der.write(der.tagged(0), extensions),
    )


def _entry(entry: RevokedEntry) -> bytes:
    extensions = b""
    if entry.reason is not None:
        value = der.write(_ENUMERATED, bytes((entry.reason,)))
        extensions = der.sequence(encoding.extension(_REASON, False, value))
    serial = der.write(der.INTEGER, entry.serial)
    return der.sequence(serial, encoding.encode_time(entry.revoked_at), extensions)


def check_list_tbs(tbs: bytes, contents: ListContents) -> None:
    """A list says what it was asked to say, read by a stock parser: raises LintFailed. L3.5"""
    findings = tuple(_find_faults(tbs, contents))
    if findings:
        raise LintFailed(findings)


def _find_faults(tbs: bytes, contents: ListContents) -> list[Finding]:
    try:
        der.check_strict(tbs)
        crl = x509.load_der_x509_crl(encoding.signed(tbs, _PLACEHOLDER_SIGNATURE))
        extensions = crl.extensions
    except ValueError as error:
        return [Finding("structure", f"The bytes are not a list: {error}.", "RFC 5280 5.1")]
    facts = {
        "issuer": (der.read(tbs).children()[2].encoded, contents.issuer.name, "RFC 5280 5.1.2.3"),
        "this_update": (crl.last_update_utc, contents.this_update.replace(microsecond=0), "RFC 5280 5.1.2.4"),
        "next_update": (crl.next_update_utc, contents.next_update.replace(microsecond=0), "RFC 5280 5.1.2.5"),
        "number": (
            extensions.get_extension_for_class(x509.CRLNumber).value.crl_number,
            contents.number,
            "RFC 5280 5.2.3",
        ),
        "authority_key_identifier": (
            extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier,
            contents.issuer.key_id,
            "RFC 5280 5.2.1",
        ),
        "entries": (
            [entry.serial_number for entry in crl],
            [int.from_bytes(entry.serial) for entry in contents.revoked],
            "RFC 5280 5.1.2.6: nothing lost, nothing added",
        ),
    }
    findings = [
        Finding(name, f"{found!r} instead of {wanted!r}.", source)
        for name, (found, wanted, source) in facts.items()
        if found != wanted
    ]
    if contents.next_update <= contents.this_update:
        findings.append(Finding("period", "The next update is not after this one.", "RFC 5280 5.1.2.5"))
    return findings
