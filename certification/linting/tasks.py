"""The background lint: a job for each stretch, the next one queued by the one before."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from certification.linting.models import Subject
from certification.linting.selectors import is_anything_waiting
from certification.linting.services import LINT, ask_for_lint, record_run, report_stopped
from smki_pma.calendar import clock
from smki_pma.jobs import Lane, at_worker_start, every, job_handler, workers
from smki_pma.ledger.actors import Actor


@at_worker_start
def load_linter() -> None:
    """So that the first Certificate after a start is not the one that waits for it."""
    if workers.works_on(Lane.URGENT) or workers.works_on(Lane.BATCH):
        from certification.linting import twin

        twin.warm()


def give_up(payload: dict[str, Any], error: str) -> None:
    """Every attempt has failed: an operator is asked to find out why."""
    subject, first_id = Subject(payload["subject"]), int(payload["first_id"])
    report_stopped(subject=subject, first_id=first_id, error=error, by=Actor.clock())


# Not atomic: linting reads, and on SQLite a transaction would keep everybody else from writing.
@job_handler(LINT, atomic=False, lane=Lane.BACKGROUND, lease=timedelta(minutes=2), on_failure=give_up)
def lint(payload: dict[str, Any]) -> dict[str, Any]:
    """Lint from where the run before ended. Killed anywhere, the same stretch is read again."""
    # Here and not above: a web process registers the handler, and needs no linter.
    from certification.linting import background, linters

    subject, first_id = Subject(payload["subject"]), int(payload["first_id"])
    started_at = clock.now()
    read = background.lint_certificates if subject is Subject.CERTIFICATE else background.lint_lists
    stretch = read(first_id)
    if stretch.count:
        record_run(
            subject=subject,
            first_id=first_id,
            last_id=stretch.last_id,
            count=stretch.count,
            findings=stretch.findings,
            linter=linters.VERSION,
            more=stretch.more,
            started_at=started_at,
            by=Actor.clock(),
        )
    return {"linted": stretch.count, "found": len(stretch.findings)}


@every("5m", name="linting.look_for_new")
def look_for_new() -> dict[str, Any]:
    """Whatever has been issued since the last run is linted."""
    waiting = [subject for subject in Subject if is_anything_waiting(subject)]
    with transaction.atomic():
        for subject in waiting:
            ask_for_lint(subject)
    return {"asked": [subject.value for subject in waiting]}
