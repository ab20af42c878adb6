"""One-off days that are not Working Days: added, and removed before they come."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from smki_pma.calendar import clock as the_clock
from smki_pma.calendar.working_days import is_working_day
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import Entry, EntryText
from smki_pma.rules_in_force.models import NonWorkingDay
from smki_pma.rules_in_force.services import add_non_working_day, remove_non_working_day
from tests.clock import SetClock
from tests.community import Community
from tests.meeting_objects import CHAIR, member, secretariat

pytestmark = pytest.mark.usefixtures("community")


def a_working_day() -> date:
    day = the_clock.today() + timedelta(days=20)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def added(day: date | None = None) -> NonWorkingDay:
    return add_non_working_day(day=day or a_working_day(), reason="Proclaimed", by=secretariat())


def test_a_mistaken_day_is_removed_and_counts_again() -> None:
    day = added()
    assert not is_working_day(day.day)

    remove_non_working_day(day_id=day.pk, reason="Wrong year", by=secretariat())

    assert is_working_day(day.day)
    text = EntryText.objects.get(event="calendar.day_removed")
    assert text.audience == "public" and "Wrong year" in text.content
    entries = Entry.objects.count()
    remove_non_working_day(day_id=day.pk, reason="Again", by=secretariat())
    assert Entry.objects.count() == entries
    assert added(day.day).pk != day.pk


def test_a_day_that_has_come_stays(clock: SetClock) -> None:
    day = added()
    clock.set(the_clock.now() + (day.day - the_clock.today()))
    with pytest.raises(RuleViolation, match="deadlines have been reckoned with it"):
        remove_non_working_day(day_id=day.pk, reason="Wrong year", by=secretariat())


def test_who_removes_it_and_why() -> None:
    day = added()
    with pytest.raises(NotEntitled):
        remove_non_working_day(day_id=day.pk, reason="Wrong year", by=member(CHAIR))
    with pytest.raises(RuleViolation, match="Say why"):
        remove_non_working_day(day_id=day.pk, reason=" ", by=secretariat())


def test_the_database_keeps_a_day_as_it_was() -> None:
    day = added()

    def refused(**values: object) -> None:
        with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
            NonWorkingDay.objects.filter(pk=day.pk).update(**values)

    refused(day=day.day + timedelta(days=1))
    with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
        NonWorkingDay.objects.create(day=day.day, reason="Twice")
    remove_non_working_day(day_id=day.pk, reason="Wrong year", by=secretariat())
    refused(removed_at=None)
    refused(removed_reason="Another")


def test_the_page(community: Community) -> None:
    day = added()
    page = f"/community/working-days/{day.pk}/remove/"
    client = community.client("secretariat")
    assert page in client.get("/rules/").content.decode()
    assert page not in community.client("pma_chair").get("/rules/").content.decode()
    assert ">Rules in force</a>" in client.get(page).content.decode()
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "Wrong year"})["Location"] == "/rules/#days"
    assert "Proclaimed" not in client.get("/rules/").content.decode()
