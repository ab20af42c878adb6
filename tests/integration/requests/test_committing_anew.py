"""Committed bytes that fail the lint: never signed, their serial never used again, the request not lost."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from certification.authorities import issuing
from certification.authorities.lint import Finding, LintFailed
from certification.authorities.models import AbandonedIntent, Intent
from certification.authorities.profiles import CertificateKind
from certification.authorities.selectors import active_authority, issuer_of
from certification.authorities.services import complete_ceremony, prepare_ceremony
from certification.linting import twin
from certification.requests.committing_anew import ask_for_new_bytes, commit_anew
from certification.requests.issuance import resume_request
from certification.requests.models import CertificateRequest, Outcome, UsedPublicKey
from certification.requests.reservations import count_of_device
from certification.requests.services import accept_request
from certification.requests.states import BEING_ISSUED, ISSUED, REFUSED, STOPPED
from certification.requests.suspending import reinstate_services, suspend_services
from certification.requests.suspension_rules import Ground, Service
from certification.subscribers.rules import Policy
from certification.weak_keys import selectors as weak_keys
from repository.certificates.models import Certificate
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from smki_pma.notices.models import Delivery
from smki_pma.parties.roles import Role
from tests.samples.certification import Certification
from tests.samples.operators import Operators, revoke_active
from tests.samples.signing_requests import device, organisation

pytestmark = pytest.mark.django_db
FINDING = Finding("smki.serial", "The serial is wrong.", "RFC 5280 4.1.2.2")


class Lint:
    """Finds fault with the bytes of these serials, and keeps what is signed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.faulty: list[bytes] = []
        self.signed: list[bytes] = []
        check, assemble = twin.check_twin, issuing.assemble

        def check_twin(tbs: bytes, **named: Any) -> None:
            if tbs in self.faulty:
                raise LintFailed((FINDING,))
            check(tbs, **named)

        def assemble_and_note(tbs: bytes, *rest: Any, **named: Any) -> bytes:
            self.signed.append(tbs)
            return assemble(tbs, *rest, **named)

        monkeypatch.setattr(twin, "check_twin", check_twin)
        monkeypatch.setattr(issuing, "assemble", assemble_and_note)


@pytest.fixture
def lint(monkeypatch: pytest.MonkeyPatch) -> Lint:
    return Lint(monkeypatch)


def operator(them: Certification) -> Actor:
    return them.by(them.operator, Role.DCC_CA_OPERATOR)


def first_intent(request: CertificateRequest) -> Intent:
    return Intent.objects.get(reference=f"request:{request.uid}")


@pytest.fixture
def stopped(them: Certification, lint: Lint, run_jobs: Any) -> CertificateRequest:
    """A Device request that the lint stopped."""
    request = them.submit(device().make())
    lint.faulty = [bytes(first_intent(request).tbs)]
    run_jobs()
    request.refresh_from_db()
    assert request.state == STOPPED
    return request


def said(event: str) -> EntryText:
    return EntryText.objects.get(event=event)


@pytest.mark.clause("L3.5", "L3.4")
def test_other_bytes_are_committed_to_and_signed(
    them: Certification, lint: Lint, stopped: CertificateRequest, run_jobs: Any
) -> None:
    old = first_intent(stopped)
    ask_for_new_bytes(request_uid=stopped.uid, by=operator(them))
    run_jobs()

    stopped.refresh_from_db()
    abandoned = AbandonedIntent.objects.get()
    assert (stopped.state, abandoned.intent, abandoned.abandoned_by) == (ISSUED, old, them.operator)
    assert abandoned.findings == [str(FINDING)]
    new = abandoned.replaced_by
    assert new is not None
    assert stopped.certificate is not None
    assert stopped.certificate.serial == new.serial != old.serial
    assert lint.signed == [bytes(new.tbs)]
    content = said("request.bytes_abandoned").content
    assert old.serial in content
    assert new.serial in content
    assert FINDING.lint in content
    assert FINDING.message not in content
    assert not Duty.objects.open().filter(kind="request.stopped").exists()


@pytest.mark.clause("L3.5")
def test_an_organisation_request_too(them: Certification, lint: Lint, run_jobs: Any) -> None:
    request = them.submit(organisation().make(), Policy.ORGANISATION)
    accept_request(request_uid=request.uid, by=them.by_registrar)
    lint.faulty = [bytes(first_intent(request).tbs)]
    run_jobs()
    ask_for_new_bytes(request_uid=request.uid, by=operator(them))
    run_jobs()
    request.refresh_from_db()
    assert request.state == ISSUED
    assert bytes(first_intent(request).tbs) not in lint.signed


