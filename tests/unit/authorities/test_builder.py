"""What the builder writes is, octet by octet, what `cryptography`'s builder writes for the same facts."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from certification.authorities import builder, der, encoding
from certification.authorities.builder import Contents, SignatureMismatch, build_tbs
from certification.authorities.encoding import Name
from certification.authorities.profiles import (
    HARDWARE_MODULE_NAME,
    WRAPPED_CONTINGENCY_KEY,
    CertificateKind,
    KeyUsage,
    profile_of,
)
from tests.samples.authority_keys import Hierarchy
from tests.samples.signing_requests import EUI64, new_key, point_of

HIERARCHY = Hierarchy()


def as_x509(name: Name) -> x509.Name:
    unit = (
        []
        if name.role_code is None
        else [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"{name.role_code:02X}")]
    )
    common = [x509.NameAttribute(NameOID.COMMON_NAME, name.common_name)] if name.common_name else []
    if not name.eui64:
        return x509.Name([*unit, *common])
    identifier = x509.NameAttribute(
        NameOID.X500_UNIQUE_IDENTIFIER, b"\0" + name.eui64, _type=_ASN1Type.BitString
    )
    return x509.Name([*common, *unit, identifier])


def usage_of(usage: KeyUsage) -> x509.KeyUsage:
    authority = usage is KeyUsage.CA
    return x509.KeyUsage(
        digital_signature=usage is KeyUsage.DS,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=usage is KeyUsage.KA,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def peer_extension(oid: str, contents: Contents) -> x509.ExtensionType:
    policy = contents.profile.policy(contents.environment)
    module = der.sequence(der.oid(contents.environment.hw_type), der.octet_string(contents.eui64))
    other = x509.OtherName(x509.ObjectIdentifier(HARDWARE_MODULE_NAME), module)
    made: dict[str, x509.ExtensionType] = {
        "2.5.29.19": x509.BasicConstraints(True, contents.profile.path_length),
        "2.5.29.15": usage_of(contents.usage),
        "2.5.29.14": x509.SubjectKeyIdentifier(encoding.key_identifier(contents.point)),
        "2.5.29.35": x509.AuthorityKeyIdentifier(contents.issuer_key_id, None, None),
        "2.5.29.32": x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(policy), None)]),
        "2.5.29.17": x509.SubjectAlternativeName([other]),
        WRAPPED_CONTINGENCY_KEY: x509.UnrecognizedExtension(
            x509.ObjectIdentifier(WRAPPED_CONTINGENCY_KEY), contents.wrapped_contingency_key
        ),
    }
    return made[oid]


def peer_tbs(contents: Contents) -> bytes:
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), contents.point)
    peer = (
        x509.CertificateBuilder()
        .serial_number(int.from_bytes(contents.serial))
        .issuer_name(as_x509(contents.issuer))
        .subject_name(as_x509(contents.subject))
        .not_valid_before(contents.not_before)
        .not_valid_after(contents.not_after)
        .public_key(key)
    )
    for rule in contents.profile.extensions:
        peer = peer.add_extension(peer_extension(rule.oid, contents), critical=rule.critical)
    return peer.sign(new_key(), hashes.SHA256()).tbs_certificate_bytes


@pytest.mark.parametrize("kind", CertificateKind)
def test_same_bytes_as_the_peer(kind: CertificateKind) -> None:
    contents = HIERARCHY.contents(kind)
    assert build_tbs(contents) == peer_tbs(contents)


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2140, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["", "Brightwater", "Ž", "x" * 64]),
    st.sampled_from([1, 2, 127, 137]),
    st.sampled_from([KeyUsage.DS, KeyUsage.KA]),
)
def test_same_bytes_for_any_organisation(at: datetime, name: str, role: int, usage: KeyUsage) -> None:
    contents = HIERARCHY.contents(
        CertificateKind.ORGANISATION,
        subject=Name(name, role, EUI64),
        not_before=at.replace(microsecond=0),
        usage=usage,
    )
    assert build_tbs(contents) == peer_tbs(contents)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
@pytest.mark.clause("L3.5")
def test_serial_is_positive_and_sixteen_octets(at: datetime) -> None:
    serial = builder.new_serial(at)
    assert len(serial) == 16
    assert 0x40 <= serial[0] <= 0x7F
    assert serial[1:5] == int(at.timestamp()).to_bytes(4)
    assert serial != builder.new_serial(at)


def test_key_identifier_is_method_two() -> None:
    point = point_of(new_key())
    ours = encoding.key_identifier(point)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    sha1 = x509.SubjectKeyIdentifier.from_public_key(key).digest
    assert len(ours) == 8
    assert ours[0] >> 4 == 0b0100
    assert int.from_bytes(ours) & (2**60 - 1) == int.from_bytes(sha1) & (2**60 - 1)


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        (CertificateKind.ROOT_DCA, datetime(2026, 11, 22, 9, 0, 0), datetime(2076, 11, 22, 8, 59, 59)),
        (CertificateKind.ISSUING_OCA, datetime(2026, 11, 22, 9, 0, 0), datetime(2051, 11, 22, 8, 59, 59)),
        (CertificateKind.DEVICE, datetime(2026, 11, 22, 9, 0, 0), datetime(9999, 12, 31, 23, 59, 59)),
        (CertificateKind.ORGANISATION, datetime(2026, 11, 22, 9, 0, 0), datetime(2036, 11, 21, 23, 59, 59)),
        (CertificateKind.ORGANISATION, datetime(2028, 2, 29, 9, 0, 0), datetime(2038, 2, 28, 23, 59, 59)),
    ],
)
def test_lifetimes(kind: CertificateKind, start: datetime, end: datetime) -> None:
    lifetime = profile_of(kind).lifetime
    assert lifetime.ends_at(start.replace(tzinfo=UTC)) == end.replace(tzinfo=UTC)


@pytest.mark.clause("L3.5")
def test_nothing_leaves_with_a_bad_signature() -> None:
    tbs = build_tbs(HIERARCHY.contents(CertificateKind.DEVICE))
    other = new_key().sign(tbs, ec.ECDSA(hashes.SHA256()))
    issuer_point = point_of(HIERARCHY.keys[CertificateKind.ISSUING_DCA])
    with pytest.raises(SignatureMismatch, match="does not verify"):
        builder.assemble(tbs, other, issuer_point=issuer_point)


def test_signed_bytes_are_the_linted_bytes() -> None:
    tbs = build_tbs(HIERARCHY.contents(CertificateKind.DEVICE))
    certificate = HIERARCHY.sign(CertificateKind.ISSUING_DCA, tbs)
    assert x509.load_der_x509_certificate(certificate).tbs_certificate_bytes == tbs


def test_signing_the_same_bytes_again_gives_the_same_certificate() -> None:
    tbs = build_tbs(HIERARCHY.contents(CertificateKind.DEVICE))
    assert HIERARCHY.sign(CertificateKind.ISSUING_DCA, tbs) == HIERARCHY.sign(
        CertificateKind.ISSUING_DCA, tbs
    )


def test_missing_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="key identifier of its issuer"):
        build_tbs(HIERARCHY.contents(CertificateKind.DEVICE, issuer_key_id=None))
    with pytest.raises(ValueError, match="wrapped Contingency Key"):
        build_tbs(HIERARCHY.contents(CertificateKind.ROOT_OCA, wrapped_contingency_key=b""))
