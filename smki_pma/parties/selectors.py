"""Reads about people and offices."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from smki_pma.calendar import clock
from smki_pma.parties.models import Holding, Party, Person
from smki_pma.parties.roles import Role


def people_holding(*roles: Role, at: datetime | None = None, party_id: UUID | None = None) -> list[Person]:
    """Everybody who has one of the roles at a moment (now by default), each once, by name."""
    holdings = Holding.objects.in_effect(at or clock.now()).filter(office__role__in=roles)
    if party_id is not None:
        holdings = holdings.filter(party_id=party_id)
    return _holders(holdings)


def _holders(holdings: QuerySet[Holding]) -> list[Person]:
    return list(Person.objects.filter(pk__in=holdings.values("person_id")).order_by("name"))


def the_dcc() -> Party | None:
    """DCC's own Party record, if it has been entered."""
    return Party.objects.filter(category="dcc").select_related("organisation").first()


def officers_of(party_id: UUID, *, at: datetime | None = None) -> list[Person]:
    """The people who act for a Party."""
    return people_holding(Role.PARTY_OFFICER, at=at, party_id=party_id)


def officers_of_any(parties: QuerySet[Party]) -> list[Person]:
    """The people who act for any of these Parties, each once, by name."""
    acting = Holding.objects.in_effect(clock.now()).filter(office__role=Role.PARTY_OFFICER)
    return _holders(acting.filter(party__in=parties))
