"""Revocations and lists at the same moment: one position, one number and one list for each, none lost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from certification.authorities.models import Authority
from certification.requests.services import accept_request
from certification.revocations import publishing, rejecting, services
from certification.revocations.models import Revocation
from certification.revocations.rules import Reason
from certification.subscribers.rules import Policy
from repository.certificates.models import Certificate, RevocationList
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.actors import Actor
from tests.samples.certification import (
    PASSPHRASE,
    Certification,
    certification,
    make_authorities,
    use_keys_in,
)
from tests.samples.signing_requests import organisation
from tests.together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("L3.5")]
MANY = 4


@pytest.fixture
def them(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> Certification:
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", PASSPHRASE)
    use_keys_in(settings, tmp_path)
    made = certification()
    make_authorities(made.operator, made.second_operator)
    return made


def certificates(them: Certification, run_jobs: Any, count: int) -> list[Certificate]:
    requests = [them.submit(organisation().make(), Policy.ORGANISATION) for _ in range(count)]
    for request in requests:
        accept_request(request_uid=request.uid, by=them.by_registrar)
    run_jobs()
    return [Certificate.objects.get(request=request) for request in requests]


def ask(them: Certification, certificate: Certificate) -> Any:
    return services.request_revocation(
        certificate_id=certificate.pk, reason=Reason.COMPROMISE, explanation="Stolen.", by=them.by()
    )


def newest_crl() -> x509.CertificateRevocationList:
    stored = RevocationList.objects.filter(list_kind="crl").order_by("-id")[0]
    return x509.load_der_x509_crl(bytes(stored.der))


def test_revoked_and_listed_at_once(them: Certification, run_jobs: Any) -> None:
    """Each revocation has a place of its own, each list a number of its own, and the last names them all."""
    issuing = Authority.objects.get(kind="issuing_oca")
    waiting = [ask(them, each) for each in certificates(them, run_jobs, MANY)]
    by = them.by_registrar

    def grant(request: Any) -> Callable[[], object]:
        return lambda: services.grant_revocation(request_id=request.pk, evidence="Called.", by=by)

    def publish() -> object:
        return publishing.issue_crl(authority_id=issuing.pk, cause=publishing.BY_HAND, by=Actor.clock())

    results = at_once(*[grant(request) for request in waiting], *[publish] * 3)

    assert not [result for result in results if isinstance(result, Exception)]
    positions = Revocation.objects.filter(issuer=issuing).values_list("position", flat=True)
    assert sorted(positions) == list(range(1, MANY + 1))
    at_once(publish, publish)
    numbers = RevocationList.objects.filter(list_kind="crl").order_by("id").values_list("number", flat=True)
    assert [int(number) for number in numbers] == list(range(1, 7))
    issuing.refresh_from_db()
    assert issuing.last_list_number == 6
    assert {entry.serial_number for entry in newest_crl()} == {
        int(serial, 16) for serial in Revocation.objects.values_list("serial", flat=True)
    }


def test_one_certificate_is_revoked_once(them: Certification, run_jobs: Any) -> None:
    """An officer grants and the subscriber rejects in the same moment: one revocation, nothing half done."""
    [certificate] = certificates(them, run_jobs, 1)
    request, registrar, officer = ask(them, certificate), them.by_registrar, them.by()

    results = at_once(
        lambda: services.grant_revocation(request_id=request.pk, evidence="Called.", by=registrar),
        lambda: rejecting.reject_certificate(
            certificate_id=certificate.pk, explanation="Wrong role.", by=officer
        ),
    )
    run_jobs()

    failed = [result for result in results if isinstance(result, Exception)]
    assert len(failed) <= 1
    assert all(isinstance(result, RuleViolation) for result in failed)
    request.refresh_from_db()
    assert Revocation.objects.count() == 1
    assert request.state in ("revoked", "overtaken")
    assert len(newest_crl()) == 1
