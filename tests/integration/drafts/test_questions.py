"""Which questions the Secretariat is offered first on an item about a draft."""

import pytest
from django.template import Context, Template

from repository.drafts.cps import Cps
from smki_pma.duties.models import Duty
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.forms import MotionForm, motions_for
from smki_pma.governance.meetings.models import Item, Meeting
from tests.meeting_objects import CHAIR, LARGE_1, LARGE_2, SMALL, Room, member, secretariat
from tests.samples.cps import Story

pytestmark = pytest.mark.django_db


def test_what_decides_on_the_draft_comes_first_and_the_rest_under_other_questions(people):
    draft = Story(people, Cps.DEVICE).submit()
    item = Item(meeting=Meeting(), subject_model="drafts.Draft", subject_id=draft.pk, confidential=True)

    fitting, others = motions_for(item)

    first = [kind.key for kind in fitting]
    assert f"{Cps.DEVICE.motion_prefix}.approve_draft" in first and first[-1] == "pma.resolve"
    rest = [kind.key for kind in others]
    assert "rules.change" in rest
    assert not [key for key in first if key.startswith(Cps.ORGANISATION.motion_prefix + ".")]
    assert f"{Cps.DEVICE.motion_prefix}.decide_amendment" in rest
    page = Template("{{ form }}").render(Context({"form": MotionForm(item=item)}))
    assert page.index("Approve the draft") < page.index("Other questions") < page.index("Change a house rule")


def test_an_item_about_nothing_offers_a_kind_only_once_it_has_something_to_decide(people):
    item = Item(meeting=Meeting(), confidential=True)
    key = f"{Cps.DEVICE.motion_prefix}.approve_draft"
    assert key not in [kind.key for kind in motions_for(item)[0]]

    Story(people, Cps.DEVICE).submit()

    fitting, others = motions_for(item)
    assert key in [kind.key for kind in fitting] and others == []
    assert key not in [kind.key for kind in motions_for(Item(meeting=Meeting()))[0]]


@pytest.mark.clause("L9.9(b)", "L1.15")
def test_a_draft_is_owed_an_agenda_only_while_it_stands_on_none(community):
    """Listed, withdrawn, called off with its meeting, not reached: the duty follows, until the PMA decides."""
    people = {who: community.person(who) for who in ("dcc_document_owner", "pma_member", "secretariat")}
    story = Story(people, Cps.DEVICE)
    draft = story.submit()
    owed = Duty.objects.open().about("drafts.schedule", draft)
    first = owed.get()
    about = {"subject_model": "drafts.Draft", "subject_id": draft.pk, "confidential": True}

    room = Room()
    item = room.item("Draft", **about)
    assert not owed.exists()
    services.withdraw_item(item_id=item.pk, by=secretariat())
    assert (owed.get().title, owed.get().due_at) == (first.title, first.due_at)
    room.item("Draft again", **about)
    other = Room()
    other.item("Draft elsewhere", **about)
    services.cancel_meeting(meeting_id=other.meeting.pk, reason="No business", by=secretariat())
    assert not owed.exists(), "it still stands on the first agenda"

    room.convene()
    room.arrive(CHAIR, LARGE_1, LARGE_2, SMALL)
    room.open()
    services.close_meeting(meeting_id=room.meeting.pk, by=secretariat())
    assert owed.exists(), "it was not reached"
    question = Room().item("Draft at last", confidential=True)
    room.question(question, kind="cps.approve_draft", option="approve", subject_id=draft.pk, parameters={})
    assert not owed.exists()
    story.approve(draft)
    services.withdraw_item(item_id=Room().item("Afterwards", **about).pk, by=secretariat())
    assert not owed.exists(), "the PMA has decided"


@pytest.mark.clause("L9.11(b)", "L1.15")
def test_an_amendment_that_is_neither_approved_nor_refused_is_voted_on_again(community):
    """A tie on both questions decides nothing: the proposal is owed an agenda anew, and the next vote ends it."""
    people = {who: community.person(who) for who in ("dcc_document_owner", "pma_member", "secretariat")}
    story = Story(people, Cps.DEVICE)
    story.in_force()
    draft = story.propose_later()
    amendment = draft.amendments.get()
    given = {"kind": "cps.decide_amendment", "subject_id": draft.pk}
    given["parameters"] = {"amendment": str(amendment.pk), "sha256": amendment.text_sha256}

    def vote_at_a_meeting(**positions: list[str]) -> None:
        room = Room()
        item = room.item("Amendments", confidential=True)
        votes = [room.question(item, option=option, **given) for option in positions]
        room.convene()
        room.arrive(CHAIR, LARGE_1, LARGE_2, SMALL)
        room.open(item)
        for vote in votes:
            services.open_vote(vote_id=vote.pk, by=member(CHAIR))
            for email, position in zip((CHAIR, LARGE_1, LARGE_2, SMALL), positions[vote.option], strict=True):
                room.cast(vote, email, position)
            room.close(vote)
        services.close_item(item_id=item.pk, by=secretariat())
        services.close_meeting(meeting_id=room.meeting.pk, by=secretariat())

    tie = ["for", "for", "against", "against"]
    vote_at_a_meeting(approve=tie, refuse=tie)
    amendment.refresh_from_db()
    assert amendment.state == "proposed"
    assert Duty.objects.open().about("drafts.schedule", draft).exists()

    vote_at_a_meeting(refuse=["for"] * 4)
    draft.refresh_from_db()
    assert draft.state == "nothing_approved"
    assert story.propose_later().is_closed is False
