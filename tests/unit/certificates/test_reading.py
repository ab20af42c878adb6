"""Columns come from the bytes that were signed."""

import hashlib

import pytest

from certification.authorities.profiles import CertificateKind as Profile
from certification.authorities.profiles import KeyUsage
from repository.certificates.encoding import encode_der, encode_pem
from repository.certificates.kinds import CertificateKind
from repository.certificates.reading import read_certificate
from tests.samples.authority_keys import Hierarchy


@pytest.mark.clause("L5.1")
@pytest.mark.parametrize("kind", list(CertificateKind))
def test_every_kind_is_read(kind):
    hierarchy = Hierarchy()
    der = hierarchy.certificate(Profile(kind.value))

    columns = read_certificate(der, kind)

    assert columns.sha256 == hashlib.sha256(der).hexdigest()
    assert len(columns.serial) == 32
    assert columns.issuer_key_id
    leaf = kind in (CertificateKind.DEVICE, CertificateKind.ORGANISATION)
    assert columns.eui64 == ("90B3D51F30010000" if leaf else "")
    assert columns.role_code == (2 if kind is CertificateKind.ORGANISATION else None)
    assert columns.usage == ("DS" if leaf else "CA")
    assert (columns.not_after_at.year == 9999) == (kind is CertificateKind.DEVICE)
    assert columns.subject == "" if kind is CertificateKind.DEVICE else columns.subject


def test_key_agreement_is_told_from_digital_signature():
    der = Hierarchy().certificate(Profile.DEVICE, usage=KeyUsage.KA)

    assert read_certificate(der, CertificateKind.DEVICE).usage == "KA"


@pytest.mark.parametrize("der", [b"", b"\x30\x00", b"not a certificate"])
def test_other_bytes_are_refused(der):
    with pytest.raises(ValueError, match="parsing asn1"):
        read_certificate(der, CertificateKind.DEVICE)


def test_a_certificate_of_another_kind_is_refused():
    hierarchy = Hierarchy()

    with pytest.raises(ValueError, match="extension"):
        read_certificate(hierarchy.certificate(Profile.ISSUING_DCA), CertificateKind.DEVICE)
    with pytest.raises(ValueError, match=r"one unique identifier|one organisational unit"):
        read_certificate(hierarchy.certificate(Profile.DEVICE), CertificateKind.ORGANISATION)


def test_pem_reads_back():
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    der = Hierarchy().certificate(Profile.DEVICE)

    pem = encode_pem(der).body
    assert x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER) == der
    assert max(len(line) for line in pem.splitlines()) == 64
    assert encode_der(der).body == der