@pytest.mark.clause("L3.5")
def test_abandoned_bytes_are_never_signed_and_stay_on_record(
    them: Certification, stopped: CertificateRequest, lint: Lint, run_jobs: Any
) -> None:
    ask_for_new_bytes(request_uid=stopped.uid, by=operator(them))
    run_jobs()
    lint.faulty = []  # even if the lint is of another mind later
    old, abandoned = first_intent(stopped), AbandonedIntent.objects.get()
    with pytest.raises(RuleViolation, match="never signed"):
        issuing.sign(old)
    with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
        AbandonedIntent.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
        AbandonedIntent.objects.update(replaced_by=None)
    values = {"authority": old.authority, "serial": old.serial, "tbs": b"x", "reference": "request:other"}
    common = {"kind": old.kind, "environment": old.environment, "created_at": old.created_at}
    times = {"not_before_at": old.not_before_at, "not_after_at": old.not_after_at}
    with pytest.raises(IntegrityError), transaction.atomic(), writing_for_tests():
        Intent.objects.create(**values, **common, **times)
    with pytest.raises(IntegrityError), transaction.atomic(), writing_for_tests():
        AbandonedIntent.objects.create(
            intent=old, findings=[], abandoned_at=abandoned.abandoned_at, abandoned_by=them.operator
        )


