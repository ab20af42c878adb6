"""What the TLS front on one's own machine needs: a certificate for localhost, and a credential to try it with."""

import os
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from certification.service_interface.authority import authorities_believed, establish_authority
from certification.service_interface.certificates import pem
from certification.service_interface.credentials import ask_for_credential, issue_credential
from certification.service_interface.models import Credential
from certification.service_interface.states import ACTIVE
from certification.subscribers.models import ResponsibleOfficer
from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor
from smki_pma.parties.authority import acting_as
from smki_pma.parties.roles import Role

NAME = "Local front"
SERVER_DAYS = 397


def write_authorities(folder: Path) -> None:
    """The authorities whose credentials the front lets through."""
    establish_authority(by=Actor.owner("local front"))
    text = "".join(pem(bytes(each.certificate)) for each in authorities_believed(at=clock.now()))
    (folder / "interface-authorities.pem").write_text(text)


def write_server_certificate(folder: Path) -> None:
    """A self-signed certificate for localhost, made once and again when it is near its end."""
    now, file = clock.now(), folder / "server.pem"
    if file.exists() and x509.load_pem_x509_certificate(
        file.read_bytes()
    ).not_valid_after_utc > now + timedelta(days=7):
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=SERVER_DAYS))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_private(folder / "server.key", _pem_of(key))
    file.write_bytes(made.public_bytes(Encoding.PEM))


def write_client_credential(folder: Path) -> None:
    """A credential of the sample community's first responsible officer, walked there through the services."""
    number = _number_of(folder / "client.pem")
    if number and Credential.objects.filter(state=ACTIVE, serial=number, expires_at__gt=clock.now()).exists():
        return
    officer = _first_officer()
    if officer is None:
        return
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "interface")])
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    by = acting_as(officer.person, Role.PARTY_OFFICER, clause="L4.5", party_id=officer.party_id)
    asked = ask_for_credential(
        party_id=officer.party_id, environment="live", name=NAME, csr=csr.public_bytes(Encoding.DER), by=by
    )
    issued = issue_credential(credential_id=asked.pk, by=Actor.clock())
    _write_private(folder / "client.key", _pem_of(key))
    (folder / "client.pem").write_text(pem(bytes(issued.certificate or b"")))


def _first_officer() -> ResponsibleOfficer | None:
    """Of a Party that is authorised for Device Certificates."""
    standing = ResponsibleOfficer.objects.filter(
        verified_at__isnull=False,
        ended_at__isnull=True,
        party__authorisations__policy="device",
        party__authorisations__withdrawn_at__isnull=True,
    )
    return standing.select_related("person").order_by("nominated_at", "pk").first()


def _number_of(file: Path) -> str:
    if not file.exists():
        return ""
    serial = x509.load_pem_x509_certificate(file.read_bytes()).serial_number
    return f"{serial:X}"


def _pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _write_private(file: Path, content: bytes) -> None:
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
