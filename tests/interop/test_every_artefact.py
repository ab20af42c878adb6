"""All six kinds of Certificate, CRL and ARL, of both environments: read by four parsers that we did not write.

pkilint here is as it comes, without our lints, and must find nothing; GnuTLS, Node and OpenSSL read the same fields.
"""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certification.authorities.builder import new_serial
from certification.authorities.crl import ListContents, Revoked, RevokedEntry, build_list_tbs
from certification.authorities.environments import TEST, Environment, live_environment
from certification.authorities.profiles import CertificateKind, profile_of
from certification.linting.linters import lint_certificate, lint_list
from certification.linting.revocation_lists import ExpectedList
from certification.linting.rule import Expected
from tests.samples.authority_keys import AT, Hierarchy
from tests.samples.pkix_lint import certificate_findings, chain_findings, list_findings
from tests.samples.signing_requests import EUI64, point_of

LIVE = live_environment(device_policy="1.2.3.1", organisation_policy="1.2.3.2", hw_type="1.2.3.3")
SAMPLE = live_environment(device_policy="", organisation_policy="", hw_type="")
ENVIRONMENTS = {"test": TEST, "live": LIVE, "sample": SAMPLE}
LISTS = {
    "arl of devices": CertificateKind.ROOT_DCA,
    "arl of organisations": CertificateKind.ROOT_OCA,
    "crl": CertificateKind.ISSUING_OCA,
}
KIND_BELOW = {
    CertificateKind.ROOT_DCA: CertificateKind.ISSUING_DCA,
    CertificateKind.ROOT_OCA: CertificateKind.ISSUING_OCA,
    CertificateKind.ISSUING_OCA: CertificateKind.ORGANISATION,
}


@dataclass
class Artefacts:
    """Everything that one environment issues, as bytes and as PEM files in a folder."""

    environment: Environment
    folder: Path

    def __post_init__(self) -> None:
        self.hierarchy = Hierarchy()
        self.certificates = {
            kind: self.hierarchy.certificate(kind, environment=self.environment) for kind in CertificateKind
        }
        self.lists = {name: self._list(authority) for name, authority in LISTS.items()}
        for kind, encoded in self.certificates.items():
            pem = x509.load_der_x509_certificate(encoded).public_bytes(Encoding.PEM)
            (self.folder / f"{kind}.pem").write_bytes(pem)
        for name, encoded in self.lists.items():
            (self.folder / f"{name}.pem").write_bytes(
                x509.load_der_x509_crl(encoded).public_bytes(Encoding.PEM)
            )

    def _list(self, authority: CertificateKind) -> bytes:
        issuer = self.hierarchy.issuer(KIND_BELOW[authority])
        assert issuer is not None
        entries = [RevokedEntry(new_serial(AT), AT, reason) for reason in (None, 1, 4, 5)]
        contents = ListContents(
            issuer=issuer,
            number=2**64,
            this_update=AT,
            next_update=AT + timedelta(hours=12),
            revoked=Revoked.of(entries),
        )
        return self.hierarchy.sign(authority, build_list_tbs(contents))

    def point(self, authority: CertificateKind) -> bytes:
        return point_of(self.hierarchy.keys[authority])


@pytest.fixture(scope="module", params=ENVIRONMENTS)
def artefacts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Artefacts:
    return Artefacts(ENVIRONMENTS[request.param], tmp_path_factory.mktemp("artefacts"))


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.clause("L3.5")
def test_pkilint_finds_nothing_in_any(artefacts: Artefacts) -> None:
    for kind, encoded in artefacts.certificates.items():
        assert certificate_findings(encoded) == set(), kind
        if not profile_of(kind).self_signed:
            issuer = artefacts.certificates[profile_of(kind).issuer]
            assert chain_findings(issuer, encoded) == set(), kind
    for name, encoded in artefacts.lists.items():
        assert list_findings(encoded) == set(), name


@pytest.mark.clause("L3.5")
def test_our_own_lints_find_nothing_in_any(artefacts: Artefacts) -> None:
    for kind, encoded in artefacts.certificates.items():
        profile = profile_of(kind)
        issuer = artefacts.hierarchy.issuer(kind)
        expected = Expected(profile, artefacts.environment, issuer, artefacts.point(profile.issuer))
        assert lint_certificate(encoded, expected) == (), kind
    for name, authority in LISTS.items():
        issuer = artefacts.hierarchy.issuer(KIND_BELOW[authority])
        assert issuer is not None
        expected_list = ExpectedList(issuer, artefacts.point(authority))
        assert lint_list(artefacts.lists[name], expected_list) == (), name


def test_gnutls_reads_the_same_serial_usage_and_policy(artefacts: Artefacts) -> None:
    for kind, encoded in artefacts.certificates.items():
        profile, certificate = profile_of(kind), x509.load_der_x509_certificate(encoded)
        told = run("certtool", "--certificate-info", "--infile", f"{kind}.pem", cwd=artefacts.folder)
        serial = re.search(r"Serial Number \(hex\): ([0-9a-f]+)", told)
        assert serial is not None
        assert int(serial[1], 16) == certificate.serial_number
        assert profile.policy(artefacts.environment) in told
        assert ("Certificate signing." in told) is profile.is_authority
        assert re.search(r"Curve:\s+SECP256R1", told)
    for name in LISTS:
        told = run("certtool", "--crl-info", "--infile", f"{name}.pem", cwd=artefacts.folder)
        assert "Revoked certificates (4)" in told, told


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not here.")
def test_node_reads_the_same_and_verifies_each_signature(artefacts: Artefacts) -> None:
    program = Path(__file__).parent / "read_with_node.mjs"
    pairs = [f"{kind}.pem,{profile_of(kind).issuer}.pem" for kind in CertificateKind]
    told = json.loads(run("node", str(program), *pairs, cwd=artefacts.folder))
    for kind, each in zip(CertificateKind, told, strict=True):
        certificate = x509.load_der_x509_certificate(artefacts.certificates[kind])
        assert int(each["serial"], 16) == certificate.serial_number
        assert (each["ca"], each["issued"], each["signed"]) == (profile_of(kind).is_authority, True, True)
        assert each["until"].startswith(f"{certificate.not_valid_after_utc:%Y-%m-%dT%H:%M:%S}")
        assert bool(each["names"]) is (kind is CertificateKind.DEVICE)


def test_openssl_verifies_the_lists(artefacts: Artefacts) -> None:
    for name, authority in LISTS.items():
        command = (
            "openssl",
            "crl",
            "-in",
            f"{name}.pem",
            "-noout",
            "-crlnumber",
            "-CAfile",
            f"{authority}.pem",
        )
        done = subprocess.run(command, cwd=artefacts.folder, capture_output=True, text=True, timeout=60)
        assert "verify OK" in done.stderr
        assert int(done.stdout.strip().removeprefix("crlNumber="), 16) == 2**64


def test_the_device_is_named_by_its_eui64(artefacts: Artefacts) -> None:
    told = run("openssl", "asn1parse", "-in", f"{CertificateKind.DEVICE}.pem", cwd=artefacts.folder)
    names = [line for line in told.splitlines() if "HEX DUMP" in line]
    assert any(EUI64.hex().upper() in line for line in names)
