"""Notice, invitations, agenda and papers."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from smki_pma.calendar import clock as the_clock
from smki_pma.calendar.working_days import add_working_days, end_of_day, start_of_day
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.governance.meetings import services
from smki_pma.governance.meetings.models import Item, Meeting, Paper
from smki_pma.governance.meetings.quorum import Capacity
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import Entry, EntryText
from smki_pma.notices.models import Delivery, Notice
from tests.clock import SetClock
from tests.community import Community
from tests.meeting_objects import (
    ALTERNATE_OF_LARGE_1,
    CHAIR,
    DCC,
    LARGE_1,
    LARGE_2,
    NETWORK,
    SEATS_HELD,
    SMALL,
    SPECIALIST,
    Room,
    member,
    person,
    secretariat,
)

pytestmark = pytest.mark.usefixtures("community")


def in_working_days(days: int) -> Meeting:
    meets_on = add_working_days(the_clock.today(), days)
    meeting = services.call_meeting(
        starts_at=start_of_day(meets_on) + timedelta(hours=10), place="London", by=secretariat()
    )
    services.add_item(meeting_id=meeting.pk, public_title="Plan", purpose="decision", by=secretariat())
    return meeting


def convene(meeting: Meeting, **given: object) -> Meeting:
    values = {"dcc_representative_id": person(DCC).pk, "by": secretariat()} | given
    return services.convene(meeting_id=meeting.pk, **values)  # type: ignore[arg-type]


@pytest.mark.clause("L1.15")
def test_five_working_days_are_notice_and_four_are_not() -> None:
    assert convene(in_working_days(5)).state == "convened"
    meeting = in_working_days(4)
    before = Entry.objects.count()

    with pytest.raises(RuleViolation, match="5 Working Days' notice"):
        convene(meeting)

    assert Entry.objects.count() == before
    assert Meeting.objects.get(pk=meeting.pk).state == "draft"


@pytest.mark.clause("L1.15")
def test_shorter_notice_needs_every_member_and_stands_on_record() -> None:
    meeting = in_working_days(1)
    with pytest.raises(RuleViolation, match="every member in office"):
        convene(meeting, short_notice_ground="Urgent", agreed=SEATS_HELD[:-1])

    convened = convene(meeting, short_notice_ground="Urgent", agreed=SEATS_HELD)

    assert convened.short_notice_agreed == sorted(SEATS_HELD)
    latest = EntryText.objects.filter(event="meeting.convened").order_by("-number").first()
    assert latest is not None and convened.reference in latest.content


@pytest.mark.clause("L1.14(a)")
def test_the_specialist_and_dcc_are_always_invited() -> None:
    meeting = in_working_days(5)
    with pytest.raises(RuleViolation, match="representative of the DCC"):
        convene(meeting, dcc_representative_id=None)
    with pytest.raises(RuleViolation, match="representative of the DCC"):
        convene(meeting, dcc_representative_id=person(LARGE_1).pk)

    convene(meeting)

    kinds = list(meeting.invitations.values_list("kind", flat=True))
    assert kinds.count("specialist") == 1 and kinds.count("dcc") == 1
    told = Delivery.objects.filter(notice__subject__contains=meeting.reference)
    assert {person(SPECIALIST).pk, person(DCC).pk, person(CHAIR).pk} <= set(
        told.values_list("person_id", flat=True)
    )


@pytest.mark.clause("L1.14(a)")
def test_the_specialist_cannot_be_recorded_as_voting_invitee() -> None:
    room = Room()
    room.item()
    room.convene()
    with pytest.raises(RuleViolation):
        services.record_arrival(
            meeting_id=room.meeting.pk, person_id=person(SPECIALIST).pk, capacity="member", by=secretariat()
        )
    stay = services.record_arrival(
        meeting_id=room.meeting.pk,
        person_id=person(SPECIALIST).pk,
        capacity=Capacity.INVITEE,
        by=secretariat(),
    )
    assert stay.seat == ""


@pytest.mark.clause("L1.15")
def test_the_duty_to_attend_is_discharged_by_coming_and_withdrawn_at_the_end() -> None:
    room = Room()
    room.item()
    room.convene()
    own = Duty.objects.open().filter(kind="meetings.attend", subject_id=str(room.meeting.pk))
    assert own.count() == 6
    room.arrive(CHAIR, ALTERNATE_OF_LARGE_1, LARGE_2, SMALL)
    room.open()
    duties = Duty.objects.filter(kind="meetings.attend", subject_id=str(room.meeting.pk))
    came = duties.filter(discharged_at__isnull=False).values_list("holding__person__email", flat=True)
    assert set(came) == {CHAIR, LARGE_1, LARGE_2, SMALL}, "an Alternate came for one of them"

    room.arrive(NETWORK)
    assert set(came.all()) == {CHAIR, LARGE_1, LARGE_2, SMALL, NETWORK}, "late, but there"
    services.close_meeting(meeting_id=room.meeting.pk, by=secretariat())

    assert not own.exists()
    assert duties.filter(withdrawn_at__isnull=False).count() == 1, "who stayed away has not attended"


@pytest.mark.clause("L1.15")
def test_who_comes_to_the_adjourned_meeting_has_attended(clock: SetClock) -> None:
    """Between the sittings nobody is late; on the day on which the meeting goes on, it is due."""
    room = Room()
    room.item()
    room.convene()
    room.arrive(CHAIR, LARGE_1, LARGE_2, SMALL)
    room.open()
    services.adjourn_meeting(meeting_id=room.meeting.pk, until="Thursday", by=secretariat())
    clock.advance(timedelta(days=2))
    duties = Duty.objects.filter(kind="meetings.attend", subject_id=str(room.meeting.pk))
    own = duties.filter(holding__person__email=NETWORK)
    assert own.get().is_open and own.get().due_at is None

    room.arrive(CHAIR, LARGE_1, LARGE_2, NETWORK)
    services.resume_meeting(meeting_id=room.meeting.pk, by=secretariat())

    assert own.get().discharged_at is not None
    assert [duty.due_at for duty in duties.open()] == [end_of_day(the_clock.today())]


@pytest.mark.clause("L1.15")
def test_a_meeting_does_not_begin_before_its_time(clock: SetClock) -> None:
    meeting = convene(in_working_days(5))
    for email in (CHAIR, LARGE_1, LARGE_2, SMALL):
        seat = {CHAIR: "chair", LARGE_1: "large-supplier-1", LARGE_2: "large-supplier-2"}.get(
            email, "small-supplier"
        )
        services.record_arrival(
            meeting_id=meeting.pk, person_id=person(email).pk, seat=seat, by=secretariat()
        )
    with pytest.raises(RuleViolation, match="before the time"):
        services.open_meeting(meeting_id=meeting.pk, by=secretariat())

    clock.set(meeting.starts_at)

    assert services.open_meeting(meeting_id=meeting.pk, by=secretariat()).state == "sitting"


@pytest.mark.clause("L1.15")
def test_a_late_paper_needs_the_chairs_leave_on_record() -> None:
    room = Room()
    item = room.item()
    early = services.add_paper(item_id=item.pk, title="Early", url="/x/", by=secretariat())
    room.convene()
    late = services.add_paper(item_id=item.pk, title="Late", url="/y/", by=secretariat())

    assert early.is_admitted and not late.is_admitted
    for who in (secretariat(), member(LARGE_1)):
        with pytest.raises(NotEntitled):
            services.give_leave(paper_id=late.pk, ground="Needed", by=who)
    services.give_leave(paper_id=late.pk, ground="Needed", by=member(CHAIR))

    assert Paper.objects.get(pk=late.pk).leave_by == "Margaret Ashdown"


@pytest.mark.clause("L1.15")
def test_a_late_item_waits_for_the_chairs_leave() -> None:
    room = Room()
    room.item()
    room.convene()
    late = room.item("Late item")
    room.arrive(CHAIR, LARGE_1, LARGE_2, SMALL)
    room.open()
    assert late.late and not late.is_admitted

    with pytest.raises(RuleViolation, match="waits for the Chair's leave"):
        services.open_item(item_id=late.pk, by=secretariat())
    for who in (secretariat(), member(LARGE_1)):
        with pytest.raises(NotEntitled):
            services.admit_item(item_id=late.pk, ground="Needed", by=who)
    with pytest.raises(RuleViolation, match="Say why"):
        services.admit_item(item_id=late.pk, ground=" ", by=member(CHAIR))
    services.admit_item(item_id=late.pk, ground="Needed today", by=member(CHAIR))

    assert services.open_item(item_id=late.pk, by=secretariat()).state == "open"
    entry = EntryText.objects.get(event="item.admitted")
    assert "Late item" in entry.content and "Margaret Ashdown" in entry.content


@pytest.mark.clause("L1.15")
def test_the_chairs_own_late_item_has_leave_and_it_is_given_once() -> None:
    room = Room()
    room.item()
    room.convene()
    late = services.add_item(
        meeting_id=room.meeting.pk, public_title="Urgent", purpose="decision", by=member(CHAIR)
    )

    assert late.late and late.leave_by == "Margaret Ashdown"
    with pytest.raises(RuleViolation, match="has it already"):
        services.admit_item(item_id=late.pk, ground="Again", by=member(CHAIR))


@pytest.mark.clause("L1.15")
def test_the_database_opens_no_late_item_without_leave() -> None:
    room = Room()
    room.item()
    room.convene()
    late = room.item("Late item")

    with pytest.raises(IntegrityError), transaction.atomic(), writing_for_tests():
        Item.objects.filter(pk=late.pk).update(state="open")


def test_pages_of_a_late_item(community: Community) -> None:
    room = Room()
    room.item()
    room.convene()
    office, chair, party = (community.client(r) for r in ("secretariat", "pma_chair", "party_officer"))
    assert "only with the Chair’s leave" in office.get(f"/meetings/{room.meeting.pk}/items/").content.decode()
    late = room.item("Late item")
    meeting, page = f"/meetings/{room.meeting.pk}/", f"/meetings/items/{late.pk}/"

    assert "waiting for the Chair’s leave" in office.get(meeting).content.decode()
    assert "Give leave" not in office.get(meeting).content.decode()
    assert "Give leave" in chair.get(page).content.decode()
    assert party.get(page).status_code == 404
    for address in (meeting, "/meetings/"):
        assert "Late item" not in party.get(address).content.decode()
    assert chair.post(f"{page}leave/", {"reason": ""}).status_code == 422
    assert chair.post(f"{page}leave/", {"reason": "Needed"}).status_code == 302

    assert "Let in by Margaret Ashdown: Needed" in office.get(page).content.decode()
    assert "Late item" in party.get(meeting).content.decode()


@pytest.mark.clause("L9.12")
def test_the_ground_of_leave_for_a_confidential_item_is_shown_to_its_readers_alone(
    community: Community,
) -> None:
    room = Room()
    room.item()
    room.convene()
    late = room.item("Late item", confidential=True)
    address = f"/meetings/items/{late.pk}/leave/"
    chair = community.client("pma_chair")
    assert "readers of the item alone" in chair.get(address).content.decode()
    assert chair.post(address, {"reason": "KANARIENVOGEL is urgent"}).status_code == 302

    shown = {
        who: community.client(who).get(f"/meetings/{room.meeting.pk}/").content.decode()
        for who in ("party_officer", "dcc_document_owner", "pma_member", "secretariat")
    }
    assert {who for who, page in shown.items() if "KANARIENVOGEL" in page} == {"pma_member", "secretariat"}
    assert all("Let in by Margaret Ashdown" in page for page in shown.values())


@pytest.mark.clause("L2.14")
def test_a_meeting_for_an_emergency_is_convened_at_once_by_the_chair_or_the_alternate() -> None:
    now = the_clock.now()
    with pytest.raises(NotEntitled):
        services.call_meeting(starts_at=now, place="By telephone", kind="emergency", by=secretariat())
    meeting = services.call_meeting(
        starts_at=now, place="By telephone", kind="emergency", by=member(SPECIALIST)
    )
    services.add_item(meeting_id=meeting.pk, public_title="Urgent", purpose="decision", by=secretariat())

    assert convene(meeting, by=member(CHAIR)).short_notice_ground == ""


@pytest.mark.clause("L2.14")
def test_a_meeting_convened_at_once_for_an_emergency_decides_nothing_else(community: Community) -> None:
    """Neither before nor while it sits, nor on a late item; ordinary meetings may decide under L2.14 too."""
    meeting = services.call_meeting(
        starts_at=the_clock.now(), place="By telephone", kind="emergency", by=member(CHAIR)
    )
    room = Room()
    ordinary = room.item("Services", confidential=True)
    room.meeting = meeting
    early = room.item("Urgent", confidential=True)
    convene(meeting, by=member(CHAIR))
    late = services.add_item(meeting_id=meeting.pk, public_title="Plan", purpose="decision", by=member(CHAIR))

    for item in (early, late):
        with pytest.raises(RuleViolation, match="emergency suspension alone") as refused:
            room.question(item)
        assert refused.value.clause.id == "L2.14"
    page = community.client("secretariat").get(f"/meetings/items/{early.pk}/questions/").content.decode()
    assert "pma.resolve:resolve" not in page
    assert "pma.instruct_dcc:suspend" in page
    words = {"text": "Device Certificates for KANARIENVOGEL"}
    for item in (early, ordinary):
        vote = room.question(item, kind="pma.instruct_dcc", option="suspend", parameters=words)
        assert "KANARIENVOGEL" in vote.question
        assert "KANARIENVOGEL" not in vote.public_question
        assert "suspend" not in vote.public_question


@pytest.mark.clause("L9.12")
def test_notices_and_public_entries_carry_public_titles_alone(community: Community) -> None:
    room = Room()
    room.item("Procedures", title="KANARIENVOGEL", confidential=True)
    room.convene()

    assert not Notice.objects.filter(body__contains="KANARIENVOGEL").exists()
    assert b"KANARIENVOGEL" not in community.client("party_officer").get("/ledger/entries/").content


@pytest.mark.clause("L1.15")
def test_who_had_the_notice_hears_that_the_meeting_is_cancelled(community: Community) -> None:
    meeting = convene(in_working_days(5))
    services.cancel_meeting(meeting_id=meeting.pk, reason="The plan is not ready.", by=secretariat())

    called, cancelled = (
        set(Delivery.objects.filter(notice__subject=subject).values_list("person_id", flat=True))
        for subject in (f"Notice of meeting {meeting.reference}", f"Meeting {meeting.reference} is cancelled")
    )
    assert cancelled == called
    assert {community.person("party_officer").pk, person(CHAIR).pk, person(DCC).pk} <= cancelled


AUTHORITY = "Jo Field, representative of the Authority, jo.field@authority.example"


@pytest.mark.clause("L1.15")
def test_people_without_an_account_have_the_notice_by_e_mail(
    community: Community, run_jobs: Callable[[], int]
) -> None:
    meeting = in_working_days(5)
    office, address = community.client("secretariat"), f"/meetings/{meeting.pk}/notice/"
    sent = {"dcc_representative": str(person(DCC).pk)}
    for wrong in ("Jo Field, adviser, jo@", ", adviser"):
        assert office.post(address, sent | {"others": wrong}).status_code == 422
    others = f"{AUTHORITY}\nAnn Lee\nMargaret Ashdown, too, {CHAIR.upper()}"
    assert office.post(address, sent | {"others": others}).status_code == 302
    run_jobs()
    services.cancel_meeting(meeting_id=meeting.pk, reason="The plan is not ready.", by=secretariat())
    run_jobs()

    notice, cancelled = [each for each in mail.outbox if each.to == ["jo.field@authority.example"]]
    assert "Plan" in notice.body and "inbox" not in notice.body and "The plan is not ready." in cancelled.body
    chairs = [each for each in mail.outbox if each.to[0].casefold() == CHAIR]
    assert len([each for each in chairs if meeting.reference in each.subject]) == 2
    assert meeting.invitations.get(name="Ann Lee").address == ""
    page = office.get(f"/meetings/{meeting.pk}/").content.decode()
    assert "representative of the Authority" in page and "jo.field@" not in page
    assert not EntryText.objects.filter(content__contains="jo.field@").exists()


@pytest.mark.clause("L1.15")
def test_of_a_meeting_without_notice_nobody_hears(community: Community) -> None:
    meeting = in_working_days(5)
    services.cancel_meeting(meeting_id=meeting.pk, reason="Not needed.", by=secretariat())

    assert not Notice.objects.filter(subject__contains=meeting.reference).exists()
