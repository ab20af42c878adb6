"""How far the background lint has come, and what it found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet, Sum

from certification.linting.models import LintFinding, LintRun, Subject
from repository.certificates.models import Certificate, RevocationList
from smki_pma.calendar import clock

# Unlike Certificates, lists are numbered when they are written and not in the order in which they are committed.
_SETTLING = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one kind of artefact has been linted."""

    subject: Subject
    linted: int
    found: int
    last_id: int
    last_at: datetime | None
    waiting: int

    @property
    def title(self) -> str:
        return self.subject.label


def settled_lists() -> QuerySet[RevocationList]:
    """The lists whose neighbours in number have been committed too, or never will be."""
    return RevocationList.objects.filter(lodged_at__lte=clock.now() - _SETTLING)


def rows_of(subject: Subject) -> QuerySet[Certificate] | QuerySet[RevocationList]:
    """What is there to be linted."""
    return Certificate.objects.all() if subject is Subject.CERTIFICATE else settled_lists()


def next_id(subject: Subject) -> int:
    """Where the next run begins."""
    last = LintRun.objects.filter(subject=subject).aggregate(last=Max("last_id"))["last"]
    return (last or 0) + 1


def first_waiting(subject: Subject, begin: int) -> Certificate | RevocationList | None:
    """The first row of a run that begins there."""
    return rows_of(subject).filter(id__gte=begin).defer("der").order_by("id").first()


def is_anything_waiting(subject: Subject) -> bool:
    return rows_of(subject).filter(id__gte=next_id(subject)).exists()


def progress(subject: Subject) -> Progress:
    """Counted over the runs, which are few, and what is waiting behind the last of them."""
    runs = LintRun.objects.filter(subject=subject)
    sums = runs.aggregate(linted=Sum("count"), found=Sum("found"), last=Max("last_id"), at=Max("ended_at"))
    last_id = sums["last"] or 0
    return Progress(
        subject=subject,
        linted=sums["linted"] or 0,
        found=sums["found"] or 0,
        last_id=last_id,
        last_at=sums["at"],
        waiting=_waiting(subject, last_id),
    )


def _waiting(subject: Subject, last_id: int) -> int:
    """Certificates are numbered without gaps, so nothing is counted there; lists are few."""
    if subject is Subject.LIST:
        return rows_of(subject).filter(id__gt=last_id).count()
    newest: int = Certificate.objects.aggregate(newest=Max("id"))["newest"] or 0
    return newest - last_id


def runs_with_findings() -> QuerySet[LintRun]:
    """Newest first."""
    return LintRun.objects.filter(found__gt=0).select_related("judged_by").order_by("-id")


def latest_runs(most: int) -> list[LintRun]:
    return list(LintRun.objects.order_by("-id")[:most])


def findings_of(run: LintRun) -> QuerySet[LintFinding]:
    """What a run found, with the artefacts but without their bytes."""
    found = run.findings.select_related("certificate", "revocation_list")
    return found.defer("certificate__der", "revocation_list__der").order_by("id")
