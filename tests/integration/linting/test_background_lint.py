"""Everything issued is linted again: in order, from where it ended, and what is found is asked about."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from certification.authorities import issuing
from certification.authorities.lint import Finding, LintFailed
from certification.authorities.models import Intent
from certification.linting import background, linters, twin
from certification.linting.models import LintFinding, LintRun, Subject
from certification.linting.selectors import next_id, progress
from certification.linting.services import JUDGE, LINT, RESUME, judge_run, record_run
from certification.linting.tasks import look_for_new
from certification.requests.services import accept_request
from certification.requests.states import ISSUED, STOPPED
from certification.subscribers.rules import Policy
from repository.certificates.models import Certificate, RevocationList
from smki_pma.calendar import clock as times
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.jobs.models import Job, JobState
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from smki_pma.notices.models import Notice
from smki_pma.parties.roles import Role
from tests.samples.signing_requests import device, organisation

pytestmark = pytest.mark.django_db


def issue(them, run_jobs, *recipes):
    for recipe in recipes:
        them.submit(recipe.make())
    run_jobs()


def lint(run_jobs):
    look_for_new()
    run_jobs()


@pytest.mark.clause("L3.5")
def test_what_was_issued_is_linted_and_nothing_is_found(them, run_jobs, clock):
    """All Authorities of the ceremony, Device Certificates, the CRL and the ARLs, with the real signatures."""
    issue(them, run_jobs, device(), device())
    clock.advance(timedelta(minutes=3))
    lint(run_jobs)

    assert [(run.subject, run.count, run.found) for run in LintRun.objects.order_by("subject")] == [
        ("certificate", Certificate.objects.count(), 0),
        ("list", RevocationList.objects.count(), 0),
    ]
    assert [progress(subject).waiting for subject in Subject] == [0, 0]
    assert EntryText.objects.filter(event="linting.run_recorded").count() == 2
    assert not Duty.objects.filter(kind=JUDGE).exists()


def test_each_run_goes_on_where_the_one_before_ended(them, run_jobs, monkeypatch):
    issue(them, run_jobs, *(device() for _ in range(3)))
    monkeypatch.setattr(background.lint_certificates, "__kwdefaults__", {"rows": 3, "seconds": 10.0})
    lint(run_jobs)
    lint(run_jobs)
    last = Certificate.objects.latest("id").pk
    runs = list(LintRun.objects.filter(subject="certificate").order_by("id"))
    assert [(run.first_id, run.last_id, run.count) for run in runs] == [(1, 3, 3), (4, 6, 3), (7, last, 1)]

    issue(them, run_jobs, device())
    lint(run_jobs)
    assert LintRun.objects.filter(subject="certificate").latest("id").first_id == last + 1


def test_time_ends_a_run_but_every_run_goes_on(them):
    stretch = background.lint_certificates(1, seconds=0)
    assert (stretch.count, stretch.more) == (1, True)


@pytest.mark.clause("L3.5")
def test_a_wrong_certificate_is_found_and_an_operator_is_asked(them, run_jobs):
    issue(them, run_jobs, device())
    wrong = Certificate.objects.latest("id")
    der = bytes(wrong.der)
    with writing_for_tests():  # the database keeps Certificates: this one is as if issued wrongly
        copy = Certificate.objects.get(pk=wrong.pk)
        copy.pk, copy.serial, copy.sha256 = wrong.pk + 1, "53" * 16, "0" * 64
        copy.der = der.replace(bytes.fromhex(wrong.serial), b"\x53" * 16)
        copy.save(force_insert=True)
    lint(run_jobs)

    run = LintRun.objects.get(subject="certificate")
    assert run.awaits_judgement
    assert [(each.certificate_id, each.code) for each in run.findings.all()] == [
        (wrong.pk + 1, "smki.signature")
    ]
    assert Duty.objects.get(kind=JUDGE, subject_id=str(run.pk)).role == Role.DCC_CA_OPERATOR
    assert Notice.objects.filter(subject__contains="lint found").count() == 1


def recorded(them, **changes):
    given = {
        "subject": Subject.CERTIFICATE,
        "first_id": 1,
        "last_id": 4,
        "count": 4,
        "findings": [(2, Finding("smki.x", "Wrong.", "RFC 5280 4.1"))],
        "linter": linters.VERSION,
        "more": False,
        "started_at": times.now(),
        "by": Actor.clock(),
    }
    return record_run(**(given | changes))


def test_a_stretch_is_recorded_once(them):
    run = recorded(them)
    assert recorded(them) is None
    assert (LintRun.objects.count(), LintFinding.objects.count(), next_id(Subject.CERTIFICATE)) == (1, 1, 5)
    with writing_for_tests(), pytest.raises(IntegrityError), transaction.atomic():
        LintRun.objects.create(
            subject="certificate", first_id=1, last_id=2, count=2, found=0, linter="", started_at=run.started_at,
            ended_at=run.ended_at,
        )  # fmt: skip


@pytest.mark.clause("L3.5")
def test_findings_are_judged_once_by_an_operator(them):
    run = recorded(them)
    operator = them.by(them.operator, Role.DCC_CA_OPERATOR)
    with pytest.raises(NotEntitled):
        judge_run(run_id=run.pk, judgement="All well.", by=them.by_registrar)
    with pytest.raises(RuleViolation, match="what the findings mean"):
        judge_run(run_id=run.pk, judgement="  ", by=operator)
    judge_run(run_id=run.pk, judgement="The linter is wrong.", by=operator)
    with pytest.raises(RuleViolation, match="nothing to judge"):
        judge_run(run_id=run.pk, judgement="Again.", by=operator)
    assert Duty.objects.get(kind=JUDGE).discharged_at
    for column, value in (("judgement", "No."), ("found", 0)):
        with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
            LintRun.objects.filter(pk=run.pk).update(**{column: value})


@pytest.mark.clause("L3.5")
def test_a_finding_before_the_signature_stops_issuing_and_asks_an_operator(
    them, run_jobs, monkeypatch, client
):
    """Not tried again, never swallowed: one attempt, no signature, and the operator's page says what was found."""
    request = them.submit(device().make())
    finding = Finding("smki.serial", "The serial is wrong.", "RFC 5280 4.1.2.2")

    def find(*_args, **_kwargs):
        raise LintFailed((finding,))

    monkeypatch.setattr(twin, "check_twin", find)
    monkeypatch.setattr(issuing, "key_backend", lambda: pytest.fail("The key was touched."))
    run_jobs()
    request.refresh_from_db()
    assert request.state == STOPPED
    job = Job.objects.get(pk=request.job_id)
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert Duty.objects.filter(kind="request.stopped", role=Role.DCC_CA_OPERATOR).count() == 1
    assert (
        "smki.serial" not in EntryText.objects.get(event="request.stopped").content
    )  # which the Party reads

    for person, told in ((them.operator, True), (them.officer, False)):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        page = client.get(f"/certification/requests/{request.uid}/").content.decode()
        assert ("smki.serial" in page) is told

    monkeypatch.undo()
    assert Intent.objects.filter(reference=f"request:{request.uid}").count() == 1


