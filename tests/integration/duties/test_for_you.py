"""For you, the register, recurring duties and the personal calendar: four views of one table."""

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from smki_pma.calendar import clock as the_clock
from smki_pma.duties import feeds, recurring
from smki_pma.duties.acts import discharge_duties, open_duty
from smki_pma.duties.models import Duty, Period
from smki_pma.duties.recurring import Recurring, monthly, quarterly, register_recurring
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.ledger.models import Entry
from smki_pma.parties.appointments import end_holding
from smki_pma.parties.models import Holding, Party
from smki_pma.parties.roles import Role
from tests.clock import SetClock
from tests.community import PERSONAS, Community


def owe(*, title: str, by: Actor, **details: Any) -> Duty:
    """Open a duty as a service does."""
    return _owe(title=title, details=details, by=by)


@service
def _owe(*, title: str, details: dict[str, Any], by: Actor) -> Duty:
    duty = open_duty(kind="test.duty", clause="L1.15", title=title, **details)
    record("test.owed", clause="L1.15", by=by, subject=duty, audience="pma")
    return duty


@service
def settle(*, subject: Any, by: Actor) -> int:
    count = discharge_duties(kind="test.duty", subject=subject)
    record("test.settled", clause="L1.15", by=by, subject=subject, audience="pma")
    return count


def count_shown(client: Client) -> int:
    page = client.get("/for-you/").content.decode()
    found = re.search(r'For you(?:</strong>)? <span class="app-navigation-count">(\d+)', page)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("persona", sorted(PERSONAS))
def test_the_count_in_the_navigation_is_the_length_of_the_list(persona: str, community: Community) -> None:
    client = community.client(persona)
    page = client.get("/for-you/").content.decode()
    assert count_shown(client) == page.count('class="app-duty')


def test_a_duty_appears_with_its_holder_and_goes_when_it_is_discharged(community: Community) -> None:
    owner = Actor.owner("the test")
    subject = community.person("auditor")
    owe(title="Read the report", subject=subject, role=Role.PANEL_OFFICER, by=owner, url="/duties/")
    client = community.client("panel_officer")
    page = client.get("/for-you/").content.decode()
    assert "Read the report" in page
    assert ">Read<span" in page
    assert "Read the report" not in community.client("auditor").get("/for-you/").content.decode()
    assert settle(subject=subject, by=owner) == 1
    assert "Read the report" not in client.get("/for-you/").content.decode()


def test_a_partys_duty_is_its_officers_alone(community: Community) -> None:
    party = Party.objects.get(organisation__name__startswith="Aldermoor Energy")
    owner = Actor.owner("the test")
    owe(title="Give a forecast", subject=party, role=Role.PARTY_OFFICER, party_id=party.pk, by=owner)
    assert "Give a forecast" in community.client("party_officer").get("/for-you/").content.decode()
    for persona, sees in (
        ("other_party_officer", False),
        ("panel_officer", False),
        ("auditor", False),
        ("secretariat", True),
        ("dcc_ra_officer", True),
        ("party_officer", True),
    ):
        page = community.client(persona).get("/duties/?state=all").content.decode()
        assert ("Give a forecast" in page) is sees, persona


def test_the_register_is_cut_sorted_and_exported(community: Community, clock: SetClock) -> None:
    owner = Actor.owner("the test")
    soon = the_clock.now() + timedelta(hours=1)
    owe(
        title="=HYPERLINK(evil)",
        subject=community.person("auditor"),
        role=Role.AUDITOR,
        due_at=soon,
        by=owner,
    )
    client = community.client("secretariat")
    assert "HYPERLINK" not in client.get("/duties/?state=overdue").content.decode()
    clock.advance(timedelta(hours=2))
    assert "HYPERLINK" in client.get("/duties/?state=overdue&role=auditor&sort=-due").content.decode()
    assert "HYPERLINK" not in client.get("/duties/?role=panel_officer").content.decode()
    rows = list(csv.reader(io.StringIO(client.get("/duties/export.csv?state=all").content.decode())))
    assert rows[0][0] == "Duty"
    assert "'=HYPERLINK(evil)" in [row[0] for row in rows]


@pytest.mark.parametrize("query", ["state=nonsense", "role=nobody", "page=999", "sort=password", "words=%00"])
def test_a_wrong_query_shows_the_register_all_the_same(query: str, community: Community) -> None:
    assert community.client("secretariat").get(f"/duties/?{query}").status_code == 200


