"""What the rooms above the duties put into personal calendars."""

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse

from smki_pma.calendar import clock
from smki_pma.duties.feeds import Appointment
from smki_pma.governance.meetings.models import Meeting
from smki_pma.parties.models import Person

USUAL_LENGTH = timedelta(hours=2)
KEPT = timedelta(days=90)


def meetings_of(person: Person) -> Iterable[Appointment]:
    """The meetings that the person is invited to, by their public reference (L1.15)."""
    invited = Meeting.objects.filter(invitations__person=person, starts_at__gte=clock.now() - KEPT)
    for meeting in invited.exclude(state__in=["draft", "cancelled"]).distinct():
        yield Appointment(
            id=meeting.pk,
            title=f"SMKI PMA meeting {meeting.reference}",
            starts_at=meeting.starts_at,
            length=USUAL_LENGTH,
            place=meeting.place,
            url=reverse("meetings:show_meeting", args=[meeting.pk]),
        )
