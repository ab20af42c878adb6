"""Reads of drafts and versions; all start from what exists for the person."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from repository.drafts.access import visible_to
from repository.drafts.cps import Cps
from repository.drafts.models import Amendment, CpsVersion, Draft, Grant, Review, Revision
from smki_pma.files.compare import Comparison, Folded, Row, around_changes, compare_texts
from smki_pma.governance.meetings.models import Recusal, Vote
from smki_pma.ledger.models import AccessLog, EntryText
from smki_pma.ledger.row_changes import Rows
from smki_pma.parties.models import Person

EVENTS = {
    "draft.submitted": "Submitted to the SMKI PMA",
    "draft.amendment_proposed": "Amendment proposed",
    "draft.amendments_directed": "Approved subject to amendments",
    "draft.amendment_decided": "Amendment decided",
    "draft.amended": "Amended by DCC",
    "draft.returned": "Sent back to DCC",
    "draft.became_cps": "Became the CPS",
    "draft.withdrawn": "Withdrawn by DCC",
    "draft.reading_granted": "Reading granted",
    "draft.reading_revoked": "Reading ended",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one CPS stands, as far as a person sees it."""

    cps: Cps
    in_force: CpsVersion | None
    open_draft: Draft | None
    versions: list[CpsVersion]
    drafts: list[Draft]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two files of a draft side by side. rows: the unchanged ones folded."""

    before: Revision
    after: Revision
    comparison: Comparison
    rows: list[Row | Folded]

    @property
    def has_text(self) -> bool:
        return bool(self.before.text and self.after.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the timeline."""

    title: str
    at: object
    by: str
    clause: str
    number: int


def standings(person: Person) -> list[Standing]:
    """Both CPSs, with the drafts and versions that exist for the person."""
    drafts = list(visible_to(person).order_by("-submitted_at"))
    versions = list(versions_visible_to(person))
    return [
        _standing(cps, [d for d in drafts if d.cps == cps], [v for v in versions if v.cps == cps])
        for cps in Cps
    ]


def versions_visible_to(person: Person) -> QuerySet[CpsVersion]:
    """Versions are read with the draft that they came from. L9.12"""
    found = CpsVersion.objects.filter(revision__draft__in=visible_to(person))
    return found.select_related("revision__draft").order_by("-number")


def draft_for_page(person: Person, id: UUID) -> Draft | None:
    """A draft with what its pages show, or None where it does not exist for the person."""
    files = Prefetch("revisions", Revision.objects.select_related("version").defer("text"))
    return (
        visible_to(person).select_related("base").prefetch_related(files, "amendments").filter(pk=id).first()
    )


def files_to_compare(draft: Draft, person: Person) -> list[Revision]:
    """The files that a draft can be compared in: what it starts from, then its own, in order.

    What it starts from came from another draft, which need not exist for the person. L9.12
    """
    own = list(Revision.objects.filter(draft=draft).order_by("number"))
    if draft.base is None or not visible_to(person).filter(pk=draft.base.draft_id).exists():
        return own
    return [draft.base, *own]


def compared(before: Revision, after: Revision, *, context: int = 1) -> Compared:
    """Two files word by word."""
    comparison = compare_texts(before.text, after.text)
    return Compared(before, after, comparison, around_changes(comparison.rows, context=context))


def votes_on(draft: Draft) -> QuerySet[Vote]:
    """The votes about a draft, the newest first; how each member voted is not here."""
    return Vote.objects.filter(subject_model=Draft._meta.label, subject_id=draft.pk).order_by("-proposed_at")


def timeline_of(draft: Draft) -> list[Event]:
    """What happened to a draft, from the ledger, the newest first."""
    entries = EntryText.objects.filter(subject_type=Draft._meta.label_lower, subject_id=str(draft.pk))
    return [
        Event(
            title=EVENTS.get(entry.event, entry.event),
            at=entry.recorded_at,
            by=entry.actor_name,
            clause=entry.clause,
            number=entry.number,
        )
        for entry in entries.order_by("-number")
    ]


def rows_of(draft: Draft) -> list[Rows]:
    """The rows whose history belongs to a draft and is read with it. L9.12"""
    versions = CpsVersion.objects.filter(revision__draft=draft)
    amendments = {row.pk: str(row) for row in draft.amendments.all()}
    return [
        Rows(model=Draft, names={draft.pk: "Draft"}, words={"decided_ref": "Resolution"}),
        Rows(
            model=Amendment, names=amendments, words={"decided_ref": "Resolution"}, hidden=["draft", "number"]
        ),
        Rows(model=CpsVersion, names={row.pk: f"Version {row.number}" for row in versions}),
    ]


def grants_of(draft: Draft) -> QuerySet[Grant]:
    return Grant.objects.filter(draft=draft).select_related("person")


def people_in_conflict(draft: Draft) -> list[str]:
    """The names of those for whom the draft no longer exists."""
    found = Recusal.objects.filter(item__subject_model=Draft._meta.label, item__subject_id=draft.pk)
    return sorted(set(found.values_list("person__name", flat=True)))


def readings_of(draft: Draft, *, latest: int = 50) -> list[AccessLog]:
    """Who has read what of a draft, the newest first."""
    rows = AccessLog.objects.filter(subject_type=Draft._meta.label_lower, subject_id=str(draft.pk))
    return list(rows.order_by("-number")[:latest])


def open_reviews() -> QuerySet[Review]:
    return Review.objects.filter(done_at__isnull=True)


def is_of_a_draft(sha256: str) -> bool:
    """Whether a file is of any draft of a CPS, old or new: for the check that keeps it confidential. L9.12, L9.18"""
    return Revision.objects.filter(sha256=sha256).exists()


def _standing(cps: Cps, drafts: list[Draft], versions: list[CpsVersion]) -> Standing:
    return Standing(
        cps=cps,
        in_force=next((version for version in versions if version.state == "in_force"), None),
        open_draft=next((draft for draft in drafts if not draft.is_closed), None),
        versions=versions,
        drafts=drafts,
    )
