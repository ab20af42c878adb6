"""DCC submits: an initial draft, or amendments after a review. L9.9(a), L9.11(a)"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from repository.drafts.cps import Cps
from repository.drafts.models import Amendment, CpsVersion, Draft, Origin, Review, Revision
from repository.drafts.rules import Checklist, check_checklist, check_first, check_none_open
from repository.drafts.services import owing
from repository.drafts.services.reviewing import close_reviews
from repository.drafts.states import IN_FORCE
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.files.receiving import ReceivedFile
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties import authority
from smki_pma.parties.models import Office
from smki_pma.parties.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedAmendment:
    """A later amendment as DCC proposes it. text: the proposed new text."""

    place: str
    text: str
    reason: str


@service
def submit_draft(
    *, cps: str, file: ReceivedFile, checklist: Checklist, by: Actor, at: datetime | None = None
) -> Draft:
    """DCC submits the initial draft with the answers to the checklist. L9.9(a), L9.8"""
    at = at or clock.now()
    kind = Cps(cps)
    _begin_submitting(by, clause=kind.cited("L9.9(a)"), at=at)
    check_first(cps=kind, has_version=_in_force(kind) is not None, has_open_draft=_has_open_draft(kind))
    check_checklist(checklist, cps=kind)
    draft = Draft(
        cps=kind,
        origin=Origin.INITIAL,
        number=_next_number(kind),
        submitted_at=at,
        submitted_by=by.name,
        **asdict(checklist),
    )
    draft.save()
    revision = add_revision(draft, file, by=by, at=at)
    owing.owe_consideration(draft, at=at)
    owing.tell_pma(draft, clause=kind.cited("L9.9(a)"), what="submitted")
    record(
        "draft.submitted",
        clause=kind.cited("L9.9(a)"),
        by=by,
        subject=draft,
        facts={"cps": kind, "number": draft.number, "sha256": revision.sha256, "size": revision.size},
        audience="cps",
    )
    return draft


@service
def propose_later_amendments(
    *,
    cps: str,
    amendments: Sequence[ProposedAmendment],
    review_outcome: str,
    by: Actor,
    at: datetime | None = None,
    review_id: UUID | None = None,
) -> Draft:
    """DCC proposes amendments after a review, each to be decided on its own. L9.11(a)

    review_outcome: what was reviewed and found. review_id: the review that the PMA had required, if one.
    """
    at = at or clock.now()
    kind = Cps(cps)
    cited = kind.cited("L9.11(a)")
    _begin_submitting(by, clause=cited, at=at)
    version = _in_force(kind)
    if version is None:
        raise RuleViolation(f"There is no {kind.label} in force yet. Submit the initial draft.", clause=cited)
    check_none_open(cps=kind, has_open_draft=_has_open_draft(kind), clause="L9.11(a)")
    if not amendments:
        raise RuleViolation("Propose at least one amendment.", clause=cited)
    if not review_outcome.strip():
        raise RuleViolation("Say what was reviewed.", clause=cited, field="review_outcome")
    draft = Draft(
        cps=kind,
        origin=Origin.LATER,
        number=_next_number(kind),
        submitted_at=at,
        submitted_by=by.name,
        review_outcome=review_outcome,
        base=version.revision,
    )
    draft.save()
    made = [add_amendment(draft, one, by=by, at=at) for one in amendments]
    if review_id is not None:
        reviews = Review.objects.filter(pk=review_id, cps=kind)
        close_reviews(reviews, by=by, at=at, outcome="Amendments proposed")
    owing.owe_consideration(draft, at=at)
    owing.tell_pma(draft, clause=cited, what="submitted")
    record(
        "draft.submitted",
        clause=cited,
        by=by,
        subject=draft,
        facts={"cps": kind, "number": draft.number, "amendments": [one.text_sha256 for one in made]},
        audience="cps",
    )
    return draft


def add_revision(draft: Draft, file: ReceivedFile, *, by: Actor, at: datetime) -> Revision:
    """Keep a file as the draft's next revision. Part of the calling act."""
    revision = Revision(
        draft=draft,
        number=draft.revisions.count() + 1,
        sha256=file.sha256,
        size=file.size,
        file_kind=file.kind,
        text=file.text.replace("\0", ""),
        uploaded_at=at,
        uploaded_by=by.name,
    )
    revision.save()
    return revision


def add_amendment(draft: Draft, proposed: ProposedAmendment, *, by: Actor, at: datetime) -> Amendment:
    """Keep a proposed amendment as the draft's next. Part of the calling act."""
    cited = draft.cited("L9.9(b)(ii)" if draft.is_initial else "L9.11(a)")
    for field in ("place", "text"):
        if not getattr(proposed, field).strip():
            raise RuleViolation(f"Enter the {field} of the amendment.", clause=cited, field=field)
    amendment = Amendment(
        draft=draft,
        number=draft.amendments.count() + 1,
        place=proposed.place.strip(),
        text=proposed.text.strip(),
        reason=proposed.reason.strip(),
        proposed_at=at,
        proposed_by=by.for_name or by.name,
    )
    amendment.save()
    return amendment


def _begin_submitting(by: Actor, *, clause: str, at: datetime) -> None:
    """DCC's document owner alone, whose office is locked so that two submissions never pass each other."""
    authority.require(by, Role.DCC_DOCUMENT_OWNER, clause=clause, at=at)
    Office.objects.select_for_update(no_key=True).get(key="dcc-document-owner")


def _in_force(cps: Cps) -> CpsVersion | None:
    return CpsVersion.objects.filter(cps=cps, state=IN_FORCE).select_related("revision").first()


def _has_open_draft(cps: Cps) -> bool:
    return any(not draft.is_closed for draft in Draft.objects.filter(cps=cps))


def _next_number(cps: Cps) -> int:
    return Draft.objects.filter(cps=cps).count() + 1
