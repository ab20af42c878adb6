"""Reads about Authorised Subscribers."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from certification.subscribers.models import (
    Application,
    AuthorisedSubscriber,
    Eui64Range,
    ResponsibleOfficer,
    VerificationStep,
)
from certification.subscribers.rules import Finding, Policy
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


def is_responsible_officer(person_id: UUID | None, party_id: UUID) -> bool:
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
