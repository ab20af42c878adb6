"""Conflicts of interest: who is out, who stands in, who can see what."""

import pytest
from django.test import Client

from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.display import strip_of
from smki_pma.governance.meetings.documents import reads_full_minutes
from smki_pma.governance.meetings.models import Recusal, Vote
from smki_pma.governance.meetings.selectors import (
    acting_now,
    conflicted_persons,
    may_read_item,
    pma_readers,
)
from smki_pma.governance.membership.alternates import appoint_alternate
from smki_pma.ledger.models import Entry
from smki_pma.ledger.readers import reader_for
from smki_pma.parties.models import Organisation
from tests.meeting_objects import (
    ALTERNATE_OF_LARGE_1,
    CHAIR,
    LARGE_1,
    LARGE_2,
    NETWORK,
    SECRETARIAT,
    SMALL,
    SPECIALIST,
    UNCONFIRMED,
    Room,
    member,
    open_vote,
    person,
    secretariat,
    sitting_room,
)

pytestmark = pytest.mark.usefixtures("community")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NEWCOMER = "grace.udo@hollin.example"
FOUR = (CHAIR, LARGE_1, LARGE_2, SMALL)


def out(item_id: object, email: str) -> Recusal:
    return services.declare_conflict(item_id=item_id, ground="Employer is concerned", by=member(email))


@pytest.mark.clause("L1.13", "L1.15")
def test_a_conflicted_member_is_not_counted_for_the_item_and_cannot_vote() -> None:
    room, item, vote = sitting_room(*FOUR, NETWORK)
    before = Entry.objects.count()
    out(item.pk, LARGE_1)

    assert Entry.objects.count() == before + 1
    assert strip_of(room.meeting, item).quorum.counted == 4
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    with pytest.raises(NotEntitled, match="conflict of interest"):
        room.cast(vote, LARGE_1)


@pytest.mark.clause("L1.13")
def test_a_conflict_that_breaks_the_items_quorum_stops_the_vote() -> None:
    room, vote = open_vote(*FOUR)
    out(vote.item_id, LARGE_1)

    with pytest.raises(RuleViolation, match="no ballot is taken"):
        room.cast(vote, LARGE_2)


@pytest.mark.clause("L1.12(a)", "L1.13")
def test_a_conflicted_chair_is_replaced_by_the_specialist_for_the_item() -> None:
    room, item, vote = sitting_room(*FOUR)
    room.invite_in(SPECIALIST)
    out(item.pk, CHAIR)

    strip = strip_of(room.meeting, item)
    assert strip.presiding is not None and strip.presiding.person_id == person(SPECIALIST).pk
    with pytest.raises(NotEntitled):
        services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    services.open_vote(vote_id=vote.pk, by=member(SPECIALIST))
    room.cast(vote, SPECIALIST)
    with pytest.raises(NotEntitled):
        room.cast(vote, CHAIR)
    assert room.close(vote, by=SPECIALIST).state == "carried"
    services.close_item(item_id=item.pk, by=member(SPECIALIST))
    assert strip_of(room.meeting).presiding.person_id == person(CHAIR).pk  # type: ignore[union-attr]


@pytest.mark.clause("L9.12", "L1.12(a)", "L1.12(b)")
def test_only_the_chairs_own_conflict_lets_a_stand_in_read() -> None:
    """The other Alternate of the Chair is conflicted: the Chair presides as before, and nobody stands in."""
    appoint_alternate(
        person_id=person(NEWCOMER).pk,
        specialist_unavailable="On leave in November",
        independence="Employed by no Party",
        by=member(CHAIR),
    )
    _, item, _ = sitting_room(*FOUR)
    room = Room()
    secret = room.item("Secret", confidential=True)
    services.record_arrival(
        meeting_id=item.meeting_id, person_id=person(SPECIALIST).pk, capacity="invitee", by=secretariat()
    )
    out(item.pk, NEWCOMER)

    assert acting_now(person(SPECIALIST)) == ()
    assert not pma_readers(person(SPECIALIST))
    assert not may_read_item(person(SPECIALIST), secret)
    out(item.pk, CHAIR)
    assert [each.seat for each in acting_now(person(SPECIALIST))] == ["chair"]
    out(item.pk, SPECIALIST)
    assert acting_now(person(SPECIALIST)) == ()


