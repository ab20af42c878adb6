"""What a person signs in with is kept no longer than the last office."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet

from smki_pma.calendar import clock
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import HOUSE_RULE, record, service, unchanged
from smki_pma.parties.authority import require
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.sessions import end_sessions


def forget_sign_ins() -> int:
    """Erase the sign-in of everybody whose last office has ended. Returns how many people's."""
    people = list(_past_office().filter(_can_sign_in()).values_list("pk", flat=True))
    for person_id in people:
        erase_sign_in(person_id=person_id, by=Actor.clock())
    return len(people)


@service
def erase_sign_in(*, person_id: UUID, by: Actor) -> Person:
    """Erase password, second factors and sessions of a person whose last office has ended (house rule).

    An office given later begins with a new password, asked for on the sign-in page.
    """
    require(by, "clock", clause="L1.4")
    person = Person.objects.select_for_update().get(pk=person_id)
    if not _past_office().filter(_can_sign_in(), pk=person_id).exists():
        return unchanged(person)
    person.set_unusable_password()
    person.save(update_fields=["password"])
    Authenticator.objects.filter(user=person).delete()
    end_sessions(person)
    facts = {"name": person.name}
    record("person.sign_in_erased", clause=HOUSE_RULE, by=by, subject=person, facts=facts, audience="pma")
    return person


def forget_old_sessions() -> int:
    """Delete what is kept of sessions that are over, with their browser and address. Returns how many."""
    SessionStore.clear_expired()
    over = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    deleted: int = over.delete()[0]
    return deleted


def _past_office() -> QuerySet[Person]:
    """Who has held an office, holds none now and is to hold none."""
    held = Holding.objects.filter(person=OuterRef("pk"))
    lasting = held.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now()))
    return Person.objects.filter(Exists(held), ~Exists(lasting))


def _can_sign_in() -> Q:
    has_password = ~Q(password="") & ~Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return has_password | Q(Exists(Authenticator.objects.filter(user=OuterRef("pk"))))
