"""DCC takes back what it has submitted by mistake, while the PMA has not decided on it."""

import pytest

from repository.drafts import services
from repository.drafts.cps import Cps
from repository.drafts.models import Draft
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.governance.meetings import services as meetings
from smki_pma.governance.meetings.blockers import blockers
from smki_pma.governance.meetings.models import Note
from smki_pma.ledger.models import Entry, EntryText
from tests.meeting_objects import CHAIR, LARGE_1, LARGE_2, SMALL, Room, member, secretariat
from tests.samples.cps import LATER, Story, pma

pytestmark = pytest.mark.django_db
REASON = "KANARIENVOGEL is in the wrong file."


def withdraw(story: Story, draft: Draft, **changes: object) -> Draft:
    return services.withdraw_draft(**{"draft_id": draft.pk, "reason": REASON, "by": story.dcc} | changes)


@pytest.mark.clause("L9.9(a)", "L9.15(a)")
@pytest.mark.parametrize("cps", list(Cps))
def test_a_wrong_initial_draft_is_withdrawn_and_the_right_one_submitted(people, cps):
    story = Story(people, cps)
    draft = story.submit("The wrong file.")
    story.propose(draft)
    considering = Duty.objects.filter(subject_id=str(draft.pk))
    assert considering.open().exists()

    withdraw(story, draft)

    draft.refresh_from_db()
    assert (draft.state, draft.withdrawn_reason) == ("withdrawn", REASON)
    assert [one.state for one in draft.amendments.all()] == ["withdrawn"]
    assert not considering.open().exists() and considering.filter(withdrawn_at__isnull=False).exists()
    entry = EntryText.objects.get(event="draft.withdrawn")
    assert (entry.audience, entry.clause) == ("cps", "house rule") and "KANARIENVOGEL" not in entry.content
    with pytest.raises(RuleViolation):
        story.approve(draft)
    assert story.approve(story.submit()).number == 1


@pytest.mark.clause("L9.11")
def test_only_what_is_not_decided_of_later_amendments_is_withdrawn(story):
    story.in_force()
    draft = story.propose_later(LATER, LATER, LATER)
    first, second, _ = draft.amendments.all()
    story.decide(draft, first)
    story.decide(draft, second, "refuse")

    withdraw(story, draft)

    draft.refresh_from_db()
    assert (draft.state, draft.decided_ref) == ("to_be_made", "PMA-2026-12/01")
    assert [one.state for one in draft.amendments.all()] == ["approved", "refused", "withdrawn"]
    assert Duty.objects.open().about("drafts.make_amendments", draft).exists()
    story.answer(draft, first)
    assert story.confirm(draft).number == 2


@pytest.mark.clause("L9.11(a)")
def test_a_proposal_on_which_nothing_is_decided_is_closed_and_another_follows(story):
    story.in_force()
    draft = story.propose_later(LATER)

    withdraw(story, draft)

    draft.refresh_from_db()
    assert (draft.state, draft.is_closed, draft.decided_ref) == ("withdrawn", True, "")
    assert story.propose_later(LATER).number == draft.number + 1


def test_what_a_withdrawal_needs(story):
    draft = story.submit()
    entries = Entry.objects.count()
    with pytest.raises(RuleViolation, match="Say why"):
        withdraw(story, draft, reason=" ")
    for who in (story.member, story.secretariat):
        with pytest.raises(NotEntitled):
            withdraw(story, draft, by=who)
    assert Entry.objects.count() == entries
    story.approve(draft, by=pma())
    with pytest.raises(RuleViolation, match="can no longer be done"):
        withdraw(story, draft)


@pytest.mark.clause("L9.9(b)", "L1.15")
def test_the_agenda_item_stays_with_a_note_and_no_vote_on_it_opens(community):
    people = {who: community.person(who) for who in ("dcc_document_owner", "pma_member", "secretariat")}
    story = Story(people)
    draft = story.submit()
    room = Room()
    item = room.item("A CPS", subject_model="drafts.Draft", subject_id=draft.pk, confidential=True)
    meetings.write_note(item_id=item.pk, public_text="First.", confidential_text="", by=secretariat())
    vote = room.question(item, kind="cps.approve_draft", option="approve", subject_id=draft.pk, parameters={})
    room.convene()
    room.arrive(CHAIR, LARGE_1, LARGE_2, SMALL)
    room.open(item)
    meetings.open_vote(vote_id=vote.pk, by=member(CHAIR))
    with pytest.raises(RuleViolation, match="voting on this submission"):
        withdraw(story, draft)
    meetings.abandon_vote(vote_id=vote.pk, reason="Wrong file", by=member(CHAIR))
    again = room.question(
        item, kind="cps.approve_draft", option="approve", subject_id=draft.pk, parameters={}
    )

    withdraw(story, draft)

    item.refresh_from_db()
    note = Note.objects.get(item=item)
    assert item.state == "open"
    assert note.public_text == f"First.\n\nDCC has withdrawn: {draft.public_title}."
    assert "DCC has withdrawn this submission." in [one.reason for one in blockers(again)]


def test_the_page(sign_in, story):
    draft = story.submit()
    overview, page = f"/cps/drafts/{draft.pk}/", f"/cps/drafts/{draft.pk}/withdrawal/"
    assert sign_in("auditor").get(page).status_code == 404
    client = sign_in("dcc_document_owner")
    assert page in client.get(overview).content.decode()
    shown = client.get(page)
    sent = {"submission_key": shown.context["form"]["submission_key"].value(), "reason": ""}
    assert client.post(page, sent).status_code == 422
    for _ in range(2):
        assert client.post(page, sent | {"reason": REASON})["Location"] == overview
    after = client.get(overview).content.decode()
    assert REASON in after and page not in after
    assert client.get(page).status_code == 409
    assert "Submit the initial draft" in client.get("/cps/").content.decode()
