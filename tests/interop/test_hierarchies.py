"""openssl accepts both hierarchies of the sample community, a roll-over and an ARL, all made on a token."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certification.authorities.environments import environment
from certification.authorities.models import Authority, Ceremony
from certification.authorities.planning import plan_arl, plan_roll_over
from certification.authorities.profiles import CertificateKind
from certification.authorities.sample_authorities import carry_out, create_sample_authorities
from certification.authorities.selectors import active_authority, certificate_pem
from certification.authorities.services import approve_ceremony
from repository.certificates.models import RevocationList
from smki_pma.ledger.actors import Actor
from smki_pma.parties.roles import Role
from tests.samples.community import actor, party, person_in

HIERARCHIES = [
    (CertificateKind.ROOT_DCA, CertificateKind.ISSUING_DCA),
    (CertificateKind.ROOT_OCA, CertificateKind.ISSUING_OCA),
]
Openssl = Callable[..., str]


@pytest.fixture
def operators(db: None) -> list[Actor]:
    dcc = party("DCC", "dcc", tests_confirmed=False)
    names = ("Olga Operator", "Otto Operator")
    people = [person_in("dcc-ca-operator", name, for_party=dcc) for name in names]
    return [actor(person, Role.DCC_CA_OPERATOR) for person in people]


@pytest.fixture
def openssl(tmp_path: Path) -> Openssl:
    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["openssl", *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def hold(ceremony: Ceremony, operators: list[Actor]) -> None:
    for by in operators:
        ceremony = approve_ceremony(ceremony_id=ceremony.pk, script_sha256=ceremony.script_sha256, by=by)
    assert carry_out(ceremony).transcript


def active(kind: CertificateKind, key: str) -> Authority:
    found = active_authority(kind, key)
    assert found is not None
    return found


def write_latest_list(authority: Authority, file: Path) -> None:
    lodged = RevocationList.objects.filter(issuer_name=authority.title).latest("id")
    file.write_bytes(x509.load_der_x509_crl(bytes(lodged.der)).public_bytes(Encoding.PEM))


@pytest.mark.clause("L3.1", "L3.5")
def test_openssl_accepts_both_hierarchies(
    token: None, operators: list[Actor], openssl: Openssl, tmp_path: Path
) -> None:
    create_sample_authorities()
    for key in ("live", "test"):
        env = environment(key)
        for root_kind, issuing_kind in HIERARCHIES:
            root, issuing = active(root_kind, key), active(issuing_kind, key)
            (tmp_path / "root.pem").write_text(certificate_pem(root))
            (tmp_path / "issuing.pem").write_text(certificate_pem(issuing))
            write_latest_list(root, tmp_path / "arl.pem")
            policy = ("-policy_check", "-policy", root.profile.policy(env), "-explicit_policy")
            with_list = ("-crl_check", "-CRLfile", "arl.pem")
            openssl("verify", "-x509_strict", *policy, *with_list, "-CAfile", "root.pem", "issuing.pem")


@pytest.mark.clause("L3.5", "L5.1")
def test_openssl_accepts_a_roll_over_and_an_arl(
    token: None, operators: list[Actor], openssl: Openssl, tmp_path: Path
) -> None:
    create_sample_authorities()
    root, before = active(CertificateKind.ROOT_OCA, "live"), active(CertificateKind.ISSUING_OCA, "live")
    hold(plan_roll_over(authority_id=before.pk, name="OI2", witnesses=["W"], by=operators[0]), operators)
    hold(plan_arl(root_id=root.pk, witnesses=["W"], by=operators[1]), operators)
    after = active(CertificateKind.ISSUING_OCA, "live")
    (tmp_path / "root.pem").write_text(certificate_pem(root))
    write_latest_list(root, tmp_path / "arl.pem")
    for authority in (before, after):
        (tmp_path / "issuing.pem").write_text(certificate_pem(authority))
        write_latest_list(authority, tmp_path / "crl.pem")
        openssl(
            "verify",
            "-x509_strict",
            "-crl_check",
            "-CRLfile",
            "arl.pem",
            "-CAfile",
            "root.pem",
            "issuing.pem",
        )
        # openssl crl looks for the issuer of a list alone, so its own Certificate is what it trusts here.
        assert "verify OK" in openssl("crl", "-in", "crl.pem", "-noout", "-verify", "-CAfile", "issuing.pem")
    said = openssl(
        "crl", "-in", "arl.pem", "-noout", "-verify", "-CAfile", "root.pem", "-crlnumber", "-issuer"
    )
    assert "verify OK" in said
    assert "crlNumber=0x02" in said
    assert "CN = OR1" in said
