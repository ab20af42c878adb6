"""A meeting of which notice is given, apologies for it, and its end, without walking a meeting through."""

from smki_pma.calendar import clock
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.models import Apology, Meeting
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.parties.authority import acting_as
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import PMA_MEMBERS


def meeting(number: int = 1) -> Meeting:
    """A convened meeting."""
    made = Meeting(year=2026, number=number, starts_at=clock.now(), place="London", state="convened")
    with writing_for_tests():
        made.save()
    return made


def send(about: Meeting, person: Person) -> Apology:
    """A member cannot attend it."""
    by = acting_as(person, *sorted(PMA_MEMBERS), clause="L1.12")
    seat = Holding.objects.get(person=person, is_seat=True).office.key
    return services.send_apologies(meeting_id=about.pk, seat=seat, by=by)


def close(about: Meeting) -> None:
    """The meeting is over."""
    about.state, about.closed_at = "closed", clock.now()
    with writing_for_tests():
        about.save()
