"""Key ceremonies, once planned: approved by two operators, carried out by the worker. L3.5"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from certification.authorities import lists, making, states
from certification.authorities.models import Authority, Ceremony
from certification.authorities.planning import APPROVE, require_operator
from certification.authorities.rules import (
    check_script_read,
    check_second_person,
    is_lapsed,
)
from certification.authorities.scripts import hash_facts
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation, clause
from smki_pma.duties.acts import discharge_duties
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.parties import authority as parties_authority
from smki_pma.parties.roles import Role
from smki_pma.records.requests import request_record
from smki_pma.rules_in_force.selectors import figure

CLAUSE = clause("L3.5").id
RUN_CEREMONY = "authorities.run_ceremony"


def _locked(ceremony_id: UUID) -> Ceremony:
    return Ceremony.objects.select_for_update(of=("self",)).get(pk=ceremony_id)


@service
def approve_ceremony(
    *, ceremony_id: UUID, script_sha256: str, by: Actor, at: datetime | None = None
) -> Ceremony:
    """One of two different operators approves exactly the script shown; the second starts the worker. L3.5

    A first approval lapses after the minutes in force; whoever approves then is the first again.
    """
    at = at or clock.now()
    person_id = require_operator(by, at)
    ceremony = _locked(ceremony_id)
    move = states.CEREMONY.move("approve", state=ceremony.state)
    check_script_read(script_sha256, ceremony.script_sha256)
    lapsed = is_lapsed(ceremony.first_approved_at, at, figure("authorities.approval_minutes", at=at))
    if lapsed:
        ceremony.first_approved_by_id, ceremony.first_approved_at = person_id, at
    else:
        check_second_person(ceremony.first_approved_by_id, person_id)
        move = states.CEREMONY.move("confirm", state=ceremony.state)
        ceremony.second_approved_by_id, ceremony.second_approved_at = person_id, at
        job = jobs.enqueue(
            RUN_CEREMONY, {"ceremony_id": str(ceremony.pk)}, key=f"{RUN_CEREMONY}:{ceremony.pk}"
        )
        ceremony.job_id = job.pk
        discharge_duties(kind=APPROVE, subject=ceremony)
    ceremony.state = move.target
    ceremony.save()
    facts = {"reference": ceremony.reference, "script_sha256": ceremony.script_sha256}
    record(move.event, clause=CLAUSE, by=by, subject=ceremony, facts=facts, audience="dcc")
    return ceremony


@service
def abandon_ceremony(*, ceremony_id: UUID, reason: str, by: Actor, at: datetime | None = None) -> Ceremony:
    """An operator calls off a ceremony that is not yet approved by two. L3.5"""
    at = at or clock.now()
    require_operator(by, at)
    ceremony = _locked(ceremony_id)
    move = states.CEREMONY.move("abandon", state=ceremony.state)
    if not reason.strip():
        raise RuleViolation("Say why the ceremony is abandoned.", clause=CLAUSE, field="reason")
    ceremony.state, ceremony.reason, ceremony.ended_at = move.target, reason, at
    ceremony.save()
    discharge_duties(kind=APPROVE, subject=ceremony)
    facts = {"reference": ceremony.reference, "reason": reason}
    record(move.event, clause=CLAUSE, by=by, subject=ceremony, facts=facts, audience="dcc")
    return ceremony


@service
def prepare_ceremony(*, ceremony_id: UUID, by: Actor, at: datetime | None = None) -> Ceremony:
    """The worker makes the keys and commits to the exact bytes of every Certificate. L3.5"""
    at = at or clock.now()
    parties_authority.require(by, "clock", "owner", clause=CLAUSE, at=at)
    ceremony = _locked(ceremony_id)
    if ceremony.state in (states.RUNNING, states.DONE):
        return unchanged(ceremony)
    move = states.CEREMONY.move("prepare", state=ceremony.state)
    making.check_root(ceremony)
    making.make_authorities(ceremony, at)
    ceremony.state = move.target
    ceremony.save()
    facts = {"reference": ceremony.reference, "purpose": ceremony.purpose, "names": ceremony.names}
    record(move.event, clause=CLAUSE, by=by, subject=ceremony, facts=facts, audience="dcc")
    return ceremony


@service
def complete_ceremony(*, ceremony_id: UUID, by: Actor, at: datetime | None = None) -> Ceremony:
    """The worker signs, lodges, activates and records the hash of everything made. L3.5, L5.3(a)

    While an instruction suspends the lists that are part of it nothing happens; the reinstatement queues it again
    (L2.14).
    """
    lists.hold_off_suspensions()
    at = at or clock.now()
    parties_authority.require(by, "clock", "owner", clause=CLAUSE, at=at)
    ceremony = _locked(ceremony_id)
    if ceremony.state == states.DONE or (making.signs_lists(ceremony) and lists.held_on(at)):
        return unchanged(ceremony)
    move = states.CEREMONY.move("complete", state=ceremony.state)
    ceremony.transcript = _approvals(ceremony) | {
        "reference": ceremony.reference,
        "purpose": ceremony.purpose,
        "environment": ceremony.environment,
        "root": ceremony.root.title if ceremony.root else "",
        "script_sha256": ceremony.script_sha256,
        "witnesses": ceremony.witnesses,
        "authorities": making.certify_authorities(ceremony, by, at),
        "lists": making.issue_lists(ceremony, by, at),
        "completed_at": at.isoformat(),
    }
    ceremony.transcript_sha256 = hash_facts(ceremony.transcript)
    ceremony.state, ceremony.ended_at = move.target, at
    ceremony.save()
    facts = {"transcript": ceremony.transcript, "transcript_sha256": ceremony.transcript_sha256}
    record(move.event, clause=CLAUSE, by=by, subject=ceremony, facts=facts, audience="dcc", checkpoint=True)
    request_record(
        kind="ceremony.record",
        title=f"Record of key ceremony {ceremony.reference}",
        subject=ceremony,
        template="authorities/ceremony_record.html",
        context_builder="certification.authorities.selectors.ceremony_context",
        audience="dcc",
    )
    return ceremony


def _approvals(ceremony: Ceremony) -> dict[str, object]:
    approvals = (
        (ceremony.first_approved_by, ceremony.first_approved_at),
        (ceremony.second_approved_by, ceremony.second_approved_at),
    )
    return {
        "approvals": [
            {"person": str(person.pk), "name": person.name, "at": moment.isoformat()}
            for person, moment in approvals
            if person is not None and moment is not None
        ]
    }


@service
def fail_ceremony(*, ceremony_id: UUID, reason: str, by: Actor, at: datetime | None = None) -> Ceremony:
    """The worker gave up: what was prepared is discarded, and a new ceremony can be planned. L3.5"""
    at = at or clock.now()
    parties_authority.require(by, "clock", "owner", clause=CLAUSE, at=at)
    ceremony = _locked(ceremony_id)
    if ceremony.state in (states.FAILED, states.DONE):
        return unchanged(ceremony)
    move = states.CEREMONY.move("fail", state=ceremony.state)
    for prepared in ceremony.authorities.filter(state=states.PREPARED):
        prepared.state = states.AUTHORITY.move("discard", state=prepared.state).target
        prepared.save()
    ceremony.state, ceremony.reason, ceremony.ended_at = move.target, reason, at
    ceremony.save()
    facts = {"reference": ceremony.reference, "reason": reason}
    record(move.event, clause=CLAUSE, by=by, subject=ceremony, facts=facts, audience="dcc")
    return ceremony


def release_ceremonies(*, stamp: str) -> int:
    """Queue again the ceremonies that waited for lists to be reinstated; how many. Part of the act that does. L2.14

    stamp: tells these jobs from earlier ones, whose effect was none.
    """
    waiting = Ceremony.objects.filter(state__in=(states.APPROVED, states.RUNNING)).order_by("planned_at")
    for ceremony in waiting:
        jobs.enqueue(
            RUN_CEREMONY,
            {"ceremony_id": str(ceremony.pk)},
            key=f"{RUN_CEREMONY}:{ceremony.pk}:{stamp}",
        )
    return len(waiting)


@service
def end_authority(*, authority_id: UUID, reason: str, by: Actor, at: datetime | None = None) -> Authority:
    """An Authority whose Certificate is revoked issues nothing from then on. L3.5

    Part of the act that revokes its Certificate, whose people it names; a root has nobody above it to revoke it.
    """
    at = at or clock.now()
    parties_authority.require(by, Role.DCC_CA_OPERATOR, "clock", clause=CLAUSE, at=at)
    authority = Authority.objects.select_for_update(of=("self",)).get(pk=authority_id)
    if authority.is_root:
        raise RuleViolation("A root is not revoked by an Authority Revocation List.", clause=CLAUSE)
    move = states.AUTHORITY.move("revoke", state=authority.state)
    authority.state = move.target
    authority.save()
    facts = {"authority": authority.title, "environment": authority.environment, "reason": reason}
    record(move.event, clause=CLAUSE, by=by, subject=authority, facts=facts, audience="dcc")
    return authority
