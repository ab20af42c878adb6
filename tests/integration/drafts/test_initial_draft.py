"""L9.9 and L9.15: approved or approved subject to amendments; never rejected, never voted on twice."""

import pytest
from django.db import IntegrityError, transaction

from repository.drafts import services
from repository.drafts.cps import Cps
from repository.drafts.models import Amendment, CpsVersion, Draft, Revision
from repository.drafts.states import DCC, INITIAL
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.governance.meetings.motions import all_motion_kinds, motion_kind
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import Entry, EntryText
from smki_pma.notices.models import Notice
from smki_pma.parties.roles import Role
from tests.samples.community import actor
from tests.samples.cps import CHECKLIST, FIRST, Story, pma

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("cps", list(Cps))


def open_duties():
    return set(Duty.objects.open().values_list("kind", "role"))


@pytest.mark.clause("L9.9", "L9.15", "L9.7", "L9.13")
@BOTH
def test_an_approved_draft_becomes_the_cps(people, cps):
    story = Story(people, cps)
    draft = story.submit()
    assert open_duties() == {
        ("drafts.consider", "pma_chair"),
        ("drafts.consider", "pma_member"),
        ("drafts.schedule", "secretariat"),
    }
    version = story.approve(draft)
    draft.refresh_from_db()
    assert (draft.state, version.number, version.state) == ("became_cps", 1, "in_force")
    assert version.revision.sha256 == draft.revisions.get().sha256
    assert version.resolution_ref == "PMA-2026-11/01"
    assert open_duties() == set()
    said = EntryText.objects.filter(event__startswith="draft.").order_by("number")
    clauses = list(said.values_list("clause", flat=True))
    assert clauses == [cps.cited("L9.9(a)"), cps.cited("L9.9(b)(i)")]


@pytest.mark.clause("L9.9", "L9.15")
@BOTH
def test_approval_subject_to_amendments_needs_no_second_vote(people, cps):
    story = Story(people, cps)
    draft = story.submit()
    chosen, other = story.propose(draft), story.propose(draft, text="Paint the room.")
    story.direct(draft, chosen)
    assert open_duties() == {("drafts.make_amendments", "dcc_document_owner")}
    story.answer(draft, chosen)
    assert open_duties() == {("drafts.check_amendments", "secretariat")}
    version = story.confirm(draft)
    assert open_duties() == set()
    states = dict(Amendment.objects.values_list("number", "state"))
    assert states == {1: "made", 2: "not_directed"}
    assert version.revision.number == 2
    assert Amendment.objects.get(pk=chosen.pk).decided_ref == "PMA-2026-11/01"
    other.refresh_from_db()
    assert other.made_where == ""


@pytest.mark.clause("L9.9", "L9.15")
def test_nothing_rejects_an_initial_draft():
    words = ("reject", "refuse", "decline")
    assert not [move for move in INITIAL.transitions if any(word in move.action for word in words)]
    assert {move.who for move in INITIAL.transitions if "withdraw" in move.action} == {DCC}
    for cps in Cps:
        options = {option.key for option in motion_kind(f"{cps.motion_prefix}.approve_draft").options}
        assert options == {"approve", "approve_subject_to_amendments"}
    kinds = [kind for kind in all_motion_kinds() if kind.subject_model == "drafts.Draft"]
    carries = {option.carries.rpartition(".")[2] for kind in kinds for option in kind.options}
    assert carries == {
        "approve_draft", "direct_amendments", "approve_amendment", "refuse_amendment",
        "grant_reading", "revoke_reading",
    }  # fmt: skip


@pytest.mark.clause("L9.11", "L9.17")
def test_an_amendment_of_an_initial_draft_cannot_be_refused(story):
    draft = story.submit()
    amendment = story.propose(draft)
    with pytest.raises(RuleViolation):
        story.decide(draft, amendment, "refuse")


