"""Recording what the background lint has read, and judging what it found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from certification.authorities.lint import Finding
from certification.linting.models import LintFinding, LintRun, Subject
from certification.linting.permissions import CLAUSE, JUDGES
from certification.linting.selectors import first_waiting, next_id
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.duties.models import Duty
from smki_pma.jobs.selectors import count_failed
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.notices.acts import send_notice
from smki_pma.parties import authority
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import people_holding

JUDGE = "linting.judge"
RESUME = "linting.resume"
LINT = "linting.lint"


def ask_for_lint(subject: Subject) -> None:
    """Queue the next run over what is waiting; once, however often it is asked for. Inside a transaction.

    A run that was given up is asked for again, as a job of its own.
    """
    begin = next_id(subject)
    about = f"{LINT}:{subject.value}:{begin}:"
    key = f"{about}{count_failed(about)}"
    jobs.enqueue(LINT, {"subject": subject.value, "first_id": begin}, key=key)


@service
def report_stopped(*, subject: Subject, first_id: int, error: str, by: Actor) -> Duty | None:
    """Every attempt at a run has failed: an operator is asked to mend the cause. L3.5

    The lint tries again meanwhile. None where another run has passed the place.
    """
    authority.require(by, "clock", clause=CLAUSE)
    row = first_waiting(subject, first_id)
    if next_id(subject) != first_id or row is None:
        return unchanged(None)
    duty = open_duty(
        kind=RESUME,
        clause=CLAUSE,
        title=f"Find out why the background lint cannot go on from {row}",
        role=Role.DCC_CA_OPERATOR,
        subject=row,
        url=reverse("linting:show_report"),
    )
    facts = {"subject": subject.value, "first": first_id, "error": error}
    record("linting.run_given_up", clause=CLAUSE, by=by, subject=row, facts=facts, audience="dcc")
    return duty


@service
def record_run(
    *,
    subject: Subject,
    first_id: int,
    last_id: int,
    count: int,
    findings: Sequence[tuple[int, Finding]],
    linter: str,
    more: bool,
    started_at: datetime,
    by: Actor,
) -> LintRun | None:
    """Keep what one run read and found; findings go to the operators. None where another run was first. L3.5

    findings: the id of the Certificate or list, and what was found. more: whether to go on at once.
    """
    authority.require(by, "clock", clause=CLAUSE)
    if next_id(subject) != first_id:
        return unchanged(None)
    if (row := first_waiting(subject, first_id)) is not None:
        discharge_duties(kind=RESUME, subject=row)
    run = LintRun(
        subject=subject,
        first_id=first_id,
        last_id=last_id,
        count=count,
        found=len(findings),
        linter=linter,
        started_at=started_at,
        ended_at=clock.now(),
    )
    run.save()
    if findings:
        _keep(run, findings)
        _ask_operators(run)
    if more:
        ask_for_lint(subject)
    facts = {
        "subject": subject.value,
        "first": first_id,
        "last": last_id,
        "count": count,
        "found": len(findings),
        "codes": sorted({finding.lint for _, finding in findings}),
        "linter": linter,
    }
    record("linting.run_recorded", clause=CLAUSE, by=by, subject=run, facts=facts, audience="dcc")
    return run


def _keep(run: LintRun, findings: Sequence[tuple[int, Finding]]) -> None:
    column = "certificate_id" if run.subject == Subject.CERTIFICATE else "revocation_list_id"
    for row_id, finding in findings:
        said = {"code": finding.lint, "message": finding.message, "source": finding.source[:200]}
        LintFinding(run=run, **{column: row_id}, **said).save()


def _ask_operators(run: LintRun) -> None:
    url = reverse("linting:show_run", args=[run.pk])
    open_duty(
        kind=JUDGE,
        clause=CLAUSE,
        title=f"Judge what the lint found in what was issued ({run})",
        role=Role.DCC_CA_OPERATOR,
        subject=run,
        url=url,
    )
    send_notice(
        clause=CLAUSE,
        subject=f"The lint found {run.found} faults in what was issued",
        body=f"{run} read {run.count} {run.get_subject_display()}. Say what each finding means: whether the "
        "profile, the builder or the linter is wrong, and what is done about what was issued.",
        people=people_holding(Role.DCC_CA_OPERATOR),
        url=url,
    )


@service
def judge_run(*, run_id: int, judgement: str, by: Actor, at: datetime | None = None) -> LintRun:
    """A Certification Authority operator says what the findings of a run mean, once. L3.5"""
    at = at or clock.now()
    authority.require(by, *JUDGES, clause=CLAUSE, at=at)
    run = LintRun.objects.select_for_update().get(pk=run_id)
    if not run.awaits_judgement:
        raise RuleViolation(
            "There is nothing to judge: this run found nothing, or has been judged.", clause=CLAUSE
        )
    if not judgement.strip():
        raise RuleViolation(
            "Say what the findings mean and what is done about them.", clause=CLAUSE, field="judgement"
        )
    run.judgement, run.judged_at, run.judged_by_id = judgement.strip(), at, by.person_id
    run.save()
    discharge_duties(kind=JUDGE, subject=run)
    facts = {"judgement": run.judgement, "found": run.found}
    record("linting.run_judged", clause=CLAUSE, by=by, subject=run, facts=facts, audience="dcc")
    return run
