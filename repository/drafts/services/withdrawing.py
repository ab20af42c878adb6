"""DCC takes back what it has submitted by mistake: Section L neither gives nor forbids it (house rule)."""

from datetime import datetime
from uuid import UUID

from repository.drafts import access
from repository.drafts.models import Amendment, Draft
from repository.drafts.services import owing
from repository.drafts.states import AMENDMENT, APPROVED, PROPOSED
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.governance.meetings.models import EffectState, Vote
from smki_pma.governance.meetings.noting import note_where_listed
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import HOUSE_RULE, record, service
from smki_pma.parties import authority
from smki_pma.parties.roles import Role

DECIDING = ("approve_draft", "decide_amendment")


@service
def withdraw_draft(*, draft_id: UUID, reason: str, by: Actor, at: datetime | None = None) -> Draft:
    """DCC withdraws a submission, or what the PMA has not yet decided of it (house rule on L9.9(a), L9.11(a)).

    An initial draft is owed again. What was approved of later amendments is made; the rest is withdrawn.
    """
    at = at or clock.now()
    draft = Draft.objects.get(pk=draft_id)
    cited = draft.cited("L9.9(a)" if draft.is_initial else "L9.11(a)")
    access.require_sight(by, draft, at=at)
    authority.require(by, Role.DCC_DOCUMENT_OWNER, clause=cited, at=at)
    # The meetings are locked before the draft, as a vote locks them: nobody opens one meanwhile.
    noted_on = note_where_listed(Draft._meta.label, draft.pk, f"DCC has withdrawn: {draft.public_title}.")
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    approved = draft.amendments.filter(state=APPROVED).order_by("decided_at").last()
    move = draft.life_cycle.move("withdraw" if approved is None else "withdraw_the_rest", state=draft.state)
    if not reason.strip():
        raise RuleViolation("Say why the submission is withdrawn.", clause=cited, field="reason")
    _refuse_once_voted_on(draft, clause=cited)
    withdrawn = _withdraw_amendments(draft)
    draft.state, draft.withdrawn_reason = move.target, reason.strip()
    owing.consideration_is_withdrawn(draft)
    if approved is None:
        draft.closed_at = at
    else:
        draft.decided_ref, draft.decided_at = approved.decided_ref, approved.decided_at
        owing.owe_making(draft, at=at)
    draft.save()
    owing.tell_pma(draft, clause=cited, what="withdrawn by DCC")
    facts = {"cps": draft.cps, "number": draft.number, "amendments": withdrawn, "noted_on": noted_on}
    record(move.event, clause=HOUSE_RULE, by=by, subject=draft, facts=facts, audience="cps")
    return draft


def _refuse_once_voted_on(draft: Draft, *, clause: str) -> None:
    """While a vote is open, or what it resolved is not carried out yet, the submission is the PMA's."""
    kinds = [f"{draft.kind.motion_prefix}.{kind}" for kind in DECIDING]
    votes = Vote.objects.filter(subject_model=Draft._meta.label, subject_id=draft.pk, kind__in=kinds)
    unfinished = votes.filter(resolution__effect_state__in=[EffectState.PENDING, EffectState.REFUSED])
    if votes.filter(state="open").exists() or unfinished.exists():
        raise RuleViolation(
            "The SMKI PMA is voting on this submission, or has resolved on it. Wait for the result.",
            clause=clause,
        )


def _withdraw_amendments(draft: Draft) -> list[int]:
    """Withdraw those that are not decided; returns their numbers."""
    undecided: list[Amendment] = list(draft.amendments.filter(state=PROPOSED))
    for amendment in undecided:
        amendment.state = AMENDMENT.move("withdraw", state=amendment.state).target
        amendment.save()
    return [amendment.number for amendment in undecided]
