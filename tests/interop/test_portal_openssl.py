"""From a request made by openssl, through the portal's pages, to a Certificate that others' software accepts."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from certification.authorities import recipes
from certification.authorities.profiles import CertificateKind
from certification.authorities.selectors import active_authority
from certification.requests import views
from certification.requests.models import CertificateRequest
from repository.certificates.encoding import encode_pem
from repository.certificates.models import Certificate
from tests.samples.certification import Certification
from tests.samples.certification_fixtures import *
from tests.samples.pkix_lint import certificate_findings
from tests.samples.signing_requests import SAMPLE

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
RECIPES = {
    "device": (recipes.device_configuration(SAMPLE), recipes.device_commands()),
    "organisation": (recipes.organisation_configuration(), recipes.organisation_commands()),
}
ISSUERS = {
    "device": (CertificateKind.ISSUING_DCA, CertificateKind.ROOT_DCA),
    "organisation": (CertificateKind.ISSUING_OCA, CertificateKind.ROOT_OCA),
}


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)


@pytest.fixture
def signed_in(client: Client, them: Certification, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(views, "WAIT_SECONDS", 0)
    client.force_login(them.officer, backend=BACKEND)
    return client


def fetch(
    policy: str, client: Client, them: Certification, run_jobs: Any, folder: Path
) -> CertificateRequest:
    """Make the request with openssl, hand it in, have it issued, fetch both files."""
    configuration, commands = RECIPES[policy]
    (folder / f"{policy}.cnf").write_text(configuration)
    made = run("sh", "-ec", commands, cwd=folder)
    assert made.returncode == 0, made.stderr
    address = f"/certification/requests/new/{policy}/"
    form = client.get(address).context["form"]
    fields = {
        "submission_key": str(form["submission_key"].value()),
        "subscriber": form.fields["subscriber"].initial,
        "text": "",
    }
    with (folder / f"{policy}.csr").open("rb") as file:
        answer = client.post(address, fields | {"file": file})
    assert answer.status_code == 302, answer.content.decode()
    request = CertificateRequest.objects.get()
    if policy == "organisation":
        client.force_login(them.registrar, backend=BACKEND)
        client.post(f"/certification/requests/{request.uid}/accept/")
        client.force_login(them.officer, backend=BACKEND)
    run_jobs()
    for form_of_file in ("pem", "der"):
        fetched = client.get(f"/certification/requests/{request.uid}/certificate.{form_of_file}")
        assert fetched.status_code == 200
        (folder / f"leaf.{form_of_file}").write_bytes(fetched.content)
    return request


@pytest.mark.clause("L3.4", "L3.5")
@pytest.mark.parametrize("policy", ["device", "organisation"])
def test_openssl_makes_the_request_and_verifies_the_certificate(policy, signed_in, them, run_jobs, tmp_path):
    fetch(policy, signed_in, them, run_jobs, tmp_path)
    for name, kind in zip(("issuing", "root"), ISSUERS[policy], strict=True):
        authority = active_authority(kind, "live")
        (tmp_path / f"{name}.pem").write_bytes(encode_pem(bytes(authority.certificate_der)).body)

    verified = run(
        "openssl", "verify", "-x509_strict", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem",
        cwd=tmp_path,
    )  # fmt: skip
    assert verified.returncode == 0, verified.stdout + verified.stderr
    key = run("openssl", "pkey", "-in", f"{policy}.key", "-pubout", cwd=tmp_path).stdout
    assert run("openssl", "x509", "-in", "leaf.pem", "-noout", "-pubkey", cwd=tmp_path).stdout == key
    assert certificate_findings((tmp_path / "leaf.der").read_bytes()) == set()
    assert Certificate.objects.filter(kind=policy).count() == 1
