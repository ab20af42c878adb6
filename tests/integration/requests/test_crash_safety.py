"""A worker that dies between intent, signature and storing: one Certificate for each request, in the end."""

import json

import pytest

from certification.authorities import issuing
from certification.authorities.models import Intent
from certification.linting import twin
from certification.requests import issuance
from certification.requests.models import CertificateRequest
from certification.requests.states import BEING_ISSUED, ISSUED, STOPPED
from repository.certificates.models import Certificate
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.jobs.models import Job, JobState
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.models import EntryText
from smki_pma.parties.roles import Role
from tests.samples.community import actor
from tests.samples.signing_requests import device

pytestmark = pytest.mark.django_db


class Killed(Exception):
    """Stands for the end of the process: nothing after it runs, the transaction is not committed."""


def stored():
    return Certificate.objects.filter(kind="device").count()


def entries(event):
    return EntryText.objects.filter(event=event).count()


# Each step of the way, as the place where the worker dies before it.
STEPS = [
    (twin, "check_twin"),
    (issuing, "assemble"),
    (issuance, "lodge_certificate"),
    (issuance, "send_notice"),
    (issuance, "_record"),
]


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _, name in STEPS])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_a_step_and_done_again(them, monkeypatch, clock, run_jobs, module, name, after):
    from datetime import timedelta

    request = them.submit(device().make())
    intent = Intent.objects.get(reference=f"request:{request.uid}")
    step = getattr(module, name)

    def die(*args, **kwargs):
        if after:
            step(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(module, name, die)
    run_jobs()
    request.refresh_from_db()
    assert (request.state, stored(), entries("request.issued")) == (BEING_ISSUED, 0, 0)
    assert Job.objects.get(pk=request.job_id).state == JobState.QUEUED

    monkeypatch.setattr(module, name, step)
    clock.advance(timedelta(minutes=2))
    run_jobs()
    run_jobs()

    request.refresh_from_db()
    assert (request.state, stored()) == (ISSUED, 1)
    assert request.certificate.serial == intent.serial
    assert (entries("request.issued"), entries("certificate.lodged")) == (1, 1 + 4)
    assert Job.objects.get(pk=request.job_id).state == JobState.DONE


@pytest.mark.clause("L3.5")
def test_the_same_bytes_are_signed_again(them):
    request = them.submit(device().make())
    intent = Intent.objects.get(reference=f"request:{request.uid}")

    assert issuing.sign(intent).der == issuing.sign(intent).der


@pytest.mark.clause("L3.5")
def test_a_job_done_twice_issues_once(them, run_jobs):
    request = them.submit(device().make())
    run_jobs()

    again = issuance.issue_certificate(request_uid=request.uid, by=Actor.clock())

    assert again.certificate_id
    assert (stored(), entries("request.issued")) == (1, 1)


@pytest.mark.clause("L3.5", "L3.4")
def test_after_every_attempt_has_failed_an_operator_resumes(them, monkeypatch, clock, run_jobs):
    from datetime import timedelta

    def unreachable(intent):
        raise RuntimeError("no key")

    request = them.submit(device().make())
    monkeypatch.setattr(issuing, "sign", unreachable)
    for seconds in (2, 10, 60):  # an operator has to know within two minutes
        run_jobs()
        request.refresh_from_db()
        assert request.state == BEING_ISSUED
        clock.advance(timedelta(seconds=seconds))
    run_jobs()
    request.refresh_from_db()
    assert (request.state, stored()) == (STOPPED, 0)
    duty = Duty.objects.open().get(kind="request.stopped")
    assert duty.role == Role.DCC_CA_OPERATOR
    # What the Party reads does not say what only DCC knows.
    assert set(json.loads(EntryText.objects.get(event="request.stopped").content)["facts"]) == {
        "policy",
        "csr_sha256",
    }

    monkeypatch.undo()
    monkeypatch.setenv("SMKI_CA_PASSPHRASE", "a passphrase of the tests only")
    with pytest.raises(NotEntitled):
        issuance.resume_request(request_uid=request.uid, by=them.by_registrar)
    issuance.resume_request(request_uid=request.uid, by=actor(them.operator, Role.DCC_CA_OPERATOR))
    run_jobs()

    request.refresh_from_db()
    assert (request.state, stored()) == (ISSUED, 1)
    assert not Duty.objects.open().filter(kind="request.stopped").exists()


@pytest.mark.clause("L3.5")
def test_what_was_sent_stays_sent(them, run_jobs):
    from django.db import DatabaseError, connection, transaction

    request = them.submit(device().make())
    run_jobs()

    for change in ("state = 'refused'", "sent_at = NULL", "csr_sha256 = 'x'", "certificate_id = NULL"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE requests_certificaterequest SET {change}")
    assert CertificateRequest.objects.get(pk=request.pk).state == ISSUED


def test_nobody_issues_by_hand(them):
    request = them.submit(device().make())

    for by in (them.by(), them.by_registrar):
        with pytest.raises(NotEntitled):
            issuance.issue_certificate(request_uid=request.uid, by=by)
    with pytest.raises(RuleViolation):
        issuance.resume_request(request_uid=request.uid, by=actor(them.operator, Role.DCC_CA_OPERATOR))
