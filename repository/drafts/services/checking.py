"""The Secretariat checks the fact that each amendment is made and nothing else changed. L9.9(c), L9.11(b)

It approves nothing: the PMA has decided.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from repository.drafts import access
from repository.drafts.models import CpsVersion, Draft, Revision
from repository.drafts.rules import check_return
from repository.drafts.services import owing
from repository.drafts.services.becoming import become, record_version
from repository.drafts.states import AMENDMENT, STATED_MADE
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties import authority
from smki_pma.parties.roles import Role


@service
def confirm_amendments(
    *,
    draft_id: UUID,
    revision_number: int,
    each_made: bool,
    nothing_else_changed: bool,
    by: Actor,
    at: datetime | None = None,
) -> CpsVersion:
    """Each amendment is made and nothing else is changed: the amended text becomes the CPS. L9.9(c), L9.11(b)

    revision_number: the file that was compared, so that a stale page confirms nothing.
    """
    at = at or clock.now()
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    cited = _cited(draft)
    access.require_sight(by, draft, at=at)
    authority.require(by, Role.SECRETARIAT, clause=cited, at=at)
    move = draft.life_cycle.move("confirm", state=draft.state)
    if not (each_made and nothing_else_changed):
        raise RuleViolation(
            "Confirm both facts, or send the draft back and say what is missing.", clause=cited
        )
    revision = _compared(draft, revision_number, clause=cited)
    refs = set()
    for amendment in draft.amendments.filter(state=STATED_MADE):
        amendment.state = AMENDMENT.move("confirm", state=amendment.state).target
        refs.add(amendment.decided_ref)
        amendment.save()
    draft.state, draft.closed_at = move.target, at
    draft.save()
    version = become(draft, revision, ref=", ".join(sorted(refs)), at=at)
    owing.checking_is_over(draft)
    record_version(version, draft, clause=cited, by=by)
    return version


@service
def return_amendments(
    *,
    draft_id: UUID,
    revision_number: int,
    missing: Mapping[UUID, str],
    other_changes: str,
    by: Actor,
    at: datetime | None = None,
) -> Draft:
    """Back to DCC: an amendment is not made as decided, or something else was changed. L9.9(c), L9.11(b)

    revision_number: the file that was compared, so that a stale page returns nothing.
    missing: by amendment, what is missing of it. other_changes: what nobody decided.
    """
    at = at or clock.now()
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    cited = _cited(draft)
    access.require_sight(by, draft, at=at)
    authority.require(by, Role.SECRETARIAT, clause=cited, at=at)
    move = draft.life_cycle.move("return", state=draft.state)
    _compared(draft, revision_number, clause=cited)
    stated = draft.amendments.filter(state=STATED_MADE)
    unknown = set(missing) - {amendment.pk for amendment in stated}
    if unknown:
        raise RuleViolation("Name only amendments of this draft.", clause=cited)
    origin = "L9.9(c)" if draft.is_initial else "L9.11(b)"
    check_return(cps=draft.kind, clause=origin, missing=missing, other_changes=other_changes)
    reopen = "reopen_directed" if draft.is_initial else "reopen_approved"
    for amendment in stated:
        amendment.state = AMENDMENT.move(reopen, state=amendment.state).target
        amendment.missing = missing.get(amendment.pk, "").strip()
        amendment.save()
    draft.state, draft.returned_reason = move.target, other_changes.strip()
    draft.save()
    owing.checking_is_over(draft)
    owing.owe_making(draft, at=at)
    owing.tell_dcc(draft, clause=cited, what="an amendment is not made as decided")
    numbers = [amendment.number for amendment in stated if amendment.missing]
    facts = {"amendments": numbers, "other_changes": bool(other_changes.strip())}
    record(move.event, clause=cited, by=by, subject=draft, facts=facts, audience="cps")
    return draft


def _compared(draft: Draft, revision_number: int, *, clause: str) -> Revision:
    """The draft's last file; raises RuleViolation where another one was compared."""
    revision = draft.revisions.last()
    if revision is None or revision.number != revision_number:
        raise RuleViolation("DCC has uploaded another file since. Compare that one.", clause=clause)
    return revision


def _cited(draft: Draft) -> str:
    return draft.cited("L9.9(c)" if draft.is_initial else "L9.11(b)")
