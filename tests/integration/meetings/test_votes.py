"""A vote from the question to the resolution."""

import pytest
from django.db import DatabaseError, transaction

from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.governance.meetings import frozen, services
from smki_pma.governance.meetings.models import Attendance, Ballot, Item, Meeting, Resolution, Vote
from smki_pma.governance.membership.services import end_term
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import Entry
from smki_pma.parties.models import Holding
from smki_pma.rules_in_force.selectors import rule
from tests.meeting_objects import (
    ALTERNATE_OF_LARGE_1,
    CHAIR,
    LARGE_1,
    LARGE_2,
    NETWORK,
    SECURITY,
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
FOUR = (CHAIR, LARGE_1, LARGE_2, SMALL)


def entries() -> int:
    return Entry.objects.count()


@pytest.mark.clause("L1.13", "L1.15")
def test_a_vote_is_carried_and_makes_a_resolution() -> None:
    room, vote = open_vote(*FOUR)
    for email, position in zip(FOUR, ["for", "for", "against", "abstain"], strict=True):
        room.cast(vote, email, position)

    closed = room.close(vote)

    resolution = Resolution.objects.get(vote=vote)
    assert closed.state == "carried"
    assert resolution.reference == f"{room.meeting.reference}/01"
    assert resolution.effect_state == "none"


@pytest.mark.clause("L1.15")
@pytest.mark.parametrize(
    "positions",
    [["for", "for", "against", "against"], ["abstain"] * 4, ["against", "for", "against", "abstain"]],
)
def test_equality_or_less_is_not_carried(positions: list[str]) -> None:
    room, vote = open_vote(*FOUR)
    for email, position in zip(FOUR, positions, strict=True):
        room.cast(vote, email, position)

    assert room.close(vote).state == "not_carried"
    assert not Resolution.objects.filter(vote=vote).exists()


@pytest.mark.clause("L1.13")
def test_without_quorum_a_meeting_does_not_open() -> None:
    room = Room()
    room.item()
    room.convene()
    room.arrive(LARGE_1, LARGE_2, SMALL, NETWORK, SECURITY)
    before = entries()

    with pytest.raises(RuleViolation, match="no quorum") as refused:
        room.open()

    assert refused.value.clause.id == "L1.13"
    assert entries() == before
    assert Meeting.objects.get(pk=room.meeting.pk).state == "convened"


@pytest.mark.clause("L1.13")
def test_without_quorum_no_vote_opens_no_ballot_is_taken_and_no_vote_closes() -> None:
    room, item, vote = sitting_room(*FOUR)
    room.leave(SMALL)
    with pytest.raises(RuleViolation, match="no quorum"):
        services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    room.arrive(SMALL)
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    room.cast(vote, CHAIR)
    room.leave(SMALL)

    with pytest.raises(RuleViolation, match="no ballot is taken"):
        room.cast(vote, LARGE_1)
    with pytest.raises(RuleViolation, match="cannot be closed"):
        room.close(vote)
    room.arrive(SMALL)
    room.cast(vote, LARGE_1)

    assert room.close(vote).state == "carried"
    changes = frozen.thaw(Vote.objects.get(pk=vote.pk).closing_snapshot)["quorum_changes"]
    assert [change["quorate"] for change in changes] == [False, True]


@pytest.mark.clause("L1.13")
def test_without_quorum_no_item_opens_or_closes() -> None:
    room, item, vote = sitting_room(*FOUR)
    services.abandon_vote(vote_id=vote.pk, reason="Not ready", by=secretariat())
    room.leave(SMALL)

    with pytest.raises(RuleViolation, match="cannot be closed"):
        services.close_item(item_id=item.pk, by=secretariat())

    assert Item.objects.get(pk=item.pk).state == "open"


@pytest.mark.clause("L1.13")
def test_a_vote_that_lost_quorum_can_be_abandoned_and_decides_nothing() -> None:
    room, vote = open_vote(*FOUR)
    room.cast(vote, LARGE_1)
    room.leave(CHAIR)

    services.abandon_vote(vote_id=vote.pk, reason="The Chair had to leave.", by=secretariat())

    kept = Vote.objects.get(pk=vote.pk)
    assert (kept.state, kept.abandoned_reason) == ("abandoned", "The Chair had to leave.")
    assert not Resolution.objects.filter(vote=vote).exists()


@pytest.mark.clause("L1.12(a)", "L1.13")
def test_the_specialist_presides_in_the_chairs_place_and_not_beside_the_chair() -> None:
    room, item, vote = sitting_room(*FOUR)
    room.invite_in(SPECIALIST)
    with pytest.raises(NotEntitled, match="Margaret Ashdown presides"):
        services.open_vote(vote_id=vote.pk, by=member(SPECIALIST))

    room.leave(CHAIR, handed_to=person(SPECIALIST).pk)
    services.open_vote(vote_id=vote.pk, by=member(SPECIALIST))
    room.cast(vote, SPECIALIST)

    assert room.close(vote, by=SPECIALIST).state == "carried"


@pytest.mark.clause("L1.14(a)")
def test_the_specialist_as_invitee_neither_counts_nor_votes() -> None:
    room, vote = open_vote(*FOUR)
    room.invite_in(SPECIALIST)

    with pytest.raises(NotEntitled, match="without a seat"):
        room.cast(vote, SPECIALIST)


@pytest.mark.clause("L1.12")
def test_member_and_alternate_have_one_seat_and_one_ballot() -> None:
    room, vote = open_vote(*FOUR)
    room.cast(vote, LARGE_1)
    room.leave(LARGE_1, handed_to=person(ALTERNATE_OF_LARGE_1).pk)

    with pytest.raises(RuleViolation, match="cast once and is final"):
        room.cast(vote, ALTERNATE_OF_LARGE_1, "against")
    assert Ballot.objects.get(vote=vote).position == "for"


@pytest.mark.clause("L1.12")
def test_an_alternate_does_not_act_while_the_member_is_there() -> None:
    room, vote = open_vote(*FOUR)

    with pytest.raises(RuleViolation, match="only while the member is away"):
        room.arrive(ALTERNATE_OF_LARGE_1)
    with pytest.raises(NotEntitled, match="not recorded as present"):
        room.cast(vote, ALTERNATE_OF_LARGE_1)


@pytest.mark.clause("C6.9")
def test_without_member_confirmation_nobody_acts() -> None:
    room, _ = open_vote(*FOUR)

    with pytest.raises(RuleViolation, match="Member Confirmation"):
        room.arrive(UNCONFIRMED)
    with pytest.raises(NotEntitled):
        member(UNCONFIRMED)


@pytest.mark.clause("L1.15")
def test_voting_twice_after_the_close_or_from_a_stale_page_is_refused() -> None:
    room, vote = open_vote(*FOUR)
    room.cast(vote, LARGE_1)
    with pytest.raises(RuleViolation, match="final"):
        room.cast(vote, LARGE_1, "against")
    with pytest.raises(RuleViolation, match="out of date"):
        room.cast(vote, LARGE_2, opening_sha256="0" * 64)
    with pytest.raises(RuleViolation, match="conflicts"):
        room.cast(vote, LARGE_2, no_conflict=False)
    room.close(vote)
    before = entries()

    with pytest.raises(RuleViolation, match="not counted"):
        room.cast(vote, LARGE_2)

    assert entries() == before
    assert Ballot.objects.filter(vote=vote).count() == 1


@pytest.mark.clause("L1.15")
def test_closing_twice_is_refused() -> None:
    room, vote = open_vote(*FOUR)
    room.cast(vote, CHAIR)
    room.close(vote)

    with pytest.raises(RuleViolation, match="carried"):
        room.close(vote)


@pytest.mark.clause("L1.15")
def test_a_vote_without_a_ballot_is_not_closed() -> None:
    room, vote = open_vote(*FOUR)

    with pytest.raises(RuleViolation, match="No ballot"):
        room.close(vote)


@pytest.mark.clause("L1.15")
def test_a_ballot_is_final_in_the_database_too() -> None:
    room, vote = open_vote(*FOUR)
    ballot = room.cast(vote, CHAIR)

    with writing_for_tests():
        with pytest.raises(DatabaseError), transaction.atomic():
            Ballot.objects.filter(pk=ballot.pk).update(position="against")
        with pytest.raises(DatabaseError), transaction.atomic():
            Ballot.objects.filter(pk=ballot.pk).delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            Vote.objects.filter(pk=vote.pk).update(question="Something else?")
        with pytest.raises(DatabaseError), transaction.atomic():
            Vote.objects.filter(pk=vote.pk).update(opening_snapshot="{}")


@pytest.mark.clause("L1.15")
def test_a_closed_vote_is_final_in_the_database_too() -> None:
    room, vote = open_vote(*FOUR)
    room.cast(vote, CHAIR)
    room.close(vote)

    with writing_for_tests():
        for change in ({"state": "not_carried"}, {"closing_snapshot": "{}"}, {"closed_by": "X"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Vote.objects.filter(pk=vote.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            Resolution.objects.filter(vote=vote).update(reference="PMA-2026-99/01")


@pytest.mark.clause("L1.12")
def test_one_seat_has_one_person_acting_in_the_database_too() -> None:
    room, _ = open_vote(*FOUR)
    stay = Attendance.objects.get(meeting=room.meeting, seat="chair")
    stay.pk = None
    stay.person = person(SPECIALIST)

    with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
        Attendance(
            meeting=room.meeting,
            person=person(SPECIALIST),
            name="Samir Haddad",
            capacity="alternate",
            seat="chair",
            arrived_at=stay.arrived_at,
        ).save()


@pytest.mark.clause("L1.4", "L1.15")
def test_a_later_change_of_membership_changes_no_past_outcome() -> None:
    room, vote = open_vote(*FOUR)
    for email in FOUR:
        room.cast(vote, email, "against" if email == SMALL else "for")
    room.close(vote)
    before = Vote.objects.get(pk=vote.pk)

    for email in (LARGE_1, SMALL):
        holding = Holding.objects.get(person__email=email, is_seat=True)
        end_term(holding_id=holding.pk, ground="ceased", evidence="Letter", by=secretariat())

    after = Vote.objects.get(pk=vote.pk)
    assert after.closing_snapshot.encode() == before.closing_snapshot.encode()
    assert after.opening_snapshot.encode() == before.opening_snapshot.encode()
    assert frozen.outcome_of(after.closing_snapshot) == frozen.outcome_of(before.closing_snapshot)
    assert frozen.outcome_of(after.closing_snapshot).votes_for == 3


@pytest.mark.clause("L1.15")
def test_a_carried_rule_change_is_carried_out_by_the_resolution() -> None:
    room = Room()
    item = room.item("Notice of meetings")
    parameters = {"key": "meetings.notice_working_days", "value": 7, "reason": "More time to read"}
    vote = room.question(item, kind="rules.change", option="change", parameters=parameters)
    room.convene()
    room.arrive(*FOUR)
    room.open(item)
    services.open_vote(vote_id=vote.pk, by=member(CHAIR))
    room.cast(vote, CHAIR)
    assert rule("meetings.notice_working_days") == 5

    room.close(vote)

    assert rule("meetings.notice_working_days") == 7
    assert Resolution.objects.get(vote=vote).effect_state == "done"


@pytest.mark.clause("L1.15")
def test_who_does_not_preside_neither_opens_nor_closes() -> None:
    room, _, vote = sitting_room(*FOUR)

    with pytest.raises(NotEntitled):
        services.open_vote(vote_id=vote.pk, by=secretariat())
    with pytest.raises(NotEntitled):
        services.open_vote(vote_id=vote.pk, by=member(LARGE_1))
