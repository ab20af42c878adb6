"""Requests are read in every wrapping and refused with the precise reason."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from certification.authorities import der
from certification.authorities.csr import check_csr
from certification.authorities.csr_reading import holds_private_key
from certification.authorities.profiles import (
    ALTERNATIVE_NAME,
    COMMON_NAME,
    KEY_USAGE,
    ORGANISATIONAL_UNIT,
    UNIQUE_IDENTIFIER,
    CertificateKind,
    KeyUsage,
)
from tests.samples import signing_requests as sample

DEVICE, ORGANISATION = CertificateKind.DEVICE, CertificateKind.ORGANISATION


def codes(data: bytes, kind: CertificateKind = DEVICE) -> list[str]:
    outcome = check_csr(data, kind, sample.SAMPLE)
    assert (outcome.csr is None) == bool(outcome.faults)
    for fault in outcome.faults:
        assert fault.message.endswith(".")
        assert fault.source
        assert fault.field
    return [fault.code for fault in outcome.faults]


def pem(data: bytes, label: str = "CERTIFICATE REQUEST") -> bytes:
    body = base64.encodebytes(data).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


@pytest.mark.parametrize(
    ("usage", "expected"), [(sample.DIGITAL_SIGNATURE, KeyUsage.DS), (sample.KEY_AGREEMENT, KeyUsage.KA)]
)
def test_device_request(usage: bytes, expected: KeyUsage) -> None:
    recipe = sample.device(usage=usage)
    csr = check_csr(recipe.make(), DEVICE, sample.SAMPLE).csr
    assert csr is not None
    assert (csr.usage, csr.eui64, csr.role_code) == (expected, sample.EUI64, None)
    assert csr.point == sample.point_of(recipe.key)


def test_organisation_request() -> None:
    csr = check_csr(
        sample.organisation("87", common_name="Brightwater").make(), ORGANISATION, sample.SAMPLE
    ).csr
    assert csr is not None
    assert (csr.role_code, csr.eui64, csr.common_name) == (135, sample.EUI64, "Brightwater")


def wrappings(data: bytes) -> dict[str, bytes]:
    text = base64.b64encode(data)
    return {
        "der": data,
        "pem": pem(data),
        "new pem": pem(data, "NEW CERTIFICATE REQUEST"),
        "crlf": pem(data).replace(b"\n", b"\r\n"),
        "byte order mark": b"\xef\xbb\xbf" + pem(data),
        "text before": b"Certificate Request:\n  Data:\n" + pem(data),
        "one line": text,
        "short lines": b"\n".join(text[i : i + 11] for i in range(0, len(text), 11)) + b"\n",
    }


@pytest.mark.parametrize("wrapping", wrappings(b""))
def test_every_wrapping_gives_the_same_request(wrapping: str) -> None:
    data = sample.device().make()
    csr = check_csr(wrappings(data)[wrapping], DEVICE, sample.SAMPLE).csr
    assert csr is not None
    assert csr.der == data


def test_wrong_wrappings() -> None:
    data = sample.device().make()
    key = pem(b"0", "EC PRIVATE KEY")
    expected = {
        b"": "csr.empty",
        b"  \n": "csr.empty",
        pem(b""): "csr.empty",
        b"hello, world": "csr.not_base64",
        pem(data, "CERTIFICATE"): "csr.not_a_request",
        pem(data) + pem(data): "csr.several",
        pem(data) + b"x": "csr.trailing_data",
        pem(data)[:200]: "csr.truncated",
        base64.b64encode(data)[:150]: "csr.truncated",
        base64.b64encode(data)[:148]: "csr.truncated",
        data[:-1]: "csr.truncated",
        data + b"\0": "csr.trailing_data",
        key + pem(data): "csr.private_key",
        b"0\x80\x00\x00": "csr.not_der",
        b"0" * 20_000: "csr.too_large",
        b"\x30\x03\x02\x01\x05": "csr.not_a_request",
    }
    assert {given: codes(given) for given in expected} == {given: [code] for given, code in expected.items()}


@pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
@pytest.mark.parametrize("kind", ["EC", "RSA"])
@pytest.mark.clause("L3.5")
def test_a_private_key_is_known_for_what_it_is(form: str, kind: str) -> None:
    key = sample.new_key() if kind == "EC" else rsa.generate_private_key(65537, 2048)
    octets, in_pem = (
        key.private_bytes(encoding, getattr(serialization.PrivateFormat, form), serialization.NoEncryption())
        for encoding in (serialization.Encoding.DER, serialization.Encoding.PEM)
    )
    text = base64.encodebytes(octets)
    spread = b" \n".join(text[at : at + 1] for at in range(len(text)))
    # With something after it, cut off, or under the label of a request it is no less a key.
    wrapped = (in_pem, b"x\n" + in_pem, text, text[:61], spread, pem(octets))
    for given in (octets, octets + b"\n", octets[:-9], *wrapped):
        outcome = check_csr(given, DEVICE, sample.SAMPLE)
        assert [fault.code for fault in outcome.faults] == ["csr.private_key"]
        assert not outcome.may_be_kept


def test_what_is_no_private_key_may_be_kept() -> None:
    data = sample.device().make()
    wrapped = (data, pem(data), base64.encodebytes(data))
    for given in (*wrapped, b"junk", b"", b"\x30", b"\x30\x03\x02\x01\x05", b"ab", b"abcde"):
        assert not holds_private_key(given)
        assert check_csr(given, DEVICE, sample.SAMPLE).may_be_kept


def test_a_certificate_is_not_a_request() -> None:
    key = sample.new_key()
    day = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(x509.Name([]), x509.Name([]), key.public_key(), 1, day, day)
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    outcome = check_csr(certificate, DEVICE, sample.SAMPLE)
    assert "a Certificate" in outcome.faults[0].message


def test_rsa_key() -> None:
    key = rsa.generate_private_key(65537, 2048)
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    data = request.public_bytes(serialization.Encoding.DER)
    assert {"csr.key.rsa", "csr.signature.algorithm"} <= set(codes(data))
    messages = " ".join(fault.message for fault in check_csr(data, DEVICE, sample.SAMPLE).faults)
    assert "signed with sha256WithRSAEncryption" in messages


def test_p384_key() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    assert "csr.key.curve" in codes(request.public_bytes(serialization.Encoding.DER))


GOOD = sample.device()
GOOD_POINT = sample.point_of(GOOD.key)
SAN = sample.alternative_name(sample.other_name())
USAGE = (KEY_USAGE, sample.DIGITAL_SIGNATURE)


def asking(*extensions: tuple[str, bytes]) -> sample.Recipe:
    return GOOD.but(extensions=extensions)


def using(bits: str) -> sample.Recipe:
    return asking((KEY_USAGE, bytes.fromhex(bits)), (ALTERNATIVE_NAME, SAN))


def named(*names: bytes) -> sample.Recipe:
    return asking(USAGE, (ALTERNATIVE_NAME, sample.alternative_name(*names)))


PASSWORD = sample.attribute(sample.utf8("secret"), oid="1.2.840.113549.1.9.7")
DNS_NAME = der.write(0x82, b"meter.example")


@pytest.mark.parametrize(
    ("recipe", "code"),
    [
        (GOOD.but(version=der.integer(2)), "csr.version"),
        (GOOD.but(subject=sample.organisation_name()), "csr.subject.not_empty"),
        (GOOD.but(key_info=sample.key_info(b"\x02" + GOOD_POINT[1:33])), "csr.key.compressed"),
        (GOOD.but(key_info=sample.key_info(b"\x04" + b"\x01" * 64)), "csr.key.not_on_curve"),
        (GOOD.but(key_info=sample.key_info(b"\x00")), "csr.key.point"),
        (
            GOOD.but(key_info=sample.key_info(GOOD_POINT, parameters=der.sequence())),
            "csr.key.curve_not_named",
        ),
        (GOOD.but(key_info=sample.key_info(GOOD_POINT, algorithm="1.3.101.112")), "csr.key.algorithm"),
        (GOOD.but(signature=sample.new_key().sign(b"other", ec.ECDSA(hashes.SHA256()))), "csr.signature.bad"),
        (GOOD.but(signature=b"not a signature"), "csr.signature.bad"),
        (GOOD.but(algorithm=der.sequence(der.oid("1.2.840.10045.4.3.3"))), "csr.signature.algorithm"),
        (
            GOOD.but(algorithm=der.sequence(der.oid("1.2.840.10045.4.3.2"), b"\x05\x00")),
            "csr.signature.parameters",
        ),
        (GOOD.but(attributes=()), "csr.attributes"),
        (GOOD.but(attributes=(PASSWORD,)), "csr.attributes"),
        (GOOD.but(attributes=(sample.attribute(der.sequence()),) * 2), "csr.attributes"),
        (asking((ALTERNATIVE_NAME, SAN)), "csr.key_usage.missing"),
        (using("030100"), "csr.key_usage.none"),
        (using("03020388"), "csr.key_usage.both"),
        (using("030205A0"), "csr.key_usage.other"),
        (using("0303078080"), "csr.key_usage.other"),
        (using("040180"), "csr.key_usage.form"),
        (asking(USAGE), "csr.san.missing"),
        (asking(USAGE, (ALTERNATIVE_NAME, SAN), (ALTERNATIVE_NAME, SAN)), "csr.san.count"),
        (named(*[sample.other_name()] * 2), "csr.san.count"),
        (named(DNS_NAME), "csr.san.kind"),
        (named(sample.other_name(kind="1.2.3")), "csr.san.type"),
        (named(sample.other_name(hw_type="1.2.3")), "csr.san.hw_type"),
        (named(sample.other_name(b"1234567")), "csr.san.eui64"),
        (asking(USAGE, (ALTERNATIVE_NAME, b"\x04\x00")), "csr.san.form"),
        (asking(USAGE, (ALTERNATIVE_NAME, SAN), ("2.5.29.19", der.sequence())), "csr.extension.unknown"),
        (asking(USAGE, USAGE, (ALTERNATIVE_NAME, SAN)), "csr.extension.repeated"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.clause("L3.4")
def test_wrong_device_request(recipe: sample.Recipe, code: str) -> None:
    assert codes(recipe.make()) == [code]


UNIT, IDENTIFIER = (ORGANISATIONAL_UNIT, sample.utf8("02")), (UNIQUE_IDENTIFIER, der.bit_string(sample.EUI64))


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        (sample.name(IDENTIFIER), "csr.subject.role_missing"),
        (sample.name(UNIT), "csr.subject.identifier_missing"),
        (sample.name(UNIT, (UNIQUE_IDENTIFIER, sample.utf8("x"))), "csr.subject.identifier_form"),
        (sample.organisation_name(eui64=b"123456789"), "csr.subject.eui64"),
        (sample.organisation_name("2"), "csr.subject.role_form"),
        (sample.organisation_name("0H"), "csr.subject.role_form"),
        (sample.organisation_name("٠٢"), "csr.subject.role_form"),
        (sample.organisation_name("09"), "csr.subject.role_unknown"),
        (sample.organisation_name("00"), "csr.subject.role_reserved"),
        (sample.organisation_name("07"), "csr.subject.role_reserved"),
        (sample.organisation_name(common_name="a" * 65), "csr.subject.common_name"),
        (sample.organisation_name(common_name="a\nb"), "csr.subject.common_name"),
        (sample.name((COMMON_NAME, b"\x0c\x01\xff"), UNIT, IDENTIFIER), "csr.subject.common_name"),
        (sample.name(UNIT, UNIT, IDENTIFIER), "csr.subject.repeated"),
        (sample.name(UNIT, IDENTIFIER, ("2.5.4.6", sample.utf8("GB"))), "csr.subject.unknown"),
        (der.sequence(der.octet_string(b"")), None),
    ],
)
@pytest.mark.clause("L3.4")
def test_wrong_organisation_subject(subject: bytes, code: str | None) -> None:
    assert codes(sample.organisation().but(subject=subject).make(), ORGANISATION) == [code or "csr.not_der"]


def test_device_name_is_not_for_organisations() -> None:
    recipe = sample.organisation().but(extensions=(USAGE, (ALTERNATIVE_NAME, SAN)))
    assert codes(recipe.make(), ORGANISATION) == ["csr.extension.unknown"]


def test_all_faults_come_together() -> None:
    recipe = sample.device().but(version=der.integer(1), subject=sample.organisation_name(), extensions=())
    assert codes(recipe.make()) == [
        "csr.version",
        "csr.subject.not_empty",
        "csr.key_usage.missing",
        "csr.san.missing",
    ]


def test_known_weak_key_is_refused() -> None:
    outcome = check_csr(sample.device().make(), DEVICE, sample.SAMPLE, weak_key=lambda spki: len(spki) == 91)
    assert [fault.code for fault in outcome.faults] == ["csr.key.known_weak"]


def test_changed_request_proves_no_possession() -> None:
    data = sample.device().make()
    assert codes(data.replace(sample.EUI64, b"\x01" * 8)) == ["csr.signature.bad"]


def test_authorities_are_not_made_on_request() -> None:
    with pytest.raises(ValueError, match="Only Device and Organisation"):
        check_csr(b"", CertificateKind.ROOT_DCA, sample.SAMPLE)
