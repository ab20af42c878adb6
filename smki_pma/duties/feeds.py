"""The personal calendar (ICS) behind a secret address that its owner can end."""

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import transaction

from smki_pma.calendar import clock
from smki_pma.duties.models import CalendarAddress
from smki_pma.duties.rules import due_on
from smki_pma.duties.selectors import own_duties
from smki_pma.parties.authority import holdings_of
from smki_pma.parties.models import Person

if TYPE_CHECKING:
    from icalendar import Event


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something with a time in somebody's calendar. Its title is publishable: calendars travel."""

    id: UUID
    title: str
    starts_at: datetime
    length: timedelta
    place: str = ""
    url: str = ""


Source = Callable[[Person], Iterable[Appointment]]
_sources: list[Source] = []


def register_source(source: Source) -> Source:
    """Let a room above put its appointments (meetings, say) into the calendars. Call it in AppConfig.ready()."""
    if source not in _sources:
        _sources.append(source)
    return source


def make_address(person: Person) -> str:
    """A new secret; the earlier address ends. Only a digest is kept, so it cannot be shown again."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        revoke_addresses(person)
        CalendarAddress.objects.create(person=person, digest=_digest(secret), made_at=clock.now())
    return secret


def revoke_addresses(person: Person) -> None:
    CalendarAddress.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=clock.now())


def address_of(person: Person) -> CalendarAddress | None:
    """The address that works now, without its secret."""
    return CalendarAddress.objects.filter(person=person, revoked_at__isnull=True).first()


def person_of(secret: str) -> Person | None:
    """Whose calendar it is; None for a secret that does not work, or whose owner holds no office now."""
    found = (
        CalendarAddress.objects.filter(
            digest=_digest(secret), revoked_at__isnull=True, person__is_active=True
        )
        .select_related("person")
        .first()
    )
    if found is None or not holdings_of(found.person):
        return None
    return found.person


def calendar_of(person: Person) -> bytes:
    """The person's open duties with a due date, and the appointments of the rooms above."""
    from icalendar import Calendar  # here and not above: memory that most processes never need

    calendar = Calendar()
    calendar.add("prodid", "-//SMKI PMA//Duties//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "SMKI PMA")
    for duty in own_duties(holdings_of(person)).filter(due_at__isnull=False):
        day = due_on(duty.due_at)  # type: ignore[arg-type]  # the filter leaves none without a date
        event = _event(duty.pk, f"{duty.title} ({duty.clause})", duty.url)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    for source in _sources:
        for appointment in source(person):
            calendar.add_component(_timed(appointment))
    return bytes(calendar.to_ical())


def _timed(appointment: Appointment) -> "Event":
    event = _event(appointment.id, appointment.title, appointment.url)
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.starts_at + appointment.length)
    if appointment.place:
        event.add("location", appointment.place)
    return event


def _event(id: UUID, title: str, url: str) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", f"{id}@smki-pma")
    event.add("dtstamp", clock.now())
    event.add("summary", title)
    if url:
        event.add("url", f"{settings.SMKI_PUBLIC_URL}{url}")
    return event


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
