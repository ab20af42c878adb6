"""A meeting with an open and a confidential item, papers and questions, for the access matrix; made once."""

from datetime import timedelta

from smki_pma.calendar import clock
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.models import Item, Meeting, Paper, Vote
from tests.meeting_objects import DCC, SEATS_HELD, SPECIALIST, member, person, secretariat

PLACE = "Of the access matrix"


def in_draft() -> Meeting:
    """A meeting that has not been convened."""
    found = Meeting.objects.filter(state="draft", place=PLACE, kind="ordinary").first()
    return found or _called()


def for_emergency() -> Meeting:
    """A meeting for L2.14, called by the Chair's Alternate and in draft."""
    found = Meeting.objects.filter(state="draft", place=PLACE, kind="emergency").first()
    return found or services.call_meeting(
        starts_at=clock.now(), place=PLACE, kind="emergency", by=member(SPECIALIST)
    )


def _called() -> Meeting:
    return services.call_meeting(starts_at=clock.now() + timedelta(hours=1), place=PLACE, by=secretariat())


def convened() -> Meeting:
    """A convened meeting whose items have papers and questions."""
    found = Meeting.objects.filter(state="convened", place=PLACE).first()
    if found is not None:
        return found
    meeting = _called()
    for confidential in (False, True):
        _fill(meeting, confidential)
    return services.convene(
        meeting_id=meeting.pk,
        by=secretariat(),
        dcc_representative_id=person(DCC).pk,
        short_notice_ground="Test",
        agreed=SEATS_HELD,
    )


def _fill(meeting: Meeting, confidential: bool) -> None:
    item = services.add_item(
        meeting_id=meeting.pk,
        public_title="Item of the matrix",
        purpose="decision",
        confidential=confidential,
        by=secretariat(),
    )
    services.add_paper(item_id=item.pk, title="Paper", url="/rules/", by=secretariat())
    services.propose_vote(
        item_id=item.pk, kind="pma.resolve", option="resolve", parameters={"text": "agree"}, by=secretariat()
    )


def item(*, confidential: bool = False) -> Item:
    return Item.objects.get(meeting=convened(), confidential=confidential)


def paper(*, confidential: bool = False) -> Paper:
    return Paper.objects.get(item=item(confidential=confidential))


def vote(*, confidential: bool = False) -> Vote:
    return Vote.objects.get(item=item(confidential=confidential))
