"""From the request for a revocation to a CRL that others' software reads: openssl, GnuTLS, pkilint."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certification.authorities.models import Authority
from certification.authorities.selectors import certificate_pem
from certification.requests.services import accept_request
from certification.revocations import services
from certification.revocations.rules import Reason
from certification.subscribers.rules import Policy
from repository.certificates.encoding import encode_pem
from repository.certificates.models import Certificate, RevocationList
from smki_pma.ledger.actors import Actor
from tests.samples.certification import Certification
from tests.samples.certification_fixtures import *
from tests.samples.pkix_lint import list_findings
from tests.samples.signing_requests import organisation

pytestmark = pytest.mark.django_db
REVOKED = "error 23"


class Lists:
    """The chain of an Organisation Certificate and the lists in force, as files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        issuing = Authority.objects.select_related("parent").get(kind="issuing_oca")
        assert issuing.parent is not None
        (folder / "issuing.pem").write_text(certificate_pem(issuing))
        (folder / "root.pem").write_text(certificate_pem(issuing.parent))
        self.names = {"crl": issuing.title, "arl": issuing.parent.title}

    def fetch(self) -> None:
        for kind, issuer in self.names.items():
            newest = RevocationList.objects.filter(list_kind=kind, issuer_name=issuer).latest("id")
            pem = x509.load_der_x509_crl(bytes(newest.der)).public_bytes(Encoding.PEM)
            (self.folder / f"{kind}.pem").write_bytes(pem)
            (self.folder / f"{kind}.der").write_bytes(bytes(newest.der))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=60)

    def verify(self, name: str) -> str:
        """What openssl says of a Certificate, with the lists of the whole chain."""
        lists = ["-crl_check_all", "-CRLfile", "arl.pem", "-CRLfile", "crl.pem"]
        chain = ["-x509_strict", "-CAfile", "root.pem", "-untrusted", "issuing.pem"]
        done = self.run("openssl", "verify", *chain, *lists, f"{name}.pem")
        return done.stdout + done.stderr


def issue(them: Certification, run_jobs: Any, folder: Path, name: str) -> Certificate:
    request = them.submit(organisation().make(), Policy.ORGANISATION)
    accept_request(request_uid=request.uid, by=them.by_registrar)
    run_jobs()
    request.refresh_from_db()
    assert request.certificate is not None
    (folder / f"{name}.pem").write_bytes(encode_pem(bytes(request.certificate.der)).body)
    return request.certificate


def revoke(them: Certification, certificate: Certificate, reason: Reason, by: Actor) -> None:
    request = services.request_revocation(
        certificate_id=certificate.pk, reason=reason, explanation="As the test wants.", by=by
    )
    services.grant_revocation(
        request_id=request.pk, evidence="As the test wants.", by=them.by_second_registrar
    )


@pytest.mark.clause("L3.4", "L3.5", "L5.1")
def test_a_revoked_certificate_is_refused_and_another_is_not(
    them: Certification, run_jobs: Any, tmp_path: Path
) -> None:
    lists = Lists(tmp_path)
    stolen, kept = (issue(them, run_jobs, tmp_path, name) for name in ("stolen", "kept"))
    lists.fetch()
    assert (lists.verify("stolen"), lists.verify("kept")) == ("stolen.pem: OK\n", "kept.pem: OK\n")

    revoke(them, stolen, Reason.COMPROMISE, them.by())
    run_jobs()
    lists.fetch()

    assert REVOKED in lists.verify("stolen")
    assert lists.verify("kept") == "kept.pem: OK\n"
    said = lists.run("openssl", "crl", "-in", "crl.pem", "-noout", "-text", "-CAfile", "issuing.pem")
    assert "verify OK" in said.stderr
    assert stolen.serial in said.stdout
    assert kept.serial not in said.stdout
    assert "Key Compromise" in said.stdout
    by_gnutls = ["certtool", "--verify-crl", "--load-ca-certificate", "issuing.pem", "--infile", "crl.pem"]
    assert lists.run(*by_gnutls).returncode == 0


@pytest.mark.clause("L3.5")
def test_pkilint_finds_nothing_in_a_list_with_every_reason(
    them: Certification, run_jobs: Any, tmp_path: Path
) -> None:
    lists = Lists(tmp_path)
    by_subscriber = (Reason.COMPROMISE, Reason.NO_LONGER_NEEDED, Reason.WRONG_CONTENT)
    asked = [(reason, them.by()) for reason in by_subscriber]
    for reason, by in [*asked, (Reason.LOSS_OF_ELIGIBILITY, them.by_registrar)]:
        revoke(them, issue(them, run_jobs, tmp_path, reason.value), reason, by)
    run_jobs()
    lists.fetch()
    assert len(x509.load_der_x509_crl((tmp_path / "crl.der").read_bytes())) == 4
    for kind in ("crl", "arl"):
        assert list_findings((tmp_path / f"{kind}.der").read_bytes()) == set()
