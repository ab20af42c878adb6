"""The PMA's key for signing documents: with the worker only, like the ledger's."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.conf import settings

from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import HOUSE_RULE, record, service
from smki_pma.ledger.keys import KeyMissing, passphrase, write_private
from smki_pma.records.models import DocumentKey

VALID_FOR = timedelta(days=3653)


class Signing(NamedTuple):
    """A certificate with its private key: DER, the key as PKCS#8."""

    certificate: bytes
    key: bytes


def _folder() -> Path:
    path: Path = settings.DATA_DIR / "records" / "keys"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


@service
def make_document_key(*, by: Actor) -> DocumentKey:
    """Make a key and its self-signed certificate, and publish the certificate (house rule)."""
    private = ec.generate_private_key(ec.SECP256R1())
    certificate = _certificate(private)
    fingerprint = hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase()))
    write_private(_folder() / f"{fingerprint}.pem", pem)
    made = DocumentKey(
        fingerprint=fingerprint,
        certificate_pem=certificate.public_bytes(Encoding.PEM).decode(),
        made_at=clock.now(),
    )
    made.save(force_insert=True)
    facts = {"sha256": fingerprint}
    record(
        "records.document_key_made", clause=HOUSE_RULE, by=by, subject=made, facts=facts, audience="public"
    )
    return made


def _certificate(private: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    test = " (test)" if settings.SMKI_SAMPLE_COMMUNITY else ""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"SMKI PMA documents{test}")])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    # From the day before, since a reader's clock may be behind.
    start = clock.now() - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )


def signing_in_use() -> Signing:
    """The key to sign with, made now if there has never been one. Raises KeyMissing."""
    key = DocumentKey.objects.order_by("-made_at").first() or make_document_key(by=Actor.clock())
    try:
        pem = (_folder() / f"{key.fingerprint}.pem").read_bytes()
    except FileNotFoundError:
        raise KeyMissing(
            f"The document key {key.fingerprint[:16]} is not in {_folder()}: restore it from the backup."
        ) from None
    private = load_pem_private_key(pem, passphrase())
    certificate = x509.load_pem_x509_certificate(key.certificate_pem.encode())
    return Signing(
        certificate=certificate.public_bytes(Encoding.DER),
        key=private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    )
