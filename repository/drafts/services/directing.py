"""What the PMA decides of amendments: it directs them on an initial draft, approves or refuses later ones."""

from datetime import datetime
from typing import Any
from uuid import UUID

from repository.drafts.models import Amendment, Draft
from repository.drafts.rules import check_directed
from repository.drafts.services import owing
from repository.drafts.services.becoming import leave_out
from repository.drafts.states import AMENDMENT, APPROVED, PROPOSED
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties import authority


@service
def direct_amendments(
    *, subject_id: UUID | str, parameters: dict[str, Any], by: Actor, at: datetime | None = None
) -> Draft:
    """The PMA approves the initial draft subject to DCC first making these amendments. L9.9(b)(ii)

    parameters: {"amendments": [{"id", "number", "sha256"}]}, sha256 being that of the amendment's words.
    """
    at = at or clock.now()
    draft = Draft.objects.select_for_update().get(pk=subject_id)
    cited = draft.cited("L9.9(b)(ii)")
    authority.require_resolution(by, clause=cited)
    move = draft.life_cycle.move("direct", state=draft.state)
    proposed = {amendment.pk: amendment for amendment in draft.amendments.filter(state=PROPOSED)}
    chosen = {UUID(str(one["id"])): one.get("sha256") for one in parameters.get("amendments", [])}
    check_directed(cps=draft.kind, chosen=chosen, proposed=proposed)
    for id, sha256 in chosen.items():
        amendment = proposed.pop(id)
        if amendment.text_sha256 != sha256:
            raise RuleViolation("The words of an amendment are not those voted on.", clause=cited)
        amendment.state = AMENDMENT.move("direct", state=amendment.state).target
        amendment.decided_ref, amendment.decided_at = by.resolution_ref, at
        amendment.save()
    leave_out(draft, proposed.values(), ref=by.resolution_ref, at=at)
    draft.state, draft.decided_ref, draft.decided_at = move.target, by.resolution_ref, at
    draft.save()
    owing.consideration_is_over(draft)
    owing.owe_making(draft, at=at)
    owing.tell_dcc(draft, clause=cited, what="approved subject to amendments")
    record(
        "draft.amendments_directed",
        clause=cited,
        by=by,
        subject=draft,
        facts={
            "amendments": sorted(str(sha256) for sha256 in chosen.values()),
            "resolution_ref": by.resolution_ref,
        },
        audience="cps",
        checkpoint=True,
    )
    return draft


@service
def approve_amendment(
    *, subject_id: UUID | str, parameters: dict[str, Any], by: Actor, at: datetime | None = None
) -> Amendment:
    """The PMA approves one later amendment. L9.11(b)

    parameters: {"amendment": id, "sha256": of its words}.
    """
    return _decide("approve", subject_id, parameters, by, at or clock.now())


@service
def refuse_amendment(
    *, subject_id: UUID | str, parameters: dict[str, Any], by: Actor, at: datetime | None = None
) -> Amendment:
    """The PMA refuses one later amendment; parameters as for its approval. L9.11(b)"""
    return _decide("refuse", subject_id, parameters, by, at or clock.now())


def _decide(
    decision: str, subject_id: UUID | str, parameters: dict[str, Any], by: Actor, at: datetime
) -> Amendment:
    draft = Draft.objects.select_for_update().get(pk=subject_id)
    cited = draft.cited("L9.11(b)")
    authority.require_resolution(by, clause=cited)
    amendment = draft.amendments.filter(pk=parameters["amendment"]).first()
    if draft.is_initial or amendment is None or amendment.text_sha256 != parameters.get("sha256"):
        raise RuleViolation("There is no such amendment to decide on.", clause=cited)
    amendment.state = AMENDMENT.move(decision, state=amendment.state).target
    amendment.decided_ref, amendment.decided_at = by.resolution_ref, at
    amendment.save()
    if not draft.amendments.filter(state=PROPOSED).exists():
        _all_decided(draft, ref=by.resolution_ref, at=at)
    record(
        "draft.amendment_decided",
        clause=cited,
        by=by,
        subject=draft,
        facts={"number": amendment.number, "sha256": amendment.text_sha256, "decision": amendment.state},
        audience="cps",
        checkpoint=True,
    )
    return amendment


def _all_decided(draft: Draft, *, ref: str, at: datetime) -> None:
    """DCC makes what was approved; where nothing was, the proposal is closed. L9.11(b)"""
    any_approved = draft.amendments.filter(state=APPROVED).exists()
    action = "all_decided" if any_approved else "none_approved"
    draft.state = draft.life_cycle.move(action, state=draft.state).target
    draft.decided_ref, draft.decided_at = ref, at
    draft.closed_at = None if any_approved else at
    draft.save()
    owing.consideration_is_over(draft)
    if any_approved:
        owing.owe_making(draft, at=at)
    owing.tell_dcc(draft, clause=draft.cited("L9.11(b)"), what="every amendment is decided")
