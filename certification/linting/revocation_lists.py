"""Lints of CRLs and ARLs."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pkilint.pkix.crl import RFC5280CertificateList

from certification.authorities import der, encoding
from certification.authorities.lint import Issuer
from certification.authorities.profiles import SERIAL_LENGTH
from certification.linting.rule import Register

LINTS = Register()
_AUTHORITY_KEY_ID, _NUMBER, _REASON = "2.5.29.35", "2.5.29.20", "2.5.29.21"
# keyCompromise, cACompromise, affiliationChanged, superseded, cessationOfOperation, privilegeWithdrawn,
# aACompromise. 0 is written by leaving the reason out; 6 and 8 are for suspension, which there is not.
_REASONS = frozenset({1, 2, 3, 4, 5, 9, 10})
_LONGEST_NUMBER = 20
# The entries are all of one form, so some of them, from all over the list, stand for the rest.
MOST_ENTRIES = 20
_FIELDS_BEFORE_ENTRIES = 5
_LONG_FORM = 0x80


@dataclass(frozen=True, slots=True)
class ExpectedList:
    """What a list is held to. `issuer_point`: the key that signed, if known; None for a twin."""

    issuer: Issuer
    issuer_point: bytes | None = None


class SmkiList(RFC5280CertificateList):  # type: ignore[misc]
    """A list as pkilint reads it, of a long one some entries; with the octets of the whole beside."""

    substrate: bytes
    whole = b""

    def decode(self) -> Any:
        self.whole = self.substrate
        tbs, algorithm, signature = (each.encoded for each in der.read(self.whole).children())
        self.substrate = der.sequence(shorten_list(tbs), algorithm, signature)
        return super().decode()

    @functools.cached_property
    def fields(self) -> list[der.Element]:
        return der.read(self.whole).children()[0].children()

    @functools.cached_property
    def entries(self) -> list[list[der.Element]]:
        """The parts of each entry; empty where the list is."""
        listed = [field for field in self.fields[3:] if field.tag == der.SEQUENCE]
        return [entry.children() for entry in listed[0].children()] if listed else []

    @functools.cached_property
    def extensions(self) -> list[tuple[str, bool, bytes]]:
        """Type, criticality and the octets inside extnValue, in order."""
        wrapper = [field for field in self.fields if field.tag == der.tagged(0)]
        return read_extensions(wrapper[0].children()[0]) if wrapper else []


def read_extensions(listed: der.Element) -> list[tuple[str, bool, bytes]]:
    """The members of Extensions (RFC 5280 4.1). Raises DerError."""
    found = []
    for each in listed.children():
        parts = each.children()
        critical = parts[1].tag == der.BOOLEAN and parts[1].content != b"\x00"
        found.append((der.read_oid(parts[0].content), critical, parts[-1].content))
    return found


def shorten_list(tbs: bytes) -> bytes:
    """The same list with at most MOST_ENTRIES of its entries, the first and the last among them."""
    fields = der.read(tbs).children()
    listed = _FIELDS_BEFORE_ENTRIES
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


@LINTS.lint("list_algorithm", source="RFC 5280 5.1.2.2; RFC 5758 3.2: ecdsa-with-SHA256, no parameters")
def check_algorithm(found: SmkiList, _expected: ExpectedList) -> Iterator[str]:
    if found.fields[1].encoded != encoding.SIGNATURE_ALGORITHM:
        yield "The signature algorithm is not ecdsa-with-SHA256 without parameters."


@LINTS.lint("list_issuer", source="RFC 5280 5.1.2.3: the subject of the issuing Authority, byte for byte")
def check_issuer(found: SmkiList, expected: ExpectedList) -> Iterator[str]:
    if found.fields[2].encoded != expected.issuer.name:
        yield "The issuer is not the subject of the issuing Authority."


@LINTS.lint("list_signature", source="RFC 5280 5.1.1.3: the signature of the issuing Authority")
def check_signature(found: SmkiList, expected: ExpectedList) -> Iterator[str]:
    if expected.issuer_point is None:
        return
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), expected.issuer_point)
    tbs, _, signature = der.read(found.whole).children()
    try:
        key.verify(signature.content[1:], tbs.encoded, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        yield "The signature does not verify with the key of the issuing Authority."


@LINTS.lint("list_period", source="RFC 5280 5.1.2.4 and 5.1.2.5: both times, the next after this one")
def check_period(found: SmkiList, _expected: ExpectedList) -> Iterator[str]:
    if found.next_update is None:
        yield "There is no nextUpdate."
        return
    if found.next_update <= found.this_update:
        yield "nextUpdate is not after thisUpdate."
    for element, moment in zip(found.fields[3:5], (found.this_update, found.next_update), strict=True):
        if element.encoded != encoding.encode_time(moment):
            yield f"{moment:%Y-%m-%d} is not written in the form of its year."


@LINTS.lint("list_extensions", source="RFC 5280 5.2.1 and 5.2.3: exactly these two, neither critical")
def check_extensions(found: SmkiList, _expected: ExpectedList) -> Iterator[str]:
    kinds = [(oid, critical) for oid, critical, _ in found.extensions]
    if kinds != [(_AUTHORITY_KEY_ID, False), (_NUMBER, False)]:
        yield f"The extensions are {', '.join(oid for oid, _ in kinds) or 'none'}, or one is critical."


@LINTS.lint("list_authority_key_identifier", source="RFC 5280 5.2.1: keyIdentifier form, as in Certificates")
def check_key_identifier(found: SmkiList, expected: ExpectedList) -> Iterator[str]:
    wanted = der.sequence(der.write(der.tagged(0, constructed=False), expected.issuer.key_id))
    if [value for oid, _, value in found.extensions if oid == _AUTHORITY_KEY_ID] != [wanted]:
        yield "authorityKeyIdentifier is not the key identifier of the issuing Authority alone."


@LINTS.lint("list_number", source="RFC 5280 5.2.3: a number of at most 20 octets, not negative")
def check_number(found: SmkiList, _expected: ExpectedList) -> Iterator[str]:
    for oid, _, value in found.extensions:
        content = der.read(value).content if oid == _NUMBER else b"\x01"
        if not 1 <= len(content) <= _LONGEST_NUMBER or content[0] & 0x80:
            yield "cRLNumber is negative or has more than 20 octets."


@LINTS.lint("list_entries", source="RFC 5280 5.1.2.6: each serial once, 16 octets, revoked by thisUpdate")
def check_entries(found: SmkiList, _expected: ExpectedList) -> Iterator[str]:
    serials = [parts[0].content for parts in found.entries]
    if len(set(serials)) != len(serials):
        yield "A serial stands in the list more than once."
    for serial in serials:
        if len(serial) != SERIAL_LENGTH or serial[0] & 0x80:
            yield f"The serial {serial.hex().upper()} is not 16 octets, positive."
    # UTCTime, then GeneralizedTime (from 2050 on), each of fixed length: in this order they are in that of time.
    this_update = found.fields[3]
    moments = {(parts[1].tag, parts[1].content) for parts in found.entries}
    if moments and max(moments) > (this_update.tag, this_update.content):
        yield "An entry is dated after thisUpdate."


@LINTS.lint("list_reasons", source="RFC 5280 5.3.1: no unspecified; no suspension, so no hold and no removal")
def check_reasons(found: SmkiList, _expected: ExpectedList) -> Iterator[str]:
    for parts in found.entries:
        for oid, critical, value in read_extensions(parts[2]) if len(parts) > 2 else []:
            if oid != _REASON or critical or der.read(value).content[0] not in _REASONS:
                yield f"The entry {parts[0].content.hex().upper()} has a reason or extension not used here."
