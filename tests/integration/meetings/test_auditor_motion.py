"""The PMA appoints an auditor of its own by resolution, and ends the office in the same way."""

import pytest

from smki_pma.calendar import clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.models import Vote
from smki_pma.parties.appointments import appoint, end_holding
from smki_pma.parties.models import Holding
from smki_pma.parties.roles import Role
from smki_pma.parties.services import add_person
from tests.community import Community
from tests.meeting_objects import CHAIR, LARGE_1, LARGE_2, SMALL, Room, member, secretariat

pytestmark = pytest.mark.usefixtures("community")
FOUR = (CHAIR, LARGE_1, LARGE_2, SMALL)


def carried(option: str, parameters: dict[str, str]) -> Vote:
    room = Room()
    item = room.item()
    vote = room.question(item, kind="parties.auditor", option=option, parameters=parameters)
    room.convene()
    room.arrive(*FOUR)
    room.open(item)
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    for email in FOUR:
        room.cast(vote, email)
    return room.close(vote)


@pytest.mark.clause("L1.17(h)")
def test_the_pma_appoints_an_auditor_and_alone_ends_the_office(community: Community) -> None:
    someone = add_person(
        email="ada@audit.example", name="Ada Audit", employer_id=None, by=community.actor("secretariat")
    )
    parameters = {"person": str(someone.pk)}
    carried("appoint", parameters)
    held = Holding.objects.in_effect(clock.now()).get(person=someone)
    assert (held.role, held.appointed_by) == (Role.AUDITOR, "the SMKI PMA")
    with pytest.raises(NotEntitled, match="who alone ends the office"):
        end_holding(holding_id=held.pk, reason="No.", by=community.actor("panel_officer", clause="L1.17(h)"))

    carried("end", parameters)
    assert not Holding.objects.in_effect(clock.now()).filter(person=someone).exists()


@pytest.mark.clause("L1.17(h)")
def test_what_the_panel_gave_the_pma_does_not_end(community: Community) -> None:
    parameters = {"person": str(community.person("auditor").pk)}
    with pytest.raises(RuleViolation, match="The Panel ends what it gave"):
        Room().question(Room().item(), kind="parties.auditor", option="end", parameters=parameters)


@pytest.mark.clause("L1.17(h)")
def test_without_a_resolution_nobody_is_appointed_for_the_pma(community: Community) -> None:
    with pytest.raises(NotEntitled):
        appoint(office_key="auditor", person_id=community.person("smki_specialist").pk, by=secretariat())
