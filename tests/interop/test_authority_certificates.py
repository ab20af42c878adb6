"""Software that we did not write accepts what we issue, and refuses what was changed.

The requests are made by openssl with the recipes that the help page shows.
"""

import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certification.authorities import crl, recipes
from certification.authorities.builder import new_serial
from certification.authorities.crl import ListContents, Revoked, RevokedEntry, build_list_tbs
from certification.authorities.csr import CheckedCsr, check_csr
from certification.authorities.encoding import Name
from certification.authorities.environments import TEST
from certification.authorities.profiles import CertificateKind, profile_of
from smki_pma.calendar import clock
from tests.samples.authority_keys import Hierarchy
from tests.samples.pkix_lint import certificate_findings, chain_findings, list_findings

DEVICE, ORGANISATION = CertificateKind.DEVICE, CertificateKind.ORGANISATION
RECIPES = {
    DEVICE: ("device", recipes.device_configuration(TEST), recipes.device_commands()),
    ORGANISATION: ("organisation", recipes.organisation_configuration(), recipes.organisation_commands()),
}
LEAVES = [DEVICE, ORGANISATION]
ISSUERS = {DEVICE: CertificateKind.ISSUING_DCA, ORGANISATION: CertificateKind.ISSUING_OCA}
ROOTS = {DEVICE: CertificateKind.ROOT_DCA, ORGANISATION: CertificateKind.ROOT_OCA}


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)


def request_by_openssl(kind: CertificateKind, folder: Path) -> bytes:
    name, configuration, commands = RECIPES[kind]
    (folder / f"{name}.cnf").write_text(configuration)
    made = run("sh", "-ec", commands, cwd=folder)
    assert made.returncode == 0, made.stderr
    return (folder / f"{name}.csr").read_bytes()


class Chain:
    """Root, issuing Authority and one Certificate for a request by openssl, as files in a folder."""

    def __init__(self, kind: CertificateKind, folder: Path) -> None:
        self.kind, self.folder, self.hierarchy = kind, folder, Hierarchy()
        now = clock.now().replace(microsecond=0)
        self.root = self.hierarchy.certificate(ROOTS[kind], not_before=now - timedelta(minutes=2))
        self.issuing = self.hierarchy.certificate(ISSUERS[kind], not_before=now - timedelta(minutes=1))
        csr = check_csr(request_by_openssl(kind, folder), kind, TEST).csr
        assert csr is not None
        self.csr: CheckedCsr = csr
        subject = Name(csr.common_name, csr.role_code, csr.eui64) if kind is ORGANISATION else Name()
        self.leaf = self.hierarchy.certificate(
            kind,
            not_before=now,
            subject=subject,
            point=csr.point,
            usage=csr.usage,
            eui64=b"" if kind is ORGANISATION else csr.eui64,
        )
        self.write("root", self.root)
        self.write("issuing", self.issuing)
        self.write("leaf", self.leaf)

    def write(self, name: str, der: bytes) -> None:
        pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
        (self.folder / f"{name}.pem").write_bytes(pem)

    def write_list(self, name: str, authority: CertificateKind, *revoked: RevokedEntry) -> bytes:
        issuer = self.hierarchy.issuer(self.kind if authority is ISSUERS[self.kind] else ISSUERS[self.kind])
        assert issuer is not None
        now = clock.now().replace(microsecond=0)
        contents = ListContents(
            issuer=issuer,
            number=1,
            this_update=now - timedelta(minutes=1),
            next_update=now + timedelta(hours=12),
            revoked=Revoked.of(revoked),
        )
        tbs = build_list_tbs(contents)
        crl.check_list_tbs(tbs, contents)
        document = self.hierarchy.sign(authority, tbs)
        (self.folder / f"{name}.pem").write_bytes(x509.load_der_x509_crl(document).public_bytes(Encoding.PEM))
        return document

    def verify(self, *options: str, leaf: str = "leaf.pem") -> subprocess.CompletedProcess[str]:
        command = [
            "openssl",
            "verify",
            "-x509_strict",
            "-policy_check",
            "-policy",
            TEST.device_policy,
            "-explicit_policy",
        ]
        return run(
            *command, "-CAfile", "root.pem", "-untrusted", "issuing.pem", *options, leaf, cwd=self.folder
        )


