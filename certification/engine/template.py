"""The bytes to be signed as a template: what the builder makes, cut at the fields that vary from one to the next.

Splicing five fields into it takes a microsecond where the builder takes fifty. The template comes from the
builder's own output and is compared with it again under other values before it is used.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace

from certification.authorities import encoding
from certification.authorities.builder import SERIAL_FIRST_OCTET, Contents, build_tbs
from certification.authorities.encoding import POINT_LENGTH, key_identifier
from certification.authorities.eui64 import LENGTH as EUI64_LENGTH
from certification.authorities.profiles import KEY_ID_LENGTH, SERIAL_LENGTH, CertificateKind, KeyUsage

# Contents of the keyUsage BIT STRING: how many bits are unused, and the bits. Both have the same length.
USAGES = {usage: bytes(((usage.bits & -usage.bits).bit_length() - 1, usage.bits)) for usage in KeyUsage}
_USAGE_OF = {octets: usage for usage, octets in USAGES.items() if usage is not KeyUsage.CA}
_LENGTHS = {
    "serial": SERIAL_LENGTH,
    "point": POINT_LENGTH,
    "usage": 2,
    "key_id": KEY_ID_LENGTH,
    "eui64": EUI64_LENGTH,
}
_KEY_USAGE_HEAD = bytes.fromhex("0603551d0f0101ff04040302")


class TemplateRefused(Exception):
    """The bytes cannot be cut without doubt, or do not come out as the builder makes them: nothing is issued."""


class Misshapen(Exception):
    """Bytes to be signed that are not the template with five fields filled in: nothing of them is signed."""


@dataclass(frozen=True, slots=True)
class Fields:
    """What stands in one TBSCertificate of a template. point: 65 octets; the others as in the Certificate."""

    serial: bytes
    point: bytes
    usage: KeyUsage
    key_id: bytes
    eui64: bytes


@dataclass(frozen=True, slots=True)
class Template:
    """Five fields in six fixed parts, in the order of the Certificate.

    length: of the whole. places: the slice of each field. fixed: the slice and the bytes of each part.
    """

    parts: tuple[bytes, bytes, bytes, bytes, bytes, bytes]
    length: int
    places: Mapping[str, slice]
    fixed: tuple[tuple[slice, bytes], ...]

    def splice(self, serial: bytes, point: bytes, usage: KeyUsage, eui64: bytes) -> bytes:
        """The bytes to be signed for these fields; the key identifier follows from the point."""
        a, b, c, d, e, f = self.parts
        return b"".join((a, serial, b, point, c, USAGES[usage], d, key_identifier(point), e, eui64, f))

    def read(self, tbs: bytes) -> Fields:
        """The fields, where every other octet is the template's and every field well formed. Raises Misshapen."""
        if len(tbs) != self.length:
            raise Misshapen(f"{len(tbs)} octets where the template has {self.length}.")
        for place, part in self.fixed:
            if tbs[place] != part:
                raise Misshapen(f"Octets {place.start} to {place.stop} are not the template's.")
        places = self.places
        point, key_id = tbs[places["point"]], tbs[places["key_id"]]
        usage = _USAGE_OF.get(tbs[places["usage"]])
        if usage is None:
            raise Misshapen("keyUsage is neither digitalSignature nor keyAgreement alone.")
        if point[0] != 4 or key_id != key_identifier(point):
            raise Misshapen("The key identifier is not that of the key.")
        serial = tbs[places["serial"]]
        if serial[0] != SERIAL_FIRST_OCTET:
            raise Misshapen("The serial number does not begin as ours do.")
        return Fields(serial, point, usage, key_id, tbs[places["eui64"]])


def cut(tbs: bytes, fields: Mapping[str, bytes]) -> Template:
    """Cut `tbs` at these fields. Raises TemplateRefused where one is not there exactly once, or out of order."""
    places: dict[str, slice] = {}
    for name, value in fields.items():
        at = tbs.find(value)
        if len(value) != _LENGTHS[name] or at < 0 or tbs.find(value, at + 1) >= 0:
            raise TemplateRefused(f"The field {name} does not occur exactly once.")
        places[name] = slice(at, at + len(value))
    order = sorted(places.items(), key=lambda item: item[1].start)
    if [name for name, _ in order] != list(_LENGTHS):
        raise TemplateRefused(f"The fields are not in the order {', '.join(_LENGTHS)}.")
    ends = [0, *(place.stop for _, place in order)]
    starts = [*(place.start for _, place in order), len(tbs)]
    fixed = [slice(end, start) for end, start in zip(ends, starts, strict=True)]
    if any(place.start > place.stop for place in fixed):
        raise TemplateRefused("Two fields lie on one another.")
    a, b, c, d, e, f = (tbs[place] for place in fixed)
    return Template((a, b, c, d, e, f), len(tbs), places, tuple((place, tbs[place]) for place in fixed))


def make_template(contents: Contents) -> Template:
    """The template of Device Certificates like `contents`, whatever its five fields say. Raises TemplateRefused."""
    if contents.profile.kind is not CertificateKind.DEVICE:
        raise TemplateRefused("Only Device Certificates are issued in batches.")
    marked = _marked(contents, KeyUsage.DS)
    tbs = build_tbs(marked)
    usage = _KEY_USAGE_HEAD + USAGES[KeyUsage.DS]
    if tbs.count(usage) != 1:
        raise TemplateRefused("The field usage does not occur exactly once.")
    at = tbs.find(usage) + len(_KEY_USAGE_HEAD)
    # Two octets may well occur elsewhere, so they are found by what stands before them and marked meanwhile.
    mark = _absent_pair(tbs)
    hidden = tbs[:at] + mark + tbs[at + 2 :]
    template = cut(
        hidden,
        {
            "serial": marked.serial,
            "point": marked.point,
            "usage": mark,
            "key_id": key_identifier(marked.point),
            "eui64": marked.eui64,
        },
    )
    for other in (KeyUsage.DS, KeyUsage.KA):
        check_equal(template, _marked(contents, other))
    return template


def _absent_pair(tbs: bytes) -> bytes:
    """Two different octets that do not stand side by side anywhere."""
    pairs = (bytes((first, second)) for first in range(256) for second in range(256) if first != second)
    return next(pair for pair in pairs if pair not in tbs)


def _marked(contents: Contents, usage: KeyUsage) -> Contents:
    """The same with five fields that occur nowhere by chance; the point need not lie on the curve here."""
    return replace(
        contents,
        serial=bytes((SERIAL_FIRST_OCTET,)) + secrets.token_bytes(SERIAL_LENGTH - 1),
        point=b"\x04" + secrets.token_bytes(POINT_LENGTH - 1),
        eui64=secrets.token_bytes(EUI64_LENGTH),
        usage=usage,
    )


def check_equal(template: Template, contents: Contents) -> None:
    """The template gives byte for byte what the builder gives for `contents`. Raises TemplateRefused."""
    spliced = template.splice(contents.serial, contents.point, contents.usage, contents.eui64)
    if spliced != build_tbs(contents):
        raise TemplateRefused("The template does not give the bytes that the builder gives.")


def contents_of(fields: Fields, alike: Contents) -> Contents:
    """The builder's input for the Certificate with these fields, alike in everything else."""
    return replace(alike, serial=fields.serial, point=fields.point, usage=fields.usage, eui64=fields.eui64)


_SPKI_HEAD = encoding.public_key_info(bytes(POINT_LENGTH))[:-POINT_LENGTH]


def key_info(point: bytes) -> bytes:
    """SubjectPublicKeyInfo of a P-256 point, as `encoding.public_key_info` gives it."""
    return _SPKI_HEAD + point
