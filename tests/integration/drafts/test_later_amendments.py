"""L9.10, L9.11, L9.16 and L9.17: proposed by DCC, decided one by one, made exactly as approved."""

from dataclasses import replace

import pytest

from repository.drafts import services
from repository.drafts.cps import Cps
from repository.drafts.models import Amendment, CpsVersion, Draft, Review
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.parties.roles import Role
from tests.samples.community import actor
from tests.samples.cps import FIRST, LATER, Story, pma

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("cps", list(Cps))


@pytest.fixture
def in_force(story):
    return story.in_force()


@pytest.mark.clause("L9.11", "L9.17")
@BOTH
def test_each_amendment_is_decided_on_its_own(people, cps):
    story = Story(people, cps)
    first = story.in_force()
    draft = story.propose_later(LATER, LATER, LATER)
    one, two, three = draft.amendments.all()
    story.decide(draft, one)
    story.decide(draft, two, "refuse")
    draft.refresh_from_db()
    assert draft.state == "submitted"
    story.decide(draft, three, by=pma("PMA-2026-12/02"))
    draft.refresh_from_db()
    assert draft.state == "to_be_made"
    assert list(draft.amendments.values_list("state", flat=True)) == ["approved", "refused", "approved"]
    with pytest.raises(RuleViolation, match="amendment 3"):
        story.answer(draft, one)
    with pytest.raises(RuleViolation, match="Answer only"):
        story.answer(draft, one, two, three)
    story.answer(draft, one, three)
    version = story.confirm(draft)
    first.refresh_from_db()
    assert (version.number, version.state, first.state) == (2, "in_force", "superseded")
    assert version.resolution_ref == "PMA-2026-12/01, PMA-2026-12/02"
    assert CpsVersion.objects.filter(state="in_force").count() == 1


@pytest.mark.clause("L9.11", "L9.17")
def test_all_may_be_refused(story, in_force):
    draft = story.propose_later()
    story.decide(draft, draft.amendments.get(), "refuse")
    draft.refresh_from_db()
    in_force.refresh_from_db()
    assert (draft.state, in_force.state) == ("nothing_approved", "in_force")
    assert not Duty.objects.open().exists()
    assert story.propose_later().number == draft.number + 1


@pytest.mark.clause("L9.11")
def test_a_decided_amendment_is_not_decided_again(story, in_force):
    draft = story.propose_later(LATER, LATER)
    amendment = draft.amendments.first()
    story.decide(draft, amendment, "refuse")
    with pytest.raises(RuleViolation):
        story.decide(draft, amendment)
    with pytest.raises(RuleViolation, match="no such amendment"):
        story.decide(draft, draft.amendments.last(), sha256="0" * 64)
    amendment.refresh_from_db()
    assert amendment.state == "refused"


@pytest.mark.clause("L9.11")
def test_dcc_alone_proposes_and_only_to_a_cps_in_force(story, people):
    with pytest.raises(RuleViolation, match="no Device CPS in force"):
        story.propose_later()
    story.in_force()
    for role in Role:
        if role != "dcc_document_owner":
            with pytest.raises(NotEntitled):
                story.propose_later(by=actor(people[role.value], role))
    draft = story.propose_later()
    with pytest.raises(RuleViolation, match="Only DCC proposes"):
        story.propose(draft)
    with pytest.raises(RuleViolation, match="open already"):
        story.propose_later()


@pytest.mark.clause("L9.11")
@pytest.mark.parametrize("role", ["pma_chair", "secretariat", "dcc_document_owner"])
def test_only_a_resolution_decides_an_amendment(story, in_force, people, role):
    draft = story.propose_later()
    for verb in ("approve", "refuse"):
        with pytest.raises(NotEntitled):
            story.decide(draft, draft.amendments.get(), verb, by=actor(people[role], Role(role)))


@pytest.mark.clause("L9.11")
@pytest.mark.parametrize(
    "wrong",
    [
        {"amendments": []},
        {"review_outcome": " "},
        {"amendments": [replace(LATER, place=" ")]},
        {"amendments": [replace(LATER, text=" ")]},
    ],
)
def test_a_proposal_says_what_and_why(story, in_force, wrong):
    drafts = Draft.objects.count()
    arguments = {"cps": "device", "amendments": [LATER], "review_outcome": "Reviewed.", "by": story.dcc}
    with pytest.raises(RuleViolation):
        services.propose_later_amendments(**arguments | wrong)
    assert Draft.objects.count() == drafts
    assert not Amendment.objects.exists()


@pytest.mark.clause("L9.11")
def test_the_new_text_is_compared_with_the_version_in_force(story, in_force):
    from repository.drafts.selectors import compared, files_to_compare

    draft = story.propose_later()
    amendment = draft.amendments.get()
    story.decide(draft, amendment)
    with pytest.raises(RuleViolation, match="submitted before"):
        story.answer(draft, amendment, text=FIRST)
    story.answer(draft, amendment, text=(FIRST[0], "Custodians are four.", FIRST[2]))
    files = files_to_compare(draft, story.people["pma_member"])
    assert files[0] == in_force.revision
    changes = compared(files[0], files[-1]).comparison.changes
    assert [[s.text for s in row.after[0] if s.op == "added"] for row in changes] == [["four"]]


@pytest.mark.clause("L9.10", "L9.16")
@BOTH
def test_the_pma_requires_a_review(people, cps):
    story = Story(people, cps)
    story.in_force()
    parameters = {"cps": cps.value, "scope": "Section 2"}
    review = services.require_review(subject_id=None, parameters=parameters, by=pma())
    duty = Duty.objects.open().get()
    assert (duty.role, duty.clause) == ("dcc_document_owner", cps.cited("L9.10"))
    assert "Section 2" not in duty.title
    story.propose_later(review_id=review.pk)
    assert not Duty.objects.open().filter(kind="drafts.review").exists()
    assert Review.objects.get().done_at is not None


@pytest.mark.clause("L9.10")
def test_a_review_may_lead_to_nothing(story, in_force, people):
    review = services.require_review(subject_id=None, parameters={"cps": "device", "scope": "All"}, by=pma())
    with pytest.raises(NotEntitled):
        services.complete_review(review_id=review.pk, outcome="Fine.", by=story.secretariat)
    with pytest.raises(RuleViolation, match="what the review found"):
        services.complete_review(review_id=review.pk, outcome=" ", by=story.dcc)
    services.complete_review(review_id=review.pk, outcome="Fine.", by=story.dcc)
    assert not Duty.objects.open().exists()
    with pytest.raises(NotEntitled):
        services.require_review(
            subject_id=None, parameters={"cps": "device", "scope": "x"}, by=story.secretariat
        )
