"""Work announced, cancelled and over; test access; the dates that L4.2 runs from; their pages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from certification.service_interface.entry_testing import end_test_access, grant_test_access
from certification.service_interface.maintenance import (
    announce_window,
    cancel_window,
    end_window,
    record_availability_fact,
)
from certification.service_interface.models import AvailabilityFact, MaintenanceWindow, TestAccess
from certification.service_interface.selectors import has_test_access, obliged_from, window_running
from smki_pma.calendar import clock as the_clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from smki_pma.notices.models import Delivery
from smki_pma.parties.roles import Role
from tests.clock import SetClock
from tests.samples.certification import Certification
from tests.samples.community import party, person_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BASE = "/certification/interface/"
HOUR = timedelta(hours=1)


def operator(parties: Certification) -> Actor:
    return parties.by(parties.operator, Role.DCC_CA_OPERATOR)


def announce(parties: Certification, **other: Any) -> MaintenanceWindow:
    start = the_clock.now() + timedelta(days=60)
    arguments: dict[str, Any] = {
        "starts_at": start,
        "ends_at": start + 2 * HOUR,
        "is_planned": True,
        "live_down": True,
        "test_down": True,
        "what": "New database",
        "by": operator(parties),
    }
    return announce_window(**(arguments | other))


def told(person: Any) -> list[str]:
    rows = Delivery.objects.filter(person=person, notice__clause="H8.3").order_by("notice__sent_at")
    return list(rows.values_list("notice__subject", flat=True))


@pytest.mark.clause("L4.2", "H8.3")
def test_work_is_announced_to_those_who_use_the_interface_and_recorded_for_all(
    parties: Certification,
) -> None:
    tester = party("Novice Networks")
    nora = person_in("party-officer", "Nora Novice", for_party=tester)
    stranger = person_in("party-officer", "Stan Stranger", for_party=party("Other Energy"))
    grant_test_access(party_id=tester.pk, purpose="Entry testing", by=parties.by_registrar)
    window = announce(parties)
    for person in (parties.officer, nora):
        assert told(person) == ["Maintenance announced: SMKI Service Interface"]
    assert told(stranger) == []
    entry = EntryText.objects.get(subject_id=str(window.pk))
    assert (entry.event, entry.audience, entry.clause) == ("maintenance.announced", "public", "L4.2")


@pytest.mark.clause("H8.3")
def test_planned_maintenance_is_refused_at_short_notice_or_beyond_the_hours(parties: Certification) -> None:
    soon = the_clock.now() + timedelta(days=3)
    with pytest.raises(RuleViolation, match="Working Days ahead"):
        announce(parties, starts_at=soon, ends_at=soon + HOUR)
    other = announce(parties, starts_at=soon, ends_at=soon + HOUR, is_planned=False)
    assert not other.is_planned
    first = announce(
        parties, starts_at=datetime(2027, 3, 10, tzinfo=UTC), ends_at=datetime(2027, 3, 10, 5, tzinfo=UTC)
    )
    more = {"starts_at": datetime(2027, 3, 20, tzinfo=UTC), "ends_at": datetime(2027, 3, 20, 2, tzinfo=UTC)}
    with pytest.raises(RuleViolation, match="March 2027 would come to 7 hours"):
        announce(parties, **more)
    cancel_window(window_id=first.pk, by=operator(parties))
    announce(parties, **more)


@pytest.mark.clause("H8.3")
def test_only_dccs_operators_announce_and_only_what_lies_ahead_is_cancelled(
    parties: Certification, clock: SetClock
) -> None:
    for nobody in (parties.by(), parties.by_registrar):
        with pytest.raises(NotEntitled):
            announce(parties, by=nobody)
    window = announce(parties)
    with pytest.raises(RuleViolation, match="not running"):
        end_window(window_id=window.pk, by=operator(parties))
    clock.set(window.starts_at)
    with pytest.raises(RuleViolation, match="not begun"):
        cancel_window(window_id=window.pk, by=operator(parties))
    assert window_running("live", at=window.starts_at) == window
    clock.set(window.starts_at + HOUR)
    end_window(window_id=window.pk, by=operator(parties), at=window.starts_at + HOUR)
    assert window_running("live", at=window.starts_at + HOUR) is None
    window.refresh_from_db()
    # What availability is measured against: the announced span stays, the real end stands beside it.
    assert (window.ends_at - window.starts_at, window.until - window.starts_at) == (2 * HOUR, HOUR)
    with pytest.raises(RuleViolation, match="not running"):
        end_window(window_id=window.pk, by=operator(parties))


@pytest.mark.clause("L4.2")
def test_what_was_announced_stands_in_the_database(parties: Certification) -> None:
    window = announce(parties)
    for change in ({"ends_at": window.ends_at + HOUR}, {"is_planned": False}, {"live_down": False}):
        with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
            MaintenanceWindow.objects.filter(pk=window.pk).update(**change)


@pytest.mark.clause("L4.2(a)", "L4.2(b)")
def test_the_dates_of_availability_are_records_that_stand(parties: Certification) -> None:
    kind = AvailabilityFact.Kind
    assert obliged_from() is None
    common = {"source": "Direction of 1 July 2026", "by": operator(parties)}
    record_availability_fact(kind=kind.SERVICES, starts_on=date(2026, 11, 1), **common)
    record_availability_fact(kind=kind.SERVICES, starts_on=date(2026, 12, 1), **common)
    record_availability_fact(
        kind=kind.TESTING, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 30), extent="Device", **common
    )
    assert obliged_from() == date(2026, 12, 1)
    assert AvailabilityFact.objects.count() == 3
    with pytest.raises(RuleViolation, match="not before"):
        record_availability_fact(
            kind=kind.TESTING, starts_on=date(2026, 9, 2), ends_on=date(2026, 9, 1), **common
        )
    with pytest.raises(NotEntitled):
        record_availability_fact(
            kind=kind.SERVICES, starts_on=date(2026, 12, 1), source="Me", by=parties.by_registrar
        )
    with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
        AvailabilityFact.objects.update(starts_on=date(2020, 1, 1))


@pytest.mark.clause("L4.1(b)")
def test_test_access_is_dccs_to_give_and_to_end(parties: Certification, clock: SetClock) -> None:
    tester = party("Novice Networks")
    nora = person_in("party-officer", "Nora Novice", for_party=tester)
    until = the_clock.now() + timedelta(days=10)
    for nobody in (parties.by(), parties.by(nora), operator(parties)):
        with pytest.raises(NotEntitled):
            grant_test_access(party_id=tester.pk, purpose="Mine", by=nobody)
    first = grant_test_access(party_id=tester.pk, purpose="Round 1", ends_at=until, by=parties.by_registrar)
    assert has_test_access(tester.pk)
    with pytest.raises(RuleViolation, match="already"):
        grant_test_access(party_id=tester.pk, purpose="Round 2", by=parties.by_registrar)
    clock.set(until)
    assert not has_test_access(tester.pk)
    with pytest.raises(RuleViolation, match="ended already"):
        end_test_access(access_id=first.pk, reason="", by=parties.by_registrar)
    second = grant_test_access(party_id=tester.pk, purpose="Round 2", by=parties.by_registrar)
    end_test_access(access_id=second.pk, reason="Passed", by=parties.by_registrar)
    assert not has_test_access(tester.pk)
    assert TestAccess.objects.count() == 2
    assert EntryText.objects.filter(subject_id=str(second.pk), audience="party").count() == 2


@pytest.mark.clause("L4.2")
def test_everybody_sees_announced_work_signed_in_or_not(
    parties: Certification, client: Any, clock: SetClock
) -> None:
    window = announce(parties)
    page = client.get(f"{BASE}maintenance/").content.decode()
    assert "New database" in page
    assert "Announce work" not in page
    client.force_login(parties.operator, backend=BACKEND)
    client.post(f"{BASE}maintenance/{window.pk}/cancel/")
    client.logout()
    assert "Void" in client.get(f"{BASE}maintenance/").content.decode()


@pytest.mark.clause("H8.3")
def test_work_is_announced_on_the_page_in_london_time(parties: Certification, client: Any) -> None:
    client.force_login(parties.operator, backend=BACKEND)
    address = f"{BASE}maintenance/announce/"
    key = str(client.get(address).context["form"]["submission_key"].value())
    fields = {"submission_key": key, "kind": "planned", "what": "Patches", "down": "live"}
    for name, (day, month, year, time) in {
        "starts_at": ("1", "7", "2027", "22:00"),
        "ends_at": ("2", "7", "2027", "1:00"),
    }.items():
        fields |= {f"{name}_{place}": part for place, part in enumerate((day, month, year, time))}
    answer = client.post(address, fields)
    assert answer.status_code == 302, answer.content.decode()
    window = MaintenanceWindow.objects.get()
    assert window.starts_at == datetime(2027, 7, 1, 21, 0, tzinfo=UTC)
    assert (window.live_down, window.test_down) == (True, False)
