"""Certificates that DCC published, held field by field to our Organisation profile; docs/published-certificates.md."""

import pytest

from certification.authorities import der
from certification.authorities.builder import Contents, build_tbs
from certification.authorities.encoding import Name
from certification.authorities.environments import TEST
from certification.authorities.lint import Issuer
from certification.authorities.profiles import (
    AUTHORITY_KEY_ID,
    COMMON_NAME,
    KEY_USAGE,
    ORGANISATIONAL_UNIT,
    UNIQUE_IDENTIFIER,
    CertificateKind,
    KeyUsage,
    profile_of,
)
from certification.linting.linters import lint_certificate
from certification.linting.rule import Expected, SmkiCertificate
from tests.interop.key_store import NotFetched, Published, published

PROFILE = profile_of(CertificateKind.ORGANISATION)
USAGES = {"digitalSignature": KeyUsage.DS, "keyAgreement": KeyUsage.KA}
_SERIAL, _ISSUER, _SUBJECT, _KEY = 1, 3, 5, 6

# What differs, in Certificates whose name begins so. Each is explained in docs/published-certificates.md.
DIFFERENCES: dict[str, set[str]] = {
    "xml-sign": {
        "smki.extensions",
        "smki.lifetime",
        "smki.authority_key_identifier",
        "pkix.authority_key_identifier_extension_absent",
    },
    "dsp-xml-sign": {
        "smki.extensions",
        "smki.lifetime",
        "smki.authority_key_identifier",
        "pkix.authority_key_identifier_extension_absent",
    },
    "otherUser": {"smki.extensions", "smki.basic_constraints"},
    "mdr": {
        "smki.extensions",
        "smki.lifetime",
        "smki.signature_algorithm",
        "itu.invalid_asn1_syntax",
    },
    "Z1-loadController": {"smki.lifetime"},
}
# Ours begin with 40 to 7F, so that all are 16 octets long; these are, with any first octet up to 7F.
OUR_SERIAL = "smki.serial"


@pytest.fixture(scope="module")
def store() -> list[Published]:
    try:
        return published()
    except NotFetched as reason:
        pytest.skip(f"DCC's key store: {reason}.")


def read(one: Published) -> SmkiCertificate:
    document = SmkiCertificate(one.name, one.der, "certificate")
    document.decode()
    return document


def issuer_of(document: SmkiCertificate) -> Issuer:
    octets = document.extension_octets(AUTHORITY_KEY_ID)
    key_id = der.read(octets).children()[0].content if octets else b""
    return Issuer(document.fields[_ISSUER].encoded, key_id)


def differences(one: Published) -> set[str]:
    document = read(one)
    serial = document.fields[_SERIAL].content
    assert len(serial) == 16
    assert serial[0] < 0x80
    found = lint_certificate(one.der, Expected(PROFILE, TEST, issuer_of(document)))
    return {finding.lint for finding in found} - {OUR_SERIAL}


def explained(name: str) -> set[str]:
    found = [codes for prefix, codes in DIFFERENCES.items() if name.startswith(prefix)]
    return found[0] if found else set()


def name_of(element: der.Element) -> Name:
    values = {}
    for part in element.children():
        kind, value = part.children()[0].children()
        values[der.read_oid(kind.content)] = value.content
    return Name(
        common_name=values.get(COMMON_NAME, b"").decode(),
        role_code=int(values[ORGANISATIONAL_UNIT], 16),
        eui64=values.get(UNIQUE_IDENTIFIER, b"\0")[1:],
    )


def built_by_us(one: Published) -> bytes:
    """What our builder makes of the fields of a published Certificate, under the issuer's name as it stands."""
    document = read(one)
    fields, issuer = document.fields, issuer_of(document)
    contents = Contents(
        profile=PROFILE,
        environment=TEST,
        serial=fields[_SERIAL].content,
        issuer=name_of(fields[_ISSUER]),
        issuer_key_id=issuer.key_id,
        subject=name_of(fields[_SUBJECT]),
        not_before=document.not_before,
        point=fields[_KEY].children()[1].content[1:],
        usage=USAGES[one.usage],
    )
    parts = [field.encoded for field in der.read(build_tbs(contents)).children()]
    parts[_ISSUER] = issuer.name
    return der.sequence(*parts)


@pytest.mark.clause("L3.5")
def test_every_difference_is_known_and_explained(store: list[Published]) -> None:
    assert len(store) == 33
    assert {one.name: differences(one) for one in store} == {one.name: explained(one.name) for one in store}


@pytest.mark.clause("L3.5")
def test_what_does_not_differ_is_octet_for_octet_what_we_would_sign(store: list[Published]) -> None:
    alike = [one for one in store if not explained(one.name)]
    assert len(alike) == 23
    for one in alike:
        assert built_by_us(one) == der.read(one.der).children()[0].encoded, one.name


def test_role_and_identifier_are_those_of_the_package(store: list[Published]) -> None:
    for one in store:
        subject = name_of(read(one).fields[_SUBJECT])
        assert (subject.role_code, subject.eui64.hex()) == (one.role, one.eui64), one.name


def test_a_published_certificate_that_was_changed_is_found(store: list[Published]) -> None:
    """A check of the check."""
    one = next(one for one in store if not explained(one.name))
    octets = read(one).extension_octets(KEY_USAGE)
    assert octets is not None
    changed = one.der.replace(der.octet_string(octets), der.octet_string(b"\x03\x02\x07\x82"[: len(octets)]))
    expected = Expected(PROFILE, TEST, issuer_of(read(one)))
    assert "smki.key_usage" in {finding.lint for finding in lint_certificate(changed, expected)}
