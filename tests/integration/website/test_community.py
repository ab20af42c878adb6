"""The sample community: complete, entered once, and the main story has not happened in it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from certification.requests.models import CertificateRequest
from certification.service_interface.models import AvailabilityFact, TestAccess
from certification.service_interface.selectors import has_test_access, obliged_from
from certification.subscribers.models import AuthorisedSubscriber
from repository.documents.models import Version
from repository.drafts.models import Draft
from smki_pma.governance.meetings.models import Meeting, Vote
from smki_pma.governance.meetings.services import open_meeting, record_arrival
from smki_pma.governance.membership.selectors import seats_at
from smki_pma.ledger.models import Entry
from smki_pma.parties.models import Party, PartyCategory
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import people_holding
from smki_pma.website.community.load import load_community
from smki_pma.website.recurring_duties import has_met, periods_of_meetings
from tests.clock import SetClock
from tests.community import Community


def test_every_role_is_held(community: Community) -> None:
    assert [role for role in Role if not people_holding(role)] == []


def test_every_category_of_party_has_members_with_officers(community: Community) -> None:
    for category in PartyCategory.values:
        parties = list(Party.objects.filter(category=category))
        assert parties, category
        assert all(people_holding(Role.PARTY_OFFICER, party_id=party.pk) for party in parties)


@pytest.mark.clause("C6.9")
def test_six_seats_count_and_one_waits_for_its_confirmation(community: Community) -> None:
    seats = seats_at()
    assert [seat.seat.key for seat in seats if seat.holding is None] == ["technical-representative"]
    assert [seat.seat.key for seat in seats if seat.awaiting is not None] == ["technical-representative"]
    page = Client().get("/").content.decode()
    assert "Helen Castle, once the Member Confirmation is in" in page


def test_what_is_needed_to_begin_is_there_and_nothing_more(community: Community) -> None:
    assert AuthorisedSubscriber.objects.count() == 5
    assert Version.objects.count() == 1
    assert [meeting.state for meeting in Meeting.objects.all()] == ["convened"]
    assert not Vote.objects.exists()
    assert not Draft.objects.exists()
    assert not CertificateRequest.objects.exists()


@pytest.mark.clause("L4.1(b)", "L4.2")
def test_one_party_is_in_entry_testing_and_the_interface_has_its_dates(community: Community) -> None:
    tester = TestAccess.objects.get().party
    assert not AuthorisedSubscriber.objects.filter(party=tester).exists()
    assert people_holding(Role.PARTY_OFFICER, party_id=tester.pk)
    assert has_test_access(tester.pk)
    assert obliged_from() is not None
    assert {fact.kind for fact in AvailabilityFact.objects.all()} == set(AvailabilityFact.Kind.values)


@pytest.mark.parametrize("hours", [0, 7])
def test_its_meeting_can_be_opened_at_once_and_hours_later(
    community: Community, clock: SetClock, hours: int
) -> None:
    clock.advance(timedelta(hours=hours))
    meeting = Meeting.objects.get()
    by = community.actor("secretariat", clause="L1.15")
    for seat in [seat for seat in seats_at() if seat.holding is not None][:4]:
        assert seat.holding is not None
        record_arrival(meeting_id=meeting.pk, person_id=seat.holding.person_id, seat=seat.seat.key, by=by)

    assert open_meeting(meeting_id=meeting.pk, by=by).is_sitting


def test_a_repeat_changes_nothing(community: Community) -> None:
    before = Entry.objects.count()
    load_community()
    assert Entry.objects.count() == before


def test_it_has_no_place_where_real_people_work(community: Community, settings: Any) -> None:
    settings.SMKI_SAMPLE_COMMUNITY = False
    with pytest.raises(CommandError, match="off"):
        call_command("load_community")


def test_who_is_signed_in_starts_with_for_you(community: Community) -> None:
    assert community.client("auditor").get("/").headers["Location"] == "/for-you/"


def test_stretches_between_meetings(community: Community) -> None:
    first, second = periods_of_meetings(date(2026, 11, 22))
    assert (first.period, first.due_on) == ("2026-11 to 2026-12", date(2026, 12, 31))
    assert (second.period, second.due_on) == ("2027-01 to 2027-02", date(2027, 2, 26))
    assert not has_met(first.period)