@pytest.mark.clause("L1.12(a)")
def test_a_chair_conflicted_about_the_subject_elsewhere_is_replaced_for_this_item_too() -> None:
    subject = Organisation.objects.order_by("name").first()
    assert subject is not None
    about = {"subject_model": "parties.Organisation", "subject_id": subject.pk, "confidential": True}
    elsewhere = Room().item("Earlier", **about)
    room = Room()
    item = room.item("Now", **about)
    room.convene()
    room.arrive(*FOUR)
    room.invite_in(SPECIALIST)
    out(elsewhere.pk, CHAIR)
    room.open(item)

    assert [each.seat for each in acting_now(person(SPECIALIST))] == ["chair"]
    assert may_read_item(person(SPECIALIST), item)


@pytest.mark.clause("L1.15")
def test_a_conflict_comes_before_the_ballot() -> None:
    room, vote = open_vote(*FOUR, NETWORK)
    room.cast(vote, LARGE_1)

    with pytest.raises(RuleViolation, match="has voted on this item"):
        out(vote.item_id, LARGE_1)
    assert not Recusal.objects.exists()


@pytest.mark.clause("L1.15")
@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_conflict_declared_on_another_agenda_item_leaves_no_ballot_standing(elsewhere: bool) -> None:
    """It follows the subject, so it comes before the ballot on whatever item."""
    subject = Organisation.objects.order_by("name").first()
    assert subject is not None
    about = {"subject_model": "parties.Organisation", "subject_id": subject.pk}
    room = Room()
    first, second = room.item("First", **about), (Room() if elsewhere else room).item("Second", **about)
    vote = room.question(first, subject_id=subject.pk)
    room.convene()
    room.arrive(*FOUR, NETWORK)
    room.open(first)
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    room.cast(vote, LARGE_1)

    with pytest.raises(RuleViolation, match=f"has voted on {vote.reference}, on the same subject"):
        out(second.pk, LARGE_1)
    assert not Recusal.objects.exists()
    out(second.pk, LARGE_2)
    services.abandon_vote(vote_id=vote.pk, reason="A conflict of interest", by=member(CHAIR))
    out(second.pk, LARGE_1)


@pytest.mark.clause("L1.15")
def test_who_presides_can_require_somebody_to_leave_and_nobody_else_can() -> None:
    _, item, _ = sitting_room(*FOUR, NETWORK)
    with pytest.raises(NotEntitled):
        services.require_withdrawal(
            item_id=item.pk, person_id=person(SMALL).pk, ground="Interest", by=member(LARGE_1)
        )

    services.require_withdrawal(
        item_id=item.pk, person_id=person(SMALL).pk, ground="Interest", by=member(CHAIR)
    )

    assert Recusal.objects.get().required_by_chair


@pytest.mark.clause("L9.12")
def test_the_conflict_follows_the_subject_to_other_agendas() -> None:
    subject = Organisation.objects.order_by("name").first()
    assert subject is not None
    about = {"subject_model": "parties.Organisation", "subject_id": subject.pk, "confidential": True}
    first, second = Room().item("First", **about), Room().item("Second", **about)
    out(first.pk, LARGE_1)

    assert conflicted_persons(subject) == {person(LARGE_1).pk}
    assert not may_read_item(person(LARGE_1), second)
    assert may_read_item(person(LARGE_2), second)