def test_queries_do_not_grow_with_duties(community: Community, django_assert_max_num_queries: Any) -> None:
    client = community.client("secretariat")
    for number in range(30):
        holding = Holding.objects.all()[number % 5]
        owner = Actor.owner("the test")
        owe(title=f"Do {number}", subject=holding, role=Role.SECRETARIAT, holding_id=holding.pk, by=owner)
    for address in ("/for-you/", "/duties/?state=all"):
        client.get(address)
        with django_assert_max_num_queries(14):
            client.get(address)


# Recurring duties


@pytest.fixture
def forecast(monkeypatch: pytest.MonkeyPatch) -> Recurring:
    monkeypatch.setattr(recurring, "_recurring", {})
    return register_recurring(
        Recurring(
            kind="test.forecast",
            clause="L8.7",
            title="Forecast for {period}",
            role=Role.PARTY_OFFICER,
            occasions=quarterly((3, 6, 9, 12), 15),
            parties=lambda: Party.objects.filter(category="large_supplier").values_list("pk", flat=True),
        )
    )


def test_a_recurring_duty_opens_once_for_each_party_and_period(
    community: Community, forecast: Recurring
) -> None:
    before = Entry.objects.count()
    assert recurring.open_what_falls_due(on=date(2026, 11, 20)) == 0
    assert recurring.open_what_falls_due(on=date(2026, 11, 21)) == 1  # 30 days before 21 December
    assert recurring.open_what_falls_due(on=date(2026, 11, 21)) == 0
    assert Entry.objects.count() == before + 1
    duties = Duty.objects.filter(kind="test.forecast")
    assert {duty.party.organisation.name.split()[0] for duty in duties if duty.party} == {
        "Aldermoor",
        "Brightwater",
        "Cairnside",
    }
    assert {the_clock.london_date(duty.due_at - timedelta(seconds=1)) for duty in duties if duty.due_at} == {
        date(2026, 12, 21)
    }
    assert Period.objects.get().period == "December 2026"


def test_a_recurring_duty_that_is_met_goes_by_itself(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recurring, "_recurring", {})
    met: list[str] = []
    register_recurring(
        Recurring(
            kind="test.report",
            clause="L8.9",
            title="Report on {period}",
            role=Role.DCC_DOCUMENT_OWNER,
            occasions=monthly(10),
            is_done=lambda period: period in met,
        )
    )
    recurring.open_what_falls_due(on=date(2026, 11, 20))
    duty = Duty.objects.get(kind="test.report")
    assert recurring.close_what_is_done() == 0
    met.append("November 2026")
    assert recurring.close_what_is_done() == 1
    assert recurring.close_what_is_done() == 0
    duty.refresh_from_db()
    assert duty.discharged_at is not None
    recurring.open_what_falls_due(on=date(2026, 11, 20))
    assert Duty.objects.filter(kind="test.report").count() == 1


def test_monthly_occasions_count_from_the_end_of_the_month(db: None) -> None:
    first, second, *_ = monthly(10)(date(2026, 11, 20))
    assert (first.period, first.due_on) == ("November 2026", date(2026, 12, 14))
    assert (second.period, second.due_on) == ("December 2026", date(2027, 1, 15))


# The personal calendar


def make_address(client: Client) -> str:
    client.post("/calendar/address/")
    page = client.get("/calendar/").content.decode()
    found = re.search(r"http://testserver(/calendar/[^<]+\.ics)", page)
    assert found is not None
    assert found[1] not in client.get("/calendar/").content.decode(), "it is shown once"
    return found[1]


def test_the_calendar_holds_what_for_you_holds(community: Community) -> None:
    client = community.client("pma_chair")
    response = Client().get(make_address(client))
    assert response.headers["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(response.content)
    titles = [str(event["summary"]) for event in calendar.walk("VEVENT")]
    person = community.person("pma_chair")
    dated = (
        Duty.objects.open().held_by(list(Holding.objects.filter(person=person))).filter(due_at__isnull=False)
    )
    assert sorted(t for t in titles if t.endswith(")")) == sorted(f"{d.title} ({d.clause})" for d in dated)


def test_an_ended_address_is_not_found(community: Community) -> None:
    client = community.client("secretariat")
    first = make_address(client)
    assert first.split("/")[-1].removesuffix(".ics") not in str(list(feeds.CalendarAddress.objects.values()))
    second = make_address(client)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    client.post("/calendar/address/end/")
    assert Client().get(second).status_code == 404
    assert Client().get("/calendar/guessed.ics").status_code == 404


def test_an_address_ends_with_the_office(community: Community) -> None:
    address = make_address(community.client("auditor"))
    holding = Holding.objects.get(person=community.person("auditor"))
    end_holding(holding_id=holding.pk, reason="Over", by=Actor.owner("the test"))
    assert Client().get(address).status_code == 404