@pytest.mark.clause("L3.5")
def test_bytes_that_fail_again_can_be_abandoned_again(
    them: Certification,
    stopped: CertificateRequest,
    lint: Lint,
    run_jobs: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(twin, "check_twin", _always_faulty)
        for _ in range(2):
            ask_for_new_bytes(request_uid=stopped.uid, by=operator(them))
            run_jobs()
            stopped.refresh_from_db()
            assert stopped.state == STOPPED
    assert lint.signed == []
    ask_for_new_bytes(request_uid=stopped.uid, by=operator(them))
    run_jobs()
    stopped.refresh_from_db()
    assert stopped.state == ISSUED
    # The third bytes were faulty only while the lint was wrong: they are kept, and signed.
    assert AbandonedIntent.objects.count() == 2
    assert said("request.bytes_kept")
    assert Intent.objects.filter(reference__startswith=f"request:{stopped.uid}").count() == 3
    assert Certificate.objects.filter(kind="device").count() == 1


def _always_faulty(*_bytes: Any, **_named: Any) -> None:
    raise LintFailed((FINDING,))


@pytest.mark.clause("L3.5")
def test_bytes_without_a_fault_are_not_abandoned(
    them: Certification, stopped: CertificateRequest, lint: Lint, run_jobs: Any
) -> None:
    lint.faulty = []
    ask_for_new_bytes(request_uid=stopped.uid, by=operator(them))
    run_jobs()
    stopped.refresh_from_db()
    assert stopped.state == ISSUED
    assert lint.signed == [bytes(first_intent(stopped).tbs)]
    assert not AbandonedIntent.objects.exists()


@pytest.mark.clause("L3.4", "L3.5")
def test_a_request_that_no_longer_passes_its_checks_is_refused_with_the_code(
    them: Certification,
    stopped: CertificateRequest,
    lint: Lint,
    run_jobs: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from certification.requests import selectors

    assert selectors.is_weak is weak_keys.is_weak
    monkeypatch.setattr(selectors, "is_weak", lambda *_key: True)
    ask_for_new_bytes(request_uid=stopped.uid, by=operator(them))
    run_jobs()

    stopped.refresh_from_db()
    assert (stopped.state, stopped.outcome, stopped.certificate) == (REFUSED, Outcome.ERROR, None)
    assert [fault["code"] for fault in stopped.faults] == ["csr.key.known_weak"]
    assert lint.signed == []
    assert AbandonedIntent.objects.get().replaced_by is None
    entry = said("request.refused")
    assert (entry.clause, "csr.key.known_weak" in entry.content) == ("L3.4", True)
    assert not UsedPublicKey.objects.filter(pk=bytes.fromhex(stopped.public_key_sha256)).exists()
    assert count_of_device(bytes.fromhex(stopped.eui64), environment="live") == 0
    assert Delivery.objects.filter(person=them.officer, notice__subject__contains="was refused").exists()


@pytest.mark.clause("L3.5")
def test_an_operator_asks_and_only_the_worker_abandons(
    them: Certification, stopped: CertificateRequest
) -> None:
    for nobody in (them.by(), them.by_registrar):
        with pytest.raises(NotEntitled):
            ask_for_new_bytes(request_uid=stopped.uid, by=nobody)
    ask_for_new_bytes(request_uid=stopped.uid, by=operator(them))
    with pytest.raises(RuleViolation):
        ask_for_new_bytes(request_uid=stopped.uid, by=operator(them))
    with pytest.raises(NotEntitled):
        commit_anew(request_uid=stopped.uid, operator_id=them.operator.pk, by=operator(them))
    assert not AbandonedIntent.objects.exists()


@pytest.mark.clause("L3.5")
def test_a_repeat_of_the_job_abandons_once(
    them: Certification, stopped: CertificateRequest, run_jobs: Any
) -> None:
    ask_for_new_bytes(request_uid=stopped.uid, by=operator(them))
    run_jobs()
    commit_anew(request_uid=stopped.uid, operator_id=them.operator.pk, by=Actor.clock())
    assert AbandonedIntent.objects.count() == 1
    assert EntryText.objects.filter(event="request.bytes_abandoned").count() == 1


@pytest.mark.clause("L2.14", "L3.5")
def test_new_bytes_wait_for_a_reinstatement(
    them: Certification, stopped: CertificateRequest, run_jobs: Any
) -> None:
    suspension = suspend_services(
        services=[Service.ISSUE_DEVICE.value],
        party_id=None,
        ground=Ground.PMA_INSTRUCTION,
        instruction="Resolution 12",
        by=operator(them),
    )
    ask_for_new_bytes(request_uid=stopped.uid, by=operator(them))
    run_jobs()
    stopped.refresh_from_db()
    assert (stopped.state, AbandonedIntent.objects.count()) == (BEING_ISSUED, 1)
    reinstate_services(suspension_id=suspension.pk, instruction="Resolution 13", by=operator(them))
    run_jobs()
    stopped.refresh_from_db()
    assert stopped.state == ISSUED


@pytest.fixture
def operators(them: Certification) -> Operators:
    return Operators(first=them.operator, second=them.second_operator, registrar=them.registrar)


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize("policy", [Policy.DEVICE, Policy.ORGANISATION])
def test_a_revoked_authority_signs_nothing_of_what_was_held(
    them: Certification, lint: Lint, operators: Operators, run_jobs: Any, policy: Policy
) -> None:
    """Suspended, Compromised, reinstated: only the successor signs, and other bytes."""
    is_device = policy is Policy.DEVICE
    request = them.submit((device() if is_device else organisation()).make(), policy)
    if not is_device:
        accept_request(request_uid=request.uid, by=them.by_registrar)
    suspension = suspend_services(
        services=[Service.ISSUE_DEVICE.value, Service.ISSUE_ORGANISATION.value],
        party_id=None,
        ground=Ground.PMA_INSTRUCTION,
        instruction="Resolution 12",
        by=operator(them),
    )
    run_jobs()
    revoked = revoke_active(CertificateKind.ISSUING_DCA if is_device else CertificateKind.ISSUING_OCA)
    reinstate_services(suspension_id=suspension.pk, instruction="Resolution 13", by=operator(them))
    run_jobs()

    request.refresh_from_db()
    assert (request.state, request.certificate) == (STOPPED, None)
    assert Duty.objects.open().filter(kind="request.stopped").exists()
    resume_request(request_uid=request.uid, by=operator(them))
    run_jobs()
    request.refresh_from_db()
    assert request.state == STOPPED
    # No successor yet: it stays, and nothing is given up.
    ask_for_new_bytes(request_uid=request.uid, by=operator(them))
    run_jobs()
    request.refresh_from_db()
    assert (request.state, AbandonedIntent.objects.count()) == (STOPPED, 0)

    operators.approved(operators.roll_over(revoked, "N2"))
    run_jobs()
    ask_for_new_bytes(request_uid=request.uid, by=operator(them))
    run_jobs()

    request.refresh_from_db()
    old, abandoned = first_intent(request), AbandonedIntent.objects.get()
    assert (abandoned.intent, old.authority) == (old, revoked)
    assert "smki.issuer_revoked" in abandoned.findings[0]
    assert request.state == ISSUED
    assert request.certificate is not None and abandoned.replaced_by is not None
    assert request.certificate.serial == abandoned.replaced_by.serial != old.serial
    assert abandoned.replaced_by.authority.common_name == "N2"
    assert bytes(old.tbs) not in lint.signed
    with pytest.raises(RuleViolation, match="never signed"):
        issuing.sign(old)


@pytest.mark.clause("L3.5")
def test_a_superseded_authority_signs_what_was_committed_to(
    them: Certification, operators: Operators, run_jobs: Any
) -> None:
    present = active_authority(CertificateKind.ISSUING_DCA, "live")
    assert present is not None
    request = them.submit(device().make())
    ceremony = operators.approved(operators.roll_over(present, "D2"))
    prepare_ceremony(ceremony_id=ceremony.pk, by=Actor.clock())
    complete_ceremony(ceremony_id=ceremony.pk, by=Actor.clock())
    run_jobs()
    request.refresh_from_db()
    assert request.certificate is not None
    assert request.certificate.issuer_key_id == issuer_of(present).key_id.hex().upper()


@pytest.mark.clause("L3.5")
def test_the_operator_alone_has_the_button(
    them: Certification, stopped: CertificateRequest, client: Client, run_jobs: Any
) -> None:
    page, act = (
        f"/certification/requests/{stopped.uid}/",
        f"/certification/requests/{stopped.uid}/commit-anew/",
    )
    for person, shown in ((them.officer, False), (them.registrar, False), (them.operator, True)):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert (act in client.get(page).content.decode()) is shown
    assert client.post(act).headers["Location"] == page
    run_jobs()
    assert "Download PEM" in client.get(page).content.decode()
