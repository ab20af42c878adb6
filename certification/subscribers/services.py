"""Becoming an Authorised Subscriber, and ceasing to be one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from certification.subscribers import rules
from certification.subscribers.models import (
    Application,
    AuthorisedSubscriber,
    ResponsibleOfficer,
    VerificationStep,
)
from certification.subscribers.permissions import require_party_officer, require_ra_officer
from certification.subscribers.rules import Ground, Policy
from certification.subscribers.selectors import (
    authorisation,
    findings_of,
    officer_holdings,
    ranges_of,
    tests_confirmed_at,
)
from certification.subscribers.states import IN_VERIFICATION, LIFE_CYCLE, NEW
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.notices.acts import send_notice
from smki_pma.parties.models import Party
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import officers_of

VERIFY = "subscriber.verify"
CONSIDER = "revocation.consider"


@service
def apply_to_subscribe(
    *, party_id: UUID, policy: Policy, officer_ids: Sequence[UUID], by: Actor, at: datetime | None = None
) -> Application:
    """A Party that completed the tests applies, and nominates its responsible officers. L3.2, L7.1(a)"""
    at = at or clock.now()
    move = LIFE_CYCLE.move("apply", state=NEW)
    party = Party.objects.select_for_update().get(pk=party_id)
    applicant = require_party_officer(by, party_id=party_id, clause=move.clause, at=at)
    rules.check_entry_tests(policy, confirmed_at=tests_confirmed_at(party, policy), at=at)
    _check_not_twice(party, policy)
    officers = officer_holdings(party_id, at=at).values_list("person_id", flat=True)
    rules.check_officers(officer_ids, officers=officers)
    application = Application(
        party=party, policy=policy, state=move.target, applied_at=at, applied_by_id=applicant
    )
    application.save()
    _nominate(party, officer_ids, at=at)
    url = reverse("subscribers:application_detail", args=[application.pk])
    open_duty(
        kind=VERIFY,
        clause="L3.3",
        title=f"Verify the application of {party} under the {policy.title}",
        role=Role.DCC_RA_OFFICER,
        subject=application,
        url=url,
    )
    facts = {"party": str(party), "policy": policy.value, "officers": sorted(str(pk) for pk in officer_ids)}
    record(
        move.event,
        clause=move.clause,
        by=by,
        subject=application,
        facts=facts,
        audience="party",
        party_id=party_id,
    )
    return application


def _check_not_twice(party: Party, policy: Policy) -> None:
    if authorisation(party.pk, policy) is not None:
        raise RuleViolation(
            f"{party} is an Authorised Subscriber under the {policy.title} already.",
            clause="L3.2",
            field="policy",
        )
    if Application.objects.filter(party=party, policy=policy, state=IN_VERIFICATION).exists():
        raise RuleViolation(
            f"An application of {party} under the {policy.title} is being verified.",
            clause="L3.2",
            field="policy",
        )


def _nominate(party: Party, officer_ids: Sequence[UUID], *, at: datetime) -> None:
    nominated = set(_current_officers(party.pk).values_list("person_id", flat=True))
    for person_id in dict.fromkeys(officer_ids):
        if person_id not in nominated:
            ResponsibleOfficer(party=party, person_id=person_id, nominated_at=at).save()


def _current_officers(party_id: UUID) -> QuerySet[ResponsibleOfficer]:
    return ResponsibleOfficer.objects.filter(party_id=party_id, ended_at__isnull=True)


@service
def record_step(
    *, application_id: UUID, step: str, met: bool, evidence: str, by: Actor, at: datetime | None = None
) -> VerificationStep:
    """A Registration Authority officer records what a verification step found. L3.3"""
    at = at or clock.now()
    application = _locked(application_id)
    move = LIFE_CYCLE.move("verify", state=application.state)
    person_id = require_ra_officer(by, clause=move.clause, at=at)
    policy = Policy(application.policy)
    if step not in {asked.key for asked in rules.steps_for(policy)}:
        raise RuleViolation("This policy does not ask for that step.", clause=move.clause, field="step")
    if not evidence.strip():
        raise RuleViolation(
            "Say what you checked, and where it is kept.", clause=move.clause, field="evidence"
        )
    if met and step == "identifiers" and not ranges_of(application.party_id).exists():
        raise RuleViolation(
            "No EUI-64 is assigned to this Party yet. Assign a range first.", clause=move.clause, field="step"
        )
    finding = VerificationStep(
        application=application,
        step=step,
        met=met,
        evidence=evidence.strip(),
        recorded_at=at,
        recorded_by_id=person_id,
    )
    finding.save()
    _record(move.event, move.clause, by=by, application=application, facts={"step": step, "met": met})
    return finding


@service
def authorise_subscriber(
    *, application_id: UUID, by: Actor, at: datetime | None = None
) -> AuthorisedSubscriber:
    """DCC authorises a Party whose every step is met; a second officer says so. L3.3"""
    at = at or clock.now()
    application = _locked(application_id)
    move = LIFE_CYCLE.move("authorise", state=application.state)
    require_ra_officer(by, clause=move.clause, at=at)
    policy = Policy(application.policy)
    rules.check_authorisation(policy, findings_of(application), by=by.person_id)
    subscriber = AuthorisedSubscriber(
        party_id=application.party_id, policy=policy, application=application, authorised_at=at
    )
    subscriber.save()
    for officer in _current_officers(application.party_id).filter(
        verified_at__isnull=True, nominated_at__lte=application.applied_at
    ):
        officer.verified_at = at
        officer.save()
    body = f"DCC has authorised {application.party} to submit requests under the {policy.title}."
    _decide(application, move.target, by=by, at=at, body=body)
    _record(move.event, move.clause, by=by, application=application, facts={})
    return subscriber


@service
def refuse_application(*, application_id: UUID, by: Actor, at: datetime | None = None) -> Application:
    """An application is refused for a step that is not met, and for nothing else; the refusal names it. L3.3"""
    at = at or clock.now()
    application = _locked(application_id)
    move = LIFE_CYCLE.move("refuse", state=application.state)
    require_ra_officer(by, clause=move.clause, at=at)
    failed = rules.check_refusal(Policy(application.policy), findings_of(application), by=by.person_id)
    application.reason = f"Not met: {rules.name_steps(failed)}."
    _decide(application, move.target, by=by, at=at, body=application.reason)
    _record(
        move.event,
        move.clause,
        by=by,
        application=application,
        facts={"not_met": [step.key for step in failed]},
    )
    return application


def _locked(application_id: UUID) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("party__organisation")
        .get(pk=application_id)
    )


def _decide(application: Application, state: str, *, by: Actor, at: datetime, body: str) -> None:
    application.state = state
    application.decided_at = at
    application.decided_by_id = by.person_id
    application.save()
    discharge_duties(kind=VERIFY, subject=application)
    send_notice(
        clause="L3.3",
        subject=f"Your application under the {Policy(application.policy).title}",
        body=body,
        people=officers_of(application.party_id, at=at),
        url=reverse("subscribers:own_status"),
    )


def _record(
    event: str, clause: str, *, by: Actor, application: Application, facts: dict[str, object]
) -> None:
    record(
        event,
        clause=clause,
        by=by,
        subject=application,
        facts={"party": str(application.party), "policy": application.policy, **facts},
        audience="party",
        party_id=application.party_id,
    )


@service
def withdraw_subscriber(
    *, subscriber_id: UUID, ground: Ground, reference: str = "", by: Actor, at: datetime | None = None
) -> AuthorisedSubscriber:
    """An authorisation ends at the Party's request, or where the Code requires it. L3.4

    Requests that are being handed in on it come first: the time of the end is taken after they are received.
    """
    subscriber = (
        AuthorisedSubscriber.objects.select_for_update(of=("self",))
        .select_related("application", "party__organisation")
        .get(pk=subscriber_id)
    )
    at = at or clock.now()
    application = subscriber.application
    move = LIFE_CYCLE.move("withdraw", state=application.state)
    by_party = by.role == Role.PARTY_OFFICER
    if by_party:
        require_party_officer(by, party_id=subscriber.party_id, clause=move.clause, at=at)
    else:
        require_ra_officer(by, clause=move.clause, at=at)
    rules.check_withdrawal(ground, reference=reference, by_party=by_party)
    subscriber.withdrawn_at = at
    subscriber.ground = ground
    subscriber.ground_reference = reference.strip()
    subscriber.save()
    application.state = move.target
    application.save()
    if subscriber.policy == Policy.ORGANISATION:
        open_consideration(subscriber.party)
    facts: dict[str, object] = {"ground": ground.value, "reference": reference.strip()}
    _record(move.event, move.clause, by=by, application=application, facts=facts)
    return subscriber


def open_consideration(party: Party) -> None:
    """Whoever is no longer eligible may hold Certificates that have to be revoked: DCC considers each. L3.4"""
    open_duty(
        kind=CONSIDER,
        clause="L3.4",
        title=f"Consider which Organisation Certificates of {party} are to be revoked",
        role=Role.DCC_RA_OFFICER,
        subject=party,
        url=reverse("revocations:consider_party", args=[party.pk]),
    )
