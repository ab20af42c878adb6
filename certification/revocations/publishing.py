"""The CRL at all times: by schedule, on a revocation, by hand; and who is called when one is late. Services."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from certification.authorities import lists
from certification.authorities.models import Authority
from certification.requests.suspension import hold_off_suspensions
from certification.revocations.rules import PRACTICE, compute_list_deadline
from certification.revocations.selectors import ListStanding, list_signers, standing_of, standings
from smki_pma import jobs
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.duties.acts import open_duty
from smki_pma.duties.models import Duty
from smki_pma.jobs.models import Job
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, unchanged
from smki_pma.notices.acts import send_notice
from smki_pma.parties import authority as parties_authority
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import people_holding

ISSUE_LIST = "revocations.issue_list"
BY_HAND, SCHEDULE, REVOCATION = "by hand", "schedule", "revocation"


@service
def issue_crl(
    *, authority_id: UUID, cause: str, by: Actor, at: datetime | None = None
) -> lists.MadeList | None:
    """The worker makes and lodges the next CRL of an Issuing Authority, if one is due. L3.5, L5.1(j), L2.14

    cause: "schedule", "revocation" or "by hand"; by hand one is made in any case. Two at once make one, or
    two with different numbers. Gives None where none was due or an instruction suspends lists. Raises as
    lists.issue_list does.
    """
    hold_off_suspensions()
    at = at or clock.now()
    parties_authority.require(by, "clock", "owner", clause=PRACTICE, at=at)
    authority = lists.locked(Authority.objects.get(pk=authority_id))
    _check_crl(authority)
    is_due = cause == BY_HAND or standing_of(authority, at=at).is_due
    if not is_due or lists.held_on(at):
        return unchanged(None)
    made = lists.issue_list(authority, by=by, at=at)
    facts = made.facts(authority) | {"cause": cause}
    record("crl.issued", clause=PRACTICE, by=by, subject=authority, facts=facts, audience="dcc")
    return made


def _check_crl(authority: Authority) -> None:
    if authority.is_root:
        raise RuleViolation(
            "An ARL needs a root key, and so a ceremony of two people. Plan one.", clause=PRACTICE
        )


@service
def ask_for_crl(*, authority_id: UUID, by: Actor, at: datetime | None = None) -> Job:
    """A Certification Authority operator has the worker make a CRL now. L3.5"""
    hold_off_suspensions()
    at = at or clock.now()
    parties_authority.require(by, Role.DCC_CA_OPERATOR, clause=PRACTICE, at=at)
    authority = list_signers(at=at).filter(pk=authority_id).first()
    if authority is None:
        raise RuleViolation("This Authority signs no CRL.", clause=PRACTICE)
    _check_crl(authority)
    lists.check_not_suspended(at)
    job = enqueue_list(authority, cause=BY_HAND, at=at)
    facts = {"issuer": str(authority)}
    record("crl.asked_for", clause=PRACTICE, by=by, subject=authority, facts=facts, audience="dcc")
    return job


def enqueue_list(authority: Authority, *, cause: str, at: datetime) -> Job:
    """Give the worker the job."""
    key = f"{ISSUE_LIST}:{authority.pk}:{cause}:{at.isoformat()}"
    return jobs.enqueue(ISSUE_LIST, {"authority": str(authority.pk), "cause": cause}, key=key)


def watch_lists(*, at: datetime) -> None:
    """Set going what is due, and call the operators for what is late or needs a ceremony. L3.5"""
    if lists.held_on(at):
        return
    for standing in standings(at=at):
        if standing.is_due and not standing.authority.is_root:
            enqueue_list(standing.authority, cause=SCHEDULE, at=at)
        if standing.is_late or (standing.is_due and standing.authority.is_root):
            call_operators(authority_id=standing.authority.pk, by=Actor.clock(), at=at)


@service
def call_operators(
    *, authority_id: UUID, error: str = "", by: Actor, at: datetime | None = None
) -> Authority:
    """The operators are told, once, that an ARL is due or that a CRL is late, before it expires. L3.5"""
    at = at or clock.now()
    parties_authority.require(by, "clock", "owner", clause=PRACTICE, at=at)
    authority = lists.locked(Authority.objects.get(pk=authority_id))
    if Duty.objects.open().about(lists.LIST_DUE, authority).exists():
        return unchanged(authority)
    standing = standing_of(authority, at=at)
    due_at = compute_list_deadline(standing.facts, at, within=standing.margins.within)
    _open_and_tell(standing, due_at)
    facts = {"issuer": str(authority), "due_at": due_at, "error": error}
    event = "arl.due" if authority.is_root else "crl.late"
    record(event, clause=PRACTICE, by=by, subject=authority, facts=facts, audience="dcc")
    return authority


def _open_and_tell(standing: ListStanding, due_at: datetime) -> None:
    authority = standing.authority
    title = f"Issue the next ARL of {authority}" if authority.is_root else f"Issue the CRL of {authority}"
    what = "An ARL is due" if authority.is_root else "The CRL is late"
    remedy = (
        "It needs the root key: plan a ceremony of two people."
        if authority.is_root
        else "The worker has not made it. See Background work for the reason, then issue it by hand."
    )
    url = (
        reverse("authorities:plan_root_use", args=[authority.pk])
        if authority.is_root
        else reverse("revocations:list_standings")
    )
    open_duty(
        kind=lists.LIST_DUE,
        clause=PRACTICE,
        title=title,
        role=Role.DCC_CA_OPERATOR,
        subject=authority,
        due_at=due_at,
        url=url,
    )
    send_notice(
        clause=PRACTICE,
        subject=f"{what}: {authority}",
        body=f"{title} before the list in force expires, or it will not name who is revoked. {remedy}",
        people=people_holding(Role.DCC_CA_OPERATOR),
        url=url,
    )