@pytest.mark.clause("L9.9")
@pytest.mark.parametrize("step", ["approve", "direct"])
def test_only_a_resolution_decides(story, people, step):
    draft = story.submit()
    amendment = story.propose(draft)
    for role in ("pma_chair", "pma_member", "secretariat", "dcc_document_owner"):
        by = actor(people[role], Role(role))
        with pytest.raises(NotEntitled):
            story.approve(draft, by=by) if step == "approve" else story.direct(draft, amendment, by=by)
    draft.refresh_from_db()
    assert draft.state == "submitted"


@pytest.mark.clause("L9.9")
@pytest.mark.parametrize("role", [role for role in Role if role != "dcc_document_owner"])
def test_only_dcc_submits(story, people, role):
    with pytest.raises(NotEntitled) as refused:
        story.submit(by=actor(people[role], role))
    assert refused.value.clause.id == "L9.9(a)"
    assert not Draft.objects.exists()


@pytest.mark.clause("L9.8", "L9.14")
@BOTH
@pytest.mark.parametrize("field", ["where_policies", "where_procedures", "where_other"])
def test_the_checklist_is_answered(people, cps, field):
    from dataclasses import replace

    entries = Entry.objects.count()
    with pytest.raises(RuleViolation) as refused:
        Story(people, cps).submit(checklist=replace(CHECKLIST, **{field: "  "}))
    assert refused.value.clause.id.startswith("L9.8(" if cps is Cps.DEVICE else "L9.14(")
    assert refused.value.field == field
    assert Entry.objects.count() == entries
    assert not Draft.objects.exists()


@pytest.mark.clause("L9.9")
def test_an_initial_draft_comes_once(story):
    draft = story.submit()
    with pytest.raises(RuleViolation, match="open already"):
        story.submit("Another.")
    story.approve(draft)
    with pytest.raises(RuleViolation, match="in force already"):
        story.submit("Another.")


@pytest.mark.clause("L9.9")
def test_dcc_cannot_leave_an_amendment_out(story):
    draft = story.submit()
    one, two = story.propose(draft), story.propose(draft, text="Another.")
    story.direct(draft, one, two)
    with pytest.raises(RuleViolation, match="amendment 2"):
        story.answer(draft, one)
    with pytest.raises(RuleViolation, match="submitted before"):
        story.answer(draft, one, two, text=FIRST)
    draft.refresh_from_db()
    assert (draft.state, draft.revisions.count()) == ("to_be_made", 1)


@pytest.mark.clause("L9.9")
def test_a_draft_goes_back_for_a_fact_only(story):
    draft = story.submit()
    amendment = story.propose(draft)
    story.direct(draft, amendment)
    story.answer(draft, amendment, text=("Something else.",))
    with pytest.raises(RuleViolation, match="Say which"):
        story.send_back(draft, {})
    for facts in ({"each_made": False}, {"nothing_else_changed": False}):
        with pytest.raises(RuleViolation, match="both facts"):
            story.confirm(draft, **facts)
    story.send_back(draft, {amendment.pk: "Still ten years."}, "The last paragraph is gone.")
    amendment.refresh_from_db()
    draft.refresh_from_db()
    assert (amendment.state, amendment.missing) == ("directed", "Still ten years.")
    assert (draft.state, draft.returned_reason) == ("to_be_made", "The last paragraph is gone.")
    assert open_duties() == {("drafts.make_amendments", "dcc_document_owner")}
    story.answer(draft, amendment)
    assert story.confirm(draft).revision.number == 3


@pytest.mark.clause("L9.9")
def test_a_stale_comparison_neither_confirms_nor_returns(story):
    draft = story.submit()
    amendment = story.propose(draft)
    story.direct(draft, amendment)
    story.answer(draft, amendment, text=("Wrong.",))
    story.send_back(draft, {amendment.pk: "Missing."})
    story.answer(draft, amendment)
    with pytest.raises(RuleViolation, match="another file since"):
        story.confirm(draft, revision_number=2)
    with pytest.raises(RuleViolation, match="another file since"):
        story.send_back(draft, {amendment.pk: "Missing."}, revision_number=2)
    amendment.refresh_from_db()
    draft.refresh_from_db()
    assert (draft.state, amendment.state) == ("awaiting_check", "stated_made")


