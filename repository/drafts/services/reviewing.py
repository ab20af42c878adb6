"""The PMA requires a review of a CPS, and DCC carries it out. L9.10, L9.11(a)"""

from datetime import datetime
from typing import Any
from uuid import UUID

from repository.drafts.cps import Cps
from repository.drafts.models import Review
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties import authority
from smki_pma.parties.roles import Role

REVIEW = "drafts.review"


@service
def require_review(
    *, subject_id: UUID | str | None, parameters: dict[str, Any], by: Actor, at: datetime | None = None
) -> Review:
    """The PMA requires DCC to review the CPS, or parts of it. L9.10

    parameters: {"cps", "scope"}. The scope is confidential, as it names parts of the CPS.
    """
    at = at or clock.now()
    cps = Cps(parameters["cps"])
    cited = cps.cited("L9.10")
    authority.require_resolution(by, clause=cited)
    review = Review(cps=cps, scope=str(parameters["scope"]), required_at=at, resolution_ref=by.resolution_ref)
    review.save()
    open_duty(
        kind=REVIEW,
        clause=cited,
        title=f"Review the {cps.label} as the SMKI PMA requires",
        role=Role.DCC_DOCUMENT_OWNER,
        subject=review,
        url=f"/cps/reviews/{review.pk}/",
    )
    facts = {"cps": cps, "resolution_ref": by.resolution_ref}
    record("cps.review_required", clause=cited, by=by, subject=review, facts=facts, audience="cps")
    return review


@service
def complete_review(*, review_id: UUID, outcome: str, by: Actor, at: datetime | None = None) -> Review:
    """DCC has reviewed and proposes nothing; it says what it found. L9.10"""
    at = at or clock.now()
    review = Review.objects.select_for_update().get(pk=review_id)
    cited = Cps(review.cps).cited("L9.10")
    authority.require(by, Role.DCC_DOCUMENT_OWNER, clause=cited, at=at)
    if review.done_at is not None:
        return unchanged(review)
    if not outcome.strip():
        raise RuleViolation("Say what the review found.", clause=cited, field="outcome")
    close_reviews([review], by=by, at=at, outcome=outcome)
    record(
        "cps.review_completed", clause=cited, by=by, subject=review, facts={"cps": review.cps}, audience="cps"
    )
    return review


def close_reviews(reviews: Any, *, by: Actor, at: datetime, outcome: str) -> None:
    """Mark required reviews as done. Part of the calling act."""
    for review in reviews:
        if review.done_at is None:
            review.done_at, review.done_by, review.outcome = at, by.name, outcome.strip()
            review.save()
            discharge_duties(kind=REVIEW, subject=review)