@pytest.mark.clause("L9.12", "C6.9", "L1.14(a)")
def test_who_reads_for_the_pma() -> None:
    assert all(pma_readers(person(email)) for email in FOUR)
    assert not pma_readers(person(ALTERNATE_OF_LARGE_1))
    assert not pma_readers(person(UNCONFIRMED))
    assert not pma_readers(person(SPECIALIST))

    room, _, _ = sitting_room(*FOUR)
    room.invite_in(SPECIALIST)
    assert not pma_readers(person(SPECIALIST))
    room.leave(CHAIR, handed_to=person(SPECIALIST).pk)
    assert pma_readers(person(SPECIALIST))
    room.arrive(CHAIR)
    assert not pma_readers(person(SPECIALIST))


@pytest.mark.clause("L1.12")
def test_who_acts_for_which_seat() -> None:
    assert [(a.seat, a.capacity) for a in acting_now(person(CHAIR))] == [("chair", "member")]
    assert acting_now(person(ALTERNATE_OF_LARGE_1)) == ()
    room, _, _ = sitting_room(CHAIR, ALTERNATE_OF_LARGE_1, LARGE_2, SMALL)
    assert [(a.seat, a.capacity) for a in acting_now(person(ALTERNATE_OF_LARGE_1))] == [
        ("large-supplier-1", "alternate")
    ]
    room.leave(ALTERNATE_OF_LARGE_1)
    assert acting_now(person(ALTERNATE_OF_LARGE_1)) == ()
    assert acting_now(person(UNCONFIRMED)) == ()


@pytest.mark.clause("L1.15")
def test_a_changed_proposition_blocks_the_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, vote = sitting_room(*FOUR)
    from smki_pma.governance.meetings import blockers
    from smki_pma.governance.meetings.motions import ExactVersion, Proposition

    changed = Proposition(
        question="?", public_question="?", document=ExactVersion(label="Draft 2", sha256="ab" * 32)
    )

    class Kind:
        @staticmethod
        def proposition(*given: object) -> Proposition:
            return changed

    monkeypatch.setattr(blockers, "motion_kind", lambda key: Kind)
    with pytest.raises(RuleViolation, match="document has changed"):
        services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    assert Vote.objects.get(pk=vote.pk).state == "proposed"


@pytest.mark.clause("L9.12")
def test_the_ledger_says_nothing_of_a_confidential_item_to_who_is_out() -> None:
    room = Room()
    item = room.item("Annual plan", confidential=True)
    vote = room.question(item)
    public = room.item("Calendar")
    before = reader_for(person(LARGE_1)).texts()
    assert before.filter(subject_id__in=[str(item.pk), str(vote.pk)]).count() == 2

    out(item.pk, LARGE_1)

    texts = reader_for(person(LARGE_1)).texts()
    assert not texts.filter(subject_id__in=[str(item.pk), str(vote.pk)]).exists()
    assert texts.filter(subject_id=str(public.pk)).exists()
    assert reader_for(person(LARGE_2)).texts().filter(subject_id=str(vote.pk)).exists()


@pytest.mark.clause("L9.12")
def test_confidential_notes_of_an_open_item_are_kept_from_who_is_out(client: Client) -> None:
    room, item, vote = sitting_room(*FOUR, NETWORK)
    out(item.pk, LARGE_1)
    services.write_note(
        item_id=item.pk, public_text="Discussed.", confidential_text="A secret sum.", by=secretariat()
    )
    pages = {}
    for email in (LARGE_1, LARGE_2):
        client.force_login(person(email), backend=BACKEND)
        pages[email] = client.get(f"/meetings/items/{item.pk}/").content.decode()
    assert "A secret sum." not in pages[LARGE_1]
    assert "A secret sum." in pages[LARGE_2]
    assert not reads_full_minutes(person(LARGE_1), room.meeting)
    assert reads_full_minutes(person(LARGE_2), room.meeting)


def test_a_subject_that_is_no_identifier_is_refused_on_the_form(client: Client) -> None:
    item = Room().item("Reading", confidential=True)
    client.force_login(person(SECRETARIAT), backend=BACKEND)
    address = f"/meetings/items/{item.pk}/questions/cps.grant_reading/grant/"
    assert client.post(address, {"subject": "garbage"}).status_code == 422