@pytest.mark.clause("L9.9")
@pytest.mark.parametrize("role", ["pma_chair", "pma_member", "dcc_document_owner", "code_administrator"])
def test_only_the_secretariat_checks_the_fact(story, people, role):
    draft = story.submit()
    amendment = story.propose(draft)
    story.direct(draft, amendment)
    story.answer(draft, amendment)
    by = actor(people[role], Role(role))
    with pytest.raises(NotEntitled):
        story.confirm(draft, by=by)
    with pytest.raises(NotEntitled):
        story.send_back(draft, {amendment.pk: "No."}, by=by)


@pytest.mark.clause("L9.9")
def test_what_is_directed_is_what_was_voted_on(story):
    draft = story.submit()
    amendment = story.propose(draft)
    parameters = {"amendments": [{"id": str(amendment.pk), "number": 1, "sha256": "0" * 64}]}
    with pytest.raises(RuleViolation, match="not those voted on"):
        services.direct_amendments(subject_id=str(draft.pk), parameters=parameters, by=pma())
    with pytest.raises(RuleViolation, match="at least one"):
        story.direct(draft)


def test_a_decision_is_taken_once(story):
    draft = story.submit()
    amendment = story.propose(draft)
    story.approve(draft)
    for again in (lambda: story.approve(draft), lambda: story.direct(draft, amendment)):
        with pytest.raises(RuleViolation):
            again()
    with pytest.raises(RuleViolation, match="past that point"):
        story.propose(draft)
    assert CpsVersion.objects.count() == 1


@pytest.mark.clause("L9.9")
@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Revision, {"text": "Other"}),
        (Revision, {"sha256": "0" * 64}),
        (Draft, {"where_policies": "Other"}),
        (Amendment, {"text": "Other"}),
        (CpsVersion, {"resolution_ref": "Other"}),
    ],
)
def test_the_database_keeps_what_was_submitted(story, model, change):
    draft = story.submit()
    story.propose(draft)
    story.approve(draft)
    with pytest.raises(Exception, match=r".+"), transaction.atomic(), writing_for_tests():
        model.objects.update(**change)
    assert not model.objects.filter(**change).exists()


@pytest.mark.clause("L9.7", "L9.13")
def test_exactly_one_version_is_in_force(story):
    version = story.in_force()
    with pytest.raises(IntegrityError), transaction.atomic(), writing_for_tests():
        CpsVersion.objects.bulk_create(
            [CpsVersion(cps="device", number=2, revision=other_revision(version), in_force_from_on="2026-11-22",
                        became_at=version.became_at)]
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic(), writing_for_tests():
        Draft.objects.bulk_create(
            [Draft(cps="device", origin="later", number=n, submitted_at=version.became_at) for n in (8, 9)]
        )


def other_revision(version):
    revision = Revision(
        draft=version.revision.draft, number=9, sha256="1" * 64, size=1, file_kind="pdf",
        uploaded_at=version.became_at, uploaded_by="x",
    )  # fmt: skip
    revision.save()
    return revision


def test_notices_name_the_draft_and_nothing_of_it(story):
    draft = story.submit("The secret recipe.")
    amendment = story.propose(draft, text="Change the secret recipe.")
    story.direct(draft, amendment)
    story.answer(draft, amendment)
    story.confirm(draft)
    assert Notice.objects.count() >= 4
    for notice in Notice.objects.all():
        assert "secret" not in (notice.subject + notice.body).lower()
        assert "Initial draft of the Device CPS" in notice.subject


@pytest.mark.parametrize("by", [Actor.owner("root"), Actor.clock()])
def test_no_command_and_no_schedule_acts(story, by):
    with pytest.raises(NotEntitled):
        story.submit(by=by)
    draft = story.submit()
    for act in (lambda: story.approve(draft, by=by), lambda: story.propose(draft, by=by)):
        with pytest.raises(NotEntitled):
            act()
