"""What a question says before the vote, and to whom: the extent of a review, the reason of a change."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from repository.drafts.models import Review
from smki_pma.clauses import RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.documents import decision_context, may_read_decision
from smki_pma.governance.meetings.minutes_text import draft_minutes
from smki_pma.governance.meetings.models import Meeting
from smki_pma.governance.meetings.motions import motion_kind
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.models import EntryText
from smki_pma.notices.models import Notice
from smki_pma.records.models import Record
from smki_pma.rules_in_force.services import change_rule
from tests.community import Community
from tests.integration.meetings.test_ballot_pages import FOUR, get, post, text
from tests.meeting_objects import CHAIR, LARGE_1, SPECIALIST, Room, member, person, secretariat
from tests.samples.cps import pma

pytestmark = pytest.mark.usefixtures("community")


@pytest.mark.clause("L9.10", "L9.12")
def test_the_extent_of_a_review_stands_before_every_voter_and_nobody_else(
    community: Community, run_jobs: Callable[[], int]
) -> None:
    room = Room()
    item = room.item("A review", confidential=True)
    parameters = {"cps": "device", "scope": "Section 4 of the KANARIENVOGEL"}
    vote = room.question(item, kind="cps.require_review", option="require", parameters=parameters)
    room.convene()
    room.arrive(*FOUR)
    room.open(item)
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    client = community.client(LARGE_1)
    for page in ("answer_conflict", "show_vote"):
        assert "KANARIENVOGEL" in text(get(client, page, vote.pk))
    post(client, "answer_conflict", vote.pk, interest="no")
    assert "Section 4 of the KANARIENVOGEL" in text(get(client, "cast_ballot", vote.pk))
    room.cast(vote, CHAIR)
    room.close(vote)
    run_jobs()

    assert Review.objects.get().scope == parameters["scope"]
    assert "KANARIENVOGEL" in text(get(client, "show_vote", vote.pk))
    record = Record.objects.get(subject_id=str(vote.pk))
    assert "KANARIENVOGEL" in decision_context(record)["vote"].question
    assert "KANARIENVOGEL" not in record.title and may_read_decision(person(LARGE_1), record)
    meeting = Meeting.objects.get(pk=room.meeting.pk)
    assert "KANARIENVOGEL" in draft_minutes(meeting, confidential=True)
    assert "KANARIENVOGEL" not in draft_minutes(meeting, confidential=False)
    told = [
        *Notice.objects.values_list("body", flat=True),
        *EntryText.objects.values_list("content", flat=True),
    ]
    assert not [words for words in told if "KANARIENVOGEL" in words]
    assert not Duty.objects.filter(title__contains="KANARIENVOGEL").exists()
    for who in ("party_officer", "dcc_document_owner", "auditor", SPECIALIST):
        outsider = community.client(who)
        assert not may_read_decision(community.person(who), record)
        for name, *args in [("list_meetings",), ("show_meeting", room.meeting.pk), ("show_vote", vote.pk)]:
            assert b"KANARIENVOGEL" not in get(outsider, name, *args).content


@pytest.mark.clause("L8.1(a)", "L1.15")
@pytest.mark.parametrize("key", ["requests.single_response_seconds", "requests.day_window_starts_hour"])
def test_no_motion_changes_a_figure_of_the_code(community: Community, key: str) -> None:
    room = Room()
    item = room.item("Response times")
    parameters = {"key": key, "value": 9, "reason": "More time"}
    with pytest.raises(RuleViolation, match="neither a house rule nor a setting"):
        room.question(item, kind="rules.change", option="change", parameters=parameters)
    body = Actor.pma(uuid4(), "PMA-2026-11/01", secretariat())
    with pytest.raises(RuleViolation, match="neither a house rule nor a setting"):
        change_rule(**parameters, by=body)
    page = get(community.client("secretariat"), "propose_vote", item.pk, "rules.change", "change")
    form = page.content.decode()
    assert key not in form
    assert "meetings.notice_working_days" in form


@pytest.mark.clause("L1.15")
def test_the_reason_of_a_change_stands_with_the_question(community: Community) -> None:
    room = Room()
    item = room.item("Notice of meetings")
    parameters = {"key": "meetings.notice_working_days", "value": 7, "reason": "More time to read"}
    vote = room.question(item, kind="rules.change", option="change", parameters=parameters)

    page = text(get(community.client(LARGE_1), "show_vote", vote.pk))

    assert "become 7" in page and "Reason: More time to read" in page
    assert "More time" not in vote.public_question
    with pytest.raises(RuleViolation, match="Say why"):
        room.question(item, kind="rules.change", option="change", parameters=parameters | {"reason": " "})


def test_a_choice_is_offered_asked_and_shown_as_yes_or_no(community: Community) -> None:
    key = "meetings.chair_has_casting_vote"
    form = motion_kind("rules.change").form_class(subject_id=None, option="change")
    assert dict(form.fields["key"].choices)[key].endswith("(now no)")
    parameters = {"key": key, "value": True, "reason": "Ties"}
    room = Room()
    vote = room.question(room.item("Ties"), kind="rules.change", option="change", parameters=parameters)
    assert "become yes?" in vote.public_question
    change_rule(**parameters, by=pma())
    page = text(community.client("auditor").get("/rules/"))
    assert "No since" in page and "Yes since" in page
    assert "True" not in page and "False" not in page
