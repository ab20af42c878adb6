"""Who sees a CPS draft: DCC, the PMA, and whom the PMA has granted it. L9.12, L9.18

For anybody else it does not exist.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from guardian.shortcuts import get_objects_for_user

from repository.drafts.models import Draft, Grant
from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled
from smki_pma.governance.meetings.models import Recusal
from smki_pma.governance.meetings.selectors import pma_readers
from smki_pma.ledger.actors import Actor
from smki_pma.parties import authority
from smki_pma.parties.models import Person
from smki_pma.parties.roles import DCC_STAFF, PMA_READERS, Role

READ = "drafts.read_draft"
OWN_ROLES = (*PMA_READERS, Role.SMKI_SPECIALIST, *DCC_STAFF)


def visible_to(person: Person, *, at: datetime | None = None) -> QuerySet[Draft]:
    """The drafts that exist for a person; a conflict closes what anything else opens. L9.12, L9.18"""
    moment = at or clock.now()
    if authority.roles_of(person, at=moment) & DCC_STAFF:
        return Draft.objects.all()
    drafts = Draft.objects.all() if pma_readers(person, moment) else granted_to(person)
    return drafts.exclude(pk__in=conflicts_of(person))


def granted_to(person: Person) -> QuerySet[Draft]:
    """The drafts that the PMA has granted to a person by resolution. L9.12"""
    granted: QuerySet[Draft] = get_objects_for_user(person, READ, klass=Draft, with_superuser=False)
    return granted


def conflicts_of(person: Person) -> QuerySet[Recusal, Any]:
    """The drafts for which a person has declared a conflict at a meeting: their ids."""
    about_drafts = Recusal.objects.filter(person=person, item__subject_model=Draft._meta.label)
    return about_drafts.exclude(item__subject_id=None).values("item__subject_id")


def sees_any(person: Person, roles: frozenset[Role]) -> bool:
    """Whether the room of the CPSs exists at all for the person, who holds these roles now."""
    if roles & DCC_STAFF or (roles.intersection(OWN_ROLES) and pma_readers(person)):
        return True
    return Grant.objects.filter(person=person, revoked_at__isnull=True).exists()


def reading_actor(person: Person, draft: Draft, *, at: datetime | None = None) -> Actor:
    """The person as a reader of a draft; NotEntitled, hidden, where it does not exist for them. L9.12"""
    moment = at or clock.now()
    if not visible_to(person, at=moment).filter(pk=draft.pk).exists():
        raise hidden(draft)
    holdings = authority.holdings_of(person, at=moment)
    own = authority.choose_holding(holdings, *OWN_ROLES)
    if own is not None and (own.role in DCC_STAFF or pma_readers(person, moment)):
        return authority.actor_for(own, person)
    grant = Grant.objects.filter(draft=draft, person=person, revoked_at__isnull=True).first()
    for_name = f"by grant {grant.granted_ref}" if grant else "by grant"
    if holdings:
        return replace(authority.actor_for(holdings[0], person), for_name=for_name)
    return Actor(person_id=person.pk, name=person.name, role="granted reader", for_name=for_name)


def require_sight(by: Actor, draft: Draft, *, at: datetime) -> None:
    """Check in a service that the draft exists for the Actor's person. L9.12, L9.18"""
    person = Person.objects.filter(pk=by.person_id).first() if by.person_id else None
    if person is None or not visible_to(person, at=at).filter(pk=draft.pk).exists():
        raise hidden(draft)


def hidden(draft: Draft) -> NotEntitled:
    """The refusal that does not give away that there is something."""
    return NotEntitled("There is no such page.", clause=draft.cited("L9.12"), hidden=True)
