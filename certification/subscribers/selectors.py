"""Reads about Authorised Subscribers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from certification.subscribers.models import (
    Application,
    AuthorisedSubscriber,
    Eui64Range,
    ResponsibleOfficer,
    VerificationStep,
)
from certification.subscribers.rules import Finding, Policy, Step, steps_for
from certification.subscribers.states import REFUSED, WITHDRAWN
from smki_pma.parties.models import Holding, Party
from smki_pma.parties.roles import Role

TESTS_CONFIRMED = {
    Policy.DEVICE: "device_tests_confirmed_at",
    Policy.ORGANISATION: "organisation_tests_confirmed_at",
}


def tests_confirmed_at(party: Party, policy: Policy) -> datetime | None:
    """When the Party received DCC's confirmation of its entry process tests for a policy. L7.7"""
    confirmed: datetime | None = getattr(party, TESTS_CONFIRMED[policy])
    return confirmed


def authorisation(party_id: UUID, policy: Policy) -> AuthorisedSubscriber | None:
    """The Party's authorisation under a policy that stands now, if any."""
    return AuthorisedSubscriber.objects.filter(
        party_id=party_id, policy=policy, withdrawn_at__isnull=True
    ).first()


def findings_of(application: Application) -> dict[str, Finding]:
    """The latest finding for each step recorded."""
    rows = VerificationStep.objects.filter(application=application).order_by("recorded_at", "pk")
    return {row.step: Finding(met=row.met, recorded_by=row.recorded_by_id) for row in rows}


def is_responsible_officer(person_id: UUID, party_id: UUID) -> bool:
    """Whether DCC has verified this person as a responsible officer of the Party, and that still stands."""
    return ResponsibleOfficer.objects.filter(
        person_id=person_id, party_id=party_id, verified_at__isnull=False, ended_at__isnull=True
    ).exists()


def ranges_of(party_id: UUID) -> QuerySet[Eui64Range]:
    """The EUI-64 ranges assigned to a Party now."""
    return Eui64Range.objects.filter(party_id=party_id, ended_at__isnull=True)


def officer_holdings(party_id: UUID, *, at: datetime) -> QuerySet[Holding]:
    """The offices of Party officer held for a Party at a moment."""
    return Holding.objects.in_effect(at).filter(party_id=party_id, office__role=Role.PARTY_OFFICER)


def applications() -> QuerySet[Application]:
    """Every application with what a page shows of it, newest first."""
    return Application.objects.select_related(
        "party__organisation", "applied_by", "decided_by", "authorisation"
    )


def parties_with_authorisations() -> QuerySet[Party]:
    """Every Party, with its authorisations that stand and its identifiers fetched along."""
    standing = AuthorisedSubscriber.objects.filter(withdrawn_at__isnull=True)
    assigned = Eui64Range.objects.filter(ended_at__isnull=True)
    parties: QuerySet[Party] = Party.objects.select_related("organisation")
    standings: Prefetch[Any] = Prefetch("authorisations", standing, to_attr="standing")
    identifiers: Prefetch[Any] = Prefetch("eui64_ranges", assigned, to_attr="assigned")
    return parties.prefetch_related(standings, identifiers)


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step with its latest finding, if any."""

    step: Step
    finding: VerificationStep | None


def step_rows(application: Application) -> list[StepRow]:
    """The steps that the application's policy asks for, in order, each with its latest finding. L3.3"""
    findings = application.findings.select_related("recorded_by").order_by("recorded_at", "pk")
    latest = {finding.step: finding for finding in findings}
    return [StepRow(step, latest.get(step.key)) for step in steps_for(Policy(application.policy))]


@dataclass(slots=True)
class PolicyStanding:
    """Where a Party stands under one policy."""

    policy: Policy
    tests_confirmed_at: datetime | None
    application: Application | None

    @property
    def may_apply(self) -> bool:
        """Tests completed, and no application open or carried into an authorisation."""
        free = self.application is None or self.application.state in (REFUSED, WITHDRAWN)
        return self.tests_confirmed_at is not None and free


@dataclass(slots=True)
class Standing:
    """One Party as its officers see it. form: for nominating one more officer."""

    party: Party
    policies: list[PolicyStanding]
    officers: list[ResponsibleOfficer]
    ranges: list[Eui64Range]
    form: object | None = None

    @property
    def may_apply(self) -> bool:
        return any(each.may_apply for each in self.policies)


def own_standings(party_ids: Iterable[UUID | None]) -> list[Standing]:
    """Where each of these Parties stands. L3.2"""
    parties = Party.objects.filter(pk__in=[pk for pk in party_ids if pk]).select_related("organisation")
    return [_standing(party) for party in parties]


def _standing(party: Party) -> Standing:
    latest: dict[str, Application] = {}
    for application in applications().filter(party=party):
        latest.setdefault(application.policy, application)
    officers = ResponsibleOfficer.objects.filter(party=party, ended_at__isnull=True).select_related("person")
    return Standing(
        party=party,
        policies=[
            PolicyStanding(policy, tests_confirmed_at(party, policy), latest.get(policy.value))
            for policy in Policy
        ],
        officers=list(officers),
        ranges=list(ranges_of(party.pk)),
    )
