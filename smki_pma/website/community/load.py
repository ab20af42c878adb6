"""Enters the sample community, through the services; a repeat adds what is missing and changes nothing else."""

from datetime import datetime

from django.conf import settings

from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor
from smki_pma.parties import appointments, services
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Holding, Organisation, Party, Person, VotingGroup
from smki_pma.parties.roles import Role
from smki_pma.website.community import people
from smki_pma.website.community.business import enter_business
from smki_pma.website.community.seats import enter_seats

OWNER = Actor.owner("load_community")
SINCE = datetime(2026, 1, 5, 9, 0, tzinfo=clock.LONDON)


class NotASampleInstallation(RuntimeError):
    """The community is invented: it has no place where real people work."""


def load_community() -> None:
    """Enter everybody and everything that is missing."""
    if not settings.SMKI_SAMPLE_COMMUNITY:
        raise NotASampleInstallation("The sample community is off (SMKI_SAMPLE_COMMUNITY).")
    enter_organisations()
    enter_people()
    enter_offices()
    enter_seats()
    enter_business()


def enter_organisations() -> None:
    """Organisations in their groups, Voting Groups and Parties."""
    for row in people.ORGANISATIONS:
        if not Organisation.objects.filter(name=row.name).exists():
            parent = Organisation.objects.get(name=row.parent).pk if row.parent else None
            services.record_organisation(name=row.name, parent_id=parent, by=OWNER)
    for party in people.PARTIES:
        if not Party.objects.filter(organisation__name=party.organisation).exists():
            services.record_party(
                organisation_id=Organisation.objects.get(name=party.organisation).pk,
                category=party.category,
                voting_group_id=_voting_group(party).pk if party.voting_group else None,
                by=OWNER,
            )


def _voting_group(party: people.PartyRow) -> VotingGroup:
    found = VotingGroup.objects.filter(name=party.voting_group).first()
    return found or services.record_voting_group(name=party.voting_group, category=party.category, by=OWNER)


def enter_people() -> None:
    """Everybody, without invitations: in the sample community one click signs in."""
    for row in people.PEOPLE:
        if not Person.objects.filter(email=row.email).exists():
            employer = Organisation.objects.get(name=row.employer).pk if row.employer else None
            services.add_person(email=row.email, name=row.name, employer_id=employer, invite=False, by=OWNER)


def enter_offices() -> None:
    """The offices around the PMA."""
    for row in people.OFFICES:
        if not Holding.objects.filter(person__email=row.email, office__key=row.office).exists():
            party = Party.objects.get(organisation__name=row.party).pk if row.party else None
            appointments.appoint(
                office_key=row.office,
                person_id=person(row.email).pk,
                party_id=party,
                starts_at=SINCE,
                ground="Sample community",
                by=OWNER,
            )


def person(email: str) -> Person:
    """Somebody of the community."""
    return Person.objects.get(email=email)


def acting(email: str, role: Role, clause: str) -> Actor:
    """Somebody of the community, in an office."""
    return acting_as(person(email), role, clause=clause)