def test_the_report_and_its_run(them, client):
    run = recorded(them)
    client.force_login(them.operator, backend="allauth.account.auth_backends.AuthenticationBackend")
    report = client.get("/certification/linting/").content.decode()
    assert f"Lint run {run.pk}" in report
    assert "Not yet" in report
    page = client.get(f"/certification/linting/runs/{run.pk}/").content.decode()
    assert "smki.x" in page
    empty = client.post(f"/certification/linting/runs/{run.pk}/judge/", {"judgement": ""})
    assert empty.status_code == 422
    judged = client.post(
        f"/certification/linting/runs/{run.pk}/judge/", {"judgement": "A sample."}, follow=True
    )
    assert "A sample." in judged.content.decode()


def test_organisations_too(them, run_jobs):
    request = them.submit(organisation().make(), policy=Policy.ORGANISATION)
    accept_request(request_uid=request.uid, by=them.by_registrar)
    run_jobs()
    request.refresh_from_db()
    assert request.state == ISSUED
    stretch = background.lint_certificates(request.certificate_id)
    assert (stretch.count, stretch.findings) == (1, [])


@pytest.mark.clause("L3.5")
def test_bytes_over_which_the_linter_fails_are_a_finding_and_the_rest_is_read(them, run_jobs, monkeypatch):
    issue(them, run_jobs, device(), device())
    first = Certificate.objects.order_by("id")[0]
    lint_certificate = background.lint_certificate

    def failing(der, expected):
        if der == bytes(first.der):
            raise RecursionError
        return lint_certificate(der, expected)

    monkeypatch.setattr(background, "lint_certificate", failing)
    lint(run_jobs)
    run = LintRun.objects.get(subject="certificate")
    assert run.count == Certificate.objects.count()
    assert [(each.code, each.certificate_id) for each in run.findings.all()] == [("smki.linter", first.pk)]
    assert Duty.objects.open().filter(kind=JUDGE).count() == 1


@pytest.mark.clause("L3.5")
def test_a_run_that_is_given_up_is_told_and_asked_for_again(them, run_jobs, monkeypatch, clock):
    issue(them, run_jobs, device())

    def broken(first_id):
        raise DatabaseError("away")

    monkeypatch.setattr(background, "lint_certificates", broken)
    for _ in range(8):
        clock.advance(timedelta(hours=1))
        lint(run_jobs)
    failed = Job.objects.get(kind=LINT, state=JobState.FAILED)
    duty = Duty.objects.open().get(kind=RESUME)
    assert duty.role == Role.DCC_CA_OPERATOR
    assert str(Certificate.objects.order_by("id")[0]) in duty.title

    monkeypatch.undo()
    lint(run_jobs)
    assert LintRun.objects.filter(subject="certificate").count() == 1
    assert not Duty.objects.open().filter(kind=RESUME).exists()
    assert Job.objects.filter(kind=LINT, payload=failed.payload).count() == 2
