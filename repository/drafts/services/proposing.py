"""Members propose amendments to the initial draft before the vote. L9.9(b)(ii)"""

from datetime import datetime
from uuid import UUID

from repository.drafts import access
from repository.drafts.models import Amendment, Draft
from repository.drafts.services.submitting import ProposedAmendment, add_amendment
from repository.drafts.states import SUBMITTED
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.governance.meetings.models import Vote
from smki_pma.governance.meetings.selectors import pma_readers
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties import authority
from smki_pma.parties.models import Person
from smki_pma.parties.roles import PMA_READERS, Role

PROPOSERS = (*sorted(PMA_READERS), Role.SMKI_SPECIALIST)


@service
def propose_amendment(
    *, draft_id: UUID, place: str, text: str, by: Actor, at: datetime | None = None
) -> Amendment:
    """Propose an amendment that the PMA may direct DCC to make; only before a vote opens. L9.9(b)(ii)"""
    at = at or clock.now()
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    cited = draft.cited("L9.9(b)(ii)")
    access.require_sight(by, draft, at=at)
    authority.require(by, *PROPOSERS, clause=cited, at=at)
    if not _reads_for_the_pma(by, at):
        raise NotEntitled("Only the SMKI PMA proposes amendments; you may read this draft.", clause=cited)
    if not draft.is_initial:
        raise RuleViolation("Only DCC proposes amendments to a CPS in force.", clause=draft.cited("L9.11(a)"))
    if draft.state != SUBMITTED or _is_voted_on(draft):
        raise RuleViolation(
            "Amendments are proposed before the vote opens. This draft is past that point.", clause=cited
        )
    amendment = add_amendment(draft, ProposedAmendment(place=place, text=text, reason=""), by=by, at=at)
    record(
        "draft.amendment_proposed",
        clause=cited,
        by=by,
        subject=draft,
        facts={"number": amendment.number, "sha256": amendment.text_sha256},
        audience="cps",
    )
    return amendment


def _reads_for_the_pma(by: Actor, at: datetime) -> bool:
    """The Specialist does so only in the Chair's place; a grant of reading is no more than that. L9.12"""
    if by.person_id is None:
        return False
    return pma_readers(Person.objects.get(pk=by.person_id), at)


def _is_voted_on(draft: Draft) -> bool:
    return Vote.objects.filter(subject_model=Draft._meta.label, subject_id=draft.pk, state="open").exists()