@pytest.fixture(params=LEAVES, scope="module")
def chain(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Chain(request.param, tmp_path_factory.mktemp("chain"))


@pytest.mark.clause("L3.5")
def test_openssl_verifies_the_chain(chain: Chain) -> None:
    verified = chain.verify()
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_openssl_reads_the_same_key(chain: Chain) -> None:
    name = RECIPES[chain.kind][0]
    key = run("openssl", "pkey", "-in", f"{name}.key", "-pubout", cwd=chain.folder).stdout
    assert run("openssl", "x509", "-in", "leaf.pem", "-noout", "-pubkey", cwd=chain.folder).stdout == key


def test_openssl_refuses_a_changed_certificate(chain: Chain) -> None:
    position = chain.leaf.index(chain.csr.eui64)
    changed = bytearray(chain.leaf)
    changed[position] ^= 1
    (chain.folder / "changed.pem").write_bytes(
        x509.load_der_x509_certificate(bytes(changed)).public_bytes(Encoding.PEM)
    )
    assert chain.verify(leaf="changed.pem").returncode != 0


def test_gnutls_verifies_the_chain(chain: Chain) -> None:
    together = (chain.folder / "leaf.pem").read_text() + (chain.folder / "issuing.pem").read_text()
    (chain.folder / "together.pem").write_text(together)
    command = ["certtool", "--verify", "--load-ca-certificate", "root.pem", "--infile", "together.pem"]
    verified = run(*command, cwd=chain.folder)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "Verified. The certificate is trusted." in verified.stdout


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize("name", ["root", "issuing", "leaf"])
def test_pkilint_finds_nothing(chain: Chain, name: str) -> None:
    assert certificate_findings(getattr(chain, name)) == set()


@pytest.mark.parametrize(("issuer", "subject"), [("root", "issuing"), ("issuing", "leaf")])
def test_pkilint_finds_the_chain_in_order(chain: Chain, issuer: str, subject: str) -> None:
    assert chain_findings(getattr(chain, issuer), getattr(chain, subject)) == set()


def test_pkilint_would_find_something() -> None:
    """A check of the check: a Device Certificate whose name is not critical is an error to pkilint."""
    profile = profile_of(DEVICE)
    lax = tuple(replace(each, critical=False) for each in profile.extensions)
    wrong = Hierarchy().certificate(DEVICE, profile=replace(profile, extensions=lax))
    assert "ERROR pkix.san_extension_not_critical_empty_subject" in certificate_findings(wrong)


@pytest.mark.clause("L5.1")
def test_lists(chain: Chain) -> None:
    arl = chain.write_list("arl", ROOTS[chain.kind])
    empty = chain.write_list("crl", ISSUERS[chain.kind])
    assert list_findings(arl) == list_findings(empty) == set()
    checked = chain.verify("-crl_check_all", "-CRLfile", "arl.pem", "-CRLfile", "crl.pem")
    assert checked.returncode == 0, checked.stderr
    serial = x509.load_der_x509_certificate(chain.leaf).serial_number.to_bytes(16)
    now = clock.now().replace(microsecond=0) - timedelta(seconds=30)
    entries = [RevokedEntry(new_serial(now), now), RevokedEntry(serial, now, 1)]
    assert list_findings(chain.write_list("crl", ISSUERS[chain.kind], *entries)) == set()
    revoked = chain.verify("-crl_check_all", "-CRLfile", "arl.pem", "-CRLfile", "crl.pem")
    assert "error 23" in revoked.stdout + revoked.stderr
