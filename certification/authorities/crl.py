"""Certificate and Authority Revocation Lists (RFC 5280 section 5): the bytes to be signed, and lints.

An entry is encoded once, when a Certificate is revoked; a list is then spliced from entries as they stand,
so that a hundred thousand of them cost no more than copying their bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from cryptography import x509

from certification.authorities import der, encoding
from certification.authorities.lint import Finding, Issuer, LintFailed

_CRL_NUMBER, _REASON, _AUTHORITY_KEY_ID = "2.5.29.20", "2.5.29.21", "2.5.29.35"
_ENUMERATED = 0x0A
_PLACEHOLDER_SIGNATURE = der.sequence(der.integer(1), der.integer(1))
# version, signature, issuer, thisUpdate, nextUpdate, then revokedCertificates where there are any
_ENTRIES_AT = 5


class ListKind(StrEnum):
    """A CRL lists an Issuing Authority's Certificates, an ARL those of Authorities under a root."""

    CRL = "crl"
    ARL = "arl"


@dataclass(frozen=True, slots=True)
class RevokedEntry:
    """`serial`: its octets. `reason` is a CRLReason (RFC 5280 5.3.1); None leaves it out."""

    serial: bytes
    revoked_at: datetime
    reason: int | None = None

    def encoded(self) -> bytes:
        """The entry as it stands in a list (RFC 5280 5.1.2.6)."""
        extensions = b""
        if self.reason is not None:
            value = der.write(_ENUMERATED, bytes((self.reason,)))
            extensions = der.sequence(encoding.extension(_REASON, False, value))
        serial = der.write(der.INTEGER, self.serial)
        return der.sequence(serial, encoding.encode_time(self.revoked_at), extensions)


@dataclass(frozen=True, slots=True)
class Revoked:
    """Everything revoked, in the order of revocation: `entries` one after the other, and how many they are."""

    entries: bytes = b""
    count: int = 0

    @classmethod
    def of(cls, entries: Iterable[RevokedEntry]) -> Self:
        encoded = [entry.encoded() for entry in entries]
        return cls(b"".join(encoded), len(encoded))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContents:
    issuer: Issuer
    number: int
    this_update: datetime
    next_update: datetime
    revoked: Revoked = Revoked()


def build_list_tbs(contents: ListContents) -> bytes:
    """The TBSCertList, version 2, with authorityKeyIdentifier and cRLNumber, both non-critical."""
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
        der.sequence(contents.revoked.entries) if contents.revoked.count else b"",
        der.write(der.tagged(0), extensions),
    )


def fields_of(tbs: bytes) -> tuple[list[der.Element], bytes]:
    """The fields of a TBSCertList but its entries, and the entries as they stand. Raises DerError."""
    fields = der.read(tbs).children()
    if len(fields) > _ENTRIES_AT and fields[_ENTRIES_AT].tag == der.SEQUENCE:
        return fields[:_ENTRIES_AT] + fields[_ENTRIES_AT + 1 :], fields[_ENTRIES_AT].content
    return fields, b""


def check_entry(encoded: bytes, entry: RevokedEntry) -> None:
    """An entry is strict and says what was decided, read by a stock parser: raises LintFailed. L3.5"""
    der.check_strict(encoded)
    moment = encoding.encode_time(entry.revoked_at)
    tbs = der.sequence(
        der.integer(1), encoding.SIGNATURE_ALGORITHM, der.sequence(), moment, moment, der.sequence(encoded)
    )
    [read] = x509.load_der_x509_crl(encoding.signed(tbs, _PLACEHOLDER_SIGNATURE))
    found = (read.serial_number, read.revocation_date_utc)
    wanted = (int.from_bytes(entry.serial), entry.revoked_at.replace(microsecond=0))
    if found != wanted:
        raise LintFailed((Finding("entry", f"{found!r} instead of {wanted!r}.", "RFC 5280 5.1.2.6"),))


def check_list_tbs(tbs: bytes, contents: ListContents) -> None:
    """A list says what it was asked to say, read by a stock parser: raises LintFailed. L3.5

    The entries were read one by one when they were made; here they are compared byte by byte.
    """
    findings = tuple(_find_faults(tbs, contents))
    if findings:
        raise LintFailed(findings)


def _find_faults(tbs: bytes, contents: ListContents) -> list[Finding]:
    try:
        fields, entries = fields_of(tbs)
        for field in fields:
            der.check_strict(field.encoded)
        crl = x509.load_der_x509_crl(encoding.signed(tbs, _PLACEHOLDER_SIGNATURE))
        extensions = crl.extensions
    except ValueError as error:
        return [Finding("structure", f"The bytes are not a list: {error}.", "RFC 5280 5.1")]
    facts = {
        "issuer": (fields[2].encoded, contents.issuer.name, "RFC 5280 5.1.2.3"),
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
            len(crl),
            contents.revoked.count,
            "RFC 5280 5.1.2.6: nothing lost, nothing added",
        ),
    }
    findings = [
        Finding(name, f"{found!r} instead of {wanted!r}.", source)
        for name, (found, wanted, source) in facts.items()
        if found != wanted
    ]
    if entries != contents.revoked.entries:
        findings.append(Finding("entries", "They are not those that were decided.", "RFC 5280 5.1.2.6"))
    if contents.next_update <= contents.this_update:
        findings.append(Finding("period", "The next update is not after this one.", "RFC 5280 5.1.2.5"))
    return findings


def check_succession(tbs: bytes, before: bytes) -> None:
    """A list follows the one before: a higher number, not earlier, no entry lost or moved. L3.5

    tbs, before: the two TBSCertLists. Raises LintFailed. Entries are only ever added at the end, so the old
    ones must be what the new ones begin with.
    """
    old, new = (
        x509.load_der_x509_crl(encoding.signed(each, _PLACEHOLDER_SIGNATURE)) for each in (before, tbs)
    )
    findings = []
    if _number(new) <= _number(old):
        findings.append(
            Finding("number", f"{_number(new)} does not follow {_number(old)}.", "RFC 5280 5.2.3")
        )
    if new.last_update_utc < old.last_update_utc:
        findings.append(Finding("this_update", "It is earlier than the list before.", "RFC 5280 5.1.2.4"))
    if not fields_of(tbs)[1].startswith(fields_of(before)[1]):
        findings.append(Finding("lost", "An entry of the list before is missing.", "RFC 5280 3.3"))
    if findings:
        raise LintFailed(tuple(findings))


def _number(crl: x509.CertificateRevocationList) -> int:
    return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
