"""Intent first, then the signature: a crash loses nothing, and no request gets two Certificates."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from certification.authorities import issuing
from certification.authorities.builder import SignatureMismatch
from certification.authorities.csr import CheckedCsr, check_csr
from certification.authorities.keys import KeyUnavailable
from certification.authorities.keys.software import SoftwareKeys
from certification.authorities.lint import LintFailed
from certification.authorities.models import Authority, Intent
from certification.authorities.profiles import CertificateKind
from certification.authorities.selectors import active_authority
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.gate import UngovernedWrite, writing_for_tests
from tests.samples import signing_requests as sample

RunJobs = Callable[[], int]
AT = datetime(2026, 11, 22, 14, 0, 0, 123456, tzinfo=UTC)
DEVICE, ORGANISATION = CertificateKind.DEVICE, CertificateKind.ORGANISATION


def checked(recipe: sample.Recipe, kind: CertificateKind) -> CheckedCsr:
    csr = check_csr(recipe.make(), kind, sample.SAMPLE).csr
    assert csr is not None
    return csr


@pytest.fixture
def authorities(operators: Any, keys: Path, run_jobs: RunJobs) -> None:
    operators.approved()
    run_jobs()


def prepare(reference: str = "request:1", kind: CertificateKind = DEVICE) -> Intent:
    recipe = sample.device() if kind is DEVICE else sample.organisation(common_name="Bright")
    with writing_for_tests():
        return issuing.prepare(reference=reference, csr=checked(recipe, kind), environment="live", at=AT)


@pytest.mark.parametrize("kind", [DEVICE, ORGANISATION])
@pytest.mark.clause("L3.5")
def test_the_certificate_is_what_was_committed(authorities: None, kind: CertificateKind) -> None:
    intent = prepare(kind=kind)
    signed = issuing.sign(intent)
    certificate = x509.load_der_x509_certificate(signed.der)
    issuer = active_authority(
        CertificateKind.ISSUING_DCA if kind is DEVICE else CertificateKind.ISSUING_OCA, "live"
    )
    assert issuer is not None
    certificate.verify_directly_issued_by(x509.load_der_x509_certificate(issuer.certificate_der))
    assert certificate.tbs_certificate_bytes == bytes(intent.tbs)
    assert f"{certificate.serial_number:032X}" == intent.serial
    assert certificate.not_valid_after_utc == intent.not_after_at
    assert signed.intent_id == intent.pk


@pytest.mark.clause("L3.5")
def test_a_repeat_gives_the_same_intent_and_certificate(authorities: None) -> None:
    intent = prepare()
    assert prepare().pk == intent.pk
    assert Intent.objects.filter(reference="request:1").count() == 1
    assert issuing.sign(intent) == issuing.sign(Intent.objects.get(pk=intent.pk))


@pytest.mark.clause("L3.5")
def test_what_keeps_bytes_from_being_signed_is_asked_in_one_statement(authorities: None) -> None:
    intent = prepare()
    issuing.sign(intent)  # what does not change is read once for a process
    with CaptureQueriesContext(connection) as asked:
        issuing.sign(issuing.current_intent("request:1"))
    statements = [each["sql"] for each in asked]
    signing = [sql for sql in statements if "authorities_authority" in sql]
    assert len(signing) == 1
    assert "authorities_abandonedintent" in signing[0]
    assert len(statements) == 3, statements  # before it: the intent, and whether another took its place


@pytest.mark.clause("L3.5")
def test_the_database_keeps_references_and_serials_single(authorities: None) -> None:
    intent = prepare()
    values = {
        field.name: getattr(intent, field.name)
        for field in Intent._meta.concrete_fields
        if field.name != "id"
    }
    for changed in ({"serial": "0" * 32}, {"reference": "request:2"}):
        with writing_for_tests(), pytest.raises(IntegrityError), transaction.atomic():
            Intent(**(values | changed)).save()


@pytest.mark.clause("L3.5")
def test_bytes_that_break_their_profile_are_not_signed(
    authorities: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent = prepare()
    intent.tbs = bytes(intent.tbs).replace(bytes.fromhex(intent.serial), b"\x3f" * 16)
    monkeypatch.setattr(SoftwareKeys, "sign", lambda *_: pytest.fail("It was signed."))
    with pytest.raises(LintFailed):
        issuing.sign(intent)


@pytest.mark.clause("L3.5")
def test_a_bad_signature_is_never_released(authorities: None, monkeypatch: pytest.MonkeyPatch) -> None:
    intent = prepare()
    real = SoftwareKeys.sign
    monkeypatch.setattr(SoftwareKeys, "sign", lambda self, reference, tbs: real(self, reference, tbs + b"x"))
    with pytest.raises(SignatureMismatch):
        issuing.sign(intent)


@pytest.mark.clause("L3.5")
def test_a_web_process_prepares_but_cannot_sign(authorities: None, settings: Any) -> None:
    settings.SMKI_PROCESS = "web"
    intent = prepare()
    with pytest.raises(KeyUnavailable, match="web process"):
        issuing.sign(intent)


def test_without_an_authority(db: None) -> None:
    with pytest.raises(RuleViolation, match="key ceremony"):
        prepare()


def test_a_superseded_authority_still_signs_what_it_committed_to(
    authorities: None, operators: Any, run_jobs: RunJobs
) -> None:
    intent = prepare()
    names = dict(zip(list(Authority.objects.values_list("kind", flat=True)), "ABCD", strict=True))
    ceremony = operators.plan(names={CertificateKind(kind): name for kind, name in names.items()})
    operators.approve(ceremony, operators.first)
    operators.approve(ceremony, operators.second)
    run_jobs()
    assert active_authority(CertificateKind.ISSUING_DCA, "live") != intent.authority
    certificate = x509.load_der_x509_certificate(issuing.sign(Intent.objects.get(pk=intent.pk)).der)
    certificate.verify_directly_issued_by(x509.load_der_x509_certificate(intent.authority.certificate_der))


def test_only_inside_a_service(authorities: None) -> None:
    with pytest.raises(UngovernedWrite):
        issuing.prepare(
            reference="request:1", csr=checked(sample.device(), DEVICE), environment="live", at=AT
        )
