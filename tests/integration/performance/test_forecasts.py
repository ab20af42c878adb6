"""Providing forecasts: who, for which months, in time or late; the duty; use beside the forecast."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from certification.batches.models import Batch
from certification.performance import rules
from certification.performance.models import Forecast, ForecastMonth
from certification.performance.rules import Expected, compute_months
from certification.performance.selectors import (
    Standing,
    comparison,
    in_force,
    in_force_for_all,
    sent_by_month,
    standing_of,
)
from certification.performance.services import PROVIDE, provide_forecast
from certification.performance.tasks import settle
from certification.requests.models import CertificateRequest
from certification.subscribers.rules import Ground, Policy
from certification.subscribers.services import withdraw_subscriber
from smki_pma.calendar import clock as the_clock
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.duties.recurring import open_what_falls_due
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from tests.clock import SetClock
from tests.samples.certification import Certification, authorise, complete_tests
from tests.samples.community import party, person_in

DECEMBER = datetime(2026, 12, 10, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def numbers(count: int = 10, *, on: date | None = None) -> list[Expected]:
    return [Expected(month, count, count * 10, 1) for month in compute_months(on or the_clock.today())]


def provide(parties: Certification, count: int = 10) -> Forecast:
    return provide_forecast(party_id=parties.subscriber.pk, expected=numbers(count), by=parties.by())


def entries() -> list[str]:
    return list(EntryText.objects.filter(event="forecast.provided").values_list("event", flat=True))


@pytest.mark.clause("L8.7")
def test_a_forecast_is_kept_with_its_months_and_one_entry(parties: Certification, clock: SetClock) -> None:
    clock.set(DECEMBER)
    forecast = provide(parties)
    assert (forecast.answers, forecast.due_on, forecast.is_late) == (
        "December 2026",
        date(2026, 12, 21),
        False,
    )
    months = list(forecast.months.all())
    assert [each.month for each in months] == list(compute_months(DECEMBER.date()))
    assert {(each.single, each.batched, each.device, each.total) for each in months} == {(10, 100, 110, 111)}
    assert len(entries()) == 1


@pytest.mark.clause("L8.7")
def test_after_the_fifteenth_working_day_it_is_late_and_starts_later(
    parties: Certification, clock: SetClock
) -> None:
    clock.set(datetime(2026, 12, 21, 23, 59, tzinfo=UTC))
    assert not provide_in_savepoint(parties).is_late
    clock.set(datetime(2027, 1, 5, 9, 0, tzinfo=UTC))
    late = provide(parties)
    assert (late.answers, late.is_late) == ("December 2026", True)
    assert late.months.first().month == date(2027, 2, 1)  # type: ignore[union-attr]


def provide_in_savepoint(parties: Certification) -> Forecast:
    """Provide, look at it, and take it back."""
    with transaction.atomic():
        forecast = provide(parties)
        transaction.set_rollback(True)
    return forecast


@pytest.mark.clause("L8.7")
def test_a_revision_counts_for_its_months_and_leaves_the_first_as_it_was(
    parties: Certification, clock: SetClock
) -> None:
    clock.set(DECEMBER)
    first = provide(parties, 10)
    clock.set(datetime(2027, 1, 20, tzinfo=UTC))
    revision = provide(parties, 99)
    assert revision.answers == ""
    latest = in_force(parties.subscriber.pk, [date(2027, 1, 1), date(2027, 2, 1), date(2027, 9, 1)])
    assert {month: each.single for month, each in latest.items()} == {
        date(2027, 1, 1): 10,
        date(2027, 2, 1): 99,
        date(2027, 9, 1): 99,
    }
    before = in_force(parties.subscriber.pk, [date(2027, 2, 1)], at=DECEMBER + timedelta(days=1))
    assert before[date(2027, 2, 1)].single == 10
    assert first.months.count() == 8


@pytest.mark.clause("L8.7")
def test_no_month_that_has_begun_can_be_forecast(parties: Certification, clock: SetClock) -> None:
    clock.set(DECEMBER)
    for wrong in (numbers(on=date(2026, 11, 30)), numbers(on=date(2027, 1, 1)), numbers()[:7]):
        with pytest.raises(RuleViolation, match="from January 2027 to August 2027"):
            provide_forecast(party_id=parties.subscriber.pk, expected=wrong, by=parties.by())
    assert not Forecast.objects.exists()


@pytest.mark.clause("L8.7")
def test_only_an_officer_of_a_device_subscriber_provides_one(parties: Certification, clock: SetClock) -> None:
    clock.set(DECEMBER)
    other = party("Hollow Meters")
    officer = person_in("party-officer", "Olive Other", for_party=other)
    with pytest.raises(NotEntitled):
        provide_forecast(party_id=parties.subscriber.pk, expected=numbers(), by=parties.by(officer))
    with pytest.raises(NotEntitled):
        provide_forecast(party_id=parties.subscriber.pk, expected=numbers(), by=parties.by_registrar)
    with pytest.raises(RuleViolation, match="Authorised Subscriber under the Device"):
        provide_forecast(party_id=other.pk, expected=numbers(), by=parties.by(officer))
    assert not Forecast.objects.exists()


@pytest.mark.clause("L8.7")
@pytest.mark.parametrize("model", [Forecast, ForecastMonth])
def test_the_database_keeps_what_was_provided(parties: Certification, clock: SetClock, model: Any) -> None:
    clock.set(DECEMBER)
    provide(parties)
    for change in (lambda rows: rows.delete(), lambda rows: rows.update(**{_column(model): None})):
        with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
            change(model.objects.all())


def _column(model: Any) -> str:
    return "due_on" if model is Forecast else "single"


def duties(parties: Certification) -> list[Duty]:
    return list(Duty.objects.open().filter(kind=PROVIDE, party=parties.subscriber))


@pytest.mark.clause("L8.7")
def test_the_duty_opens_in_its_month_and_is_discharged_by_this_partys_forecast_alone(
    parties: Certification, clock: SetClock
) -> None:
    other = party("Second Supply")
    complete_tests(other)
    officer = person_in("party-officer", "Sia Second", for_party=other)
    clock.set(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    authorise(parties, other, officer, Policy.DEVICE)
    open_what_falls_due()
    assert not duties(parties)
    clock.set(datetime(2026, 12, 3, 9, 0, tzinfo=UTC))
    open_what_falls_due()
    [duty] = duties(parties)
    assert duty.due_at == datetime(2026, 12, 22, 0, 0, tzinfo=UTC)
    assert duty.title == "Provide the forecast of December 2026"
    provide(parties)
    assert not duties(parties)
    assert Duty.objects.open().filter(kind=PROVIDE).count() == 1


@pytest.mark.clause("L8.7")
def test_who_forecast_in_the_month_before_the_duty_opened_owes_nothing(
    parties: Certification, clock: SetClock
) -> None:
    clock.set(datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    provide(parties)
    clock.set(datetime(2026, 12, 4, 9, 0, tzinfo=UTC))
    open_what_falls_due()
    assert not duties(parties)


@pytest.mark.clause("L8.7")
def test_a_subscriber_of_the_running_occasion_owes_it_and_one_that_left_does_not(
    parties: Certification, clock: SetClock
) -> None:
    clock.set(datetime(2026, 12, 3, 9, 0, tzinfo=UTC))
    open_what_falls_due()
    other = party("Late Supply")
    complete_tests(other)
    authorise(parties, other, person_in("party-officer", "Lars Late", for_party=other), Policy.DEVICE)
    settle()
    assert Duty.objects.open().filter(kind=PROVIDE, party=other).count() == 1
    withdrawn = parties.subscriber.authorisations.get(policy="device")
    withdraw_subscriber(subscriber_id=withdrawn.pk, ground=Ground.PARTY_REQUEST, by=parties.by())
    settle()
    settle()
    assert not duties(parties)
    assert Duty.objects.filter(kind=PROVIDE, party=parties.subscriber).get().withdrawn_at


@pytest.mark.clause("L8.7")
def test_a_party_authorised_after_the_day_is_not_late(parties: Certification, clock: SetClock) -> None:
    clock.set(datetime(2027, 1, 8, 9, 0, tzinfo=UTC))
    other = party("New Supply")
    complete_tests(other)
    officer = person_in("party-officer", "Nia New", for_party=other)
    authorise(parties, other, officer, Policy.DEVICE)
    forecast = provide_forecast(party_id=other.pk, expected=numbers(), by=parties.by(officer))
    assert (forecast.answers, forecast.is_late) == ("", False)
    december = rules.compute_occasion(date(2027, 1, 8))
    assert standing_of(other.pk, december, at=the_clock.now()) is Standing.NOTHING_OWED
    assert standing_of(parties.subscriber.pk, december, at=the_clock.now()) is Standing.OVERDUE


def request(parties: Certification, at: datetime, policy: str = "device", environment: str = "live") -> None:
    """One request as handed in, refused: it counts all the same."""
    CertificateRequest(
        party=parties.subscriber,
        policy=policy,
        environment=environment,
        state="refused",
        csr=b"",
        csr_sha256="0" * 64,
        submission_key=uuid4(),
        submitted_at=at,
        submitted_by=parties.officer,
        sent_at=at,
        outcome="error",
    ).save()


def batch(
    parties: Certification, at: datetime, count: int, environment: str = "live", state: str = "queued"
) -> None:
    Batch(
        party=parties.subscriber,
        environment=environment,
        state=state,
        source="portal",
        submission_key=uuid4(),
        file_sha256="0" * 64,
        file_size=1,
        submitted_at=at,
        submitted_by=parties.officer,
        count=count,
    ).save()


@pytest.mark.clause("L8.8")
def test_everything_sent_is_counted_by_london_month_each_request_of_a_batch_too(
    parties: Certification,
) -> None:
    june, july = date(2027, 6, 1), date(2027, 7, 1)
    with writing_for_tests():
        request(parties, datetime(2027, 6, 1, tzinfo=UTC))
        # 23:30 UTC on 30 June is July in London.
        request(parties, datetime(2027, 6, 30, 22, 59, tzinfo=UTC))
        request(parties, datetime(2027, 6, 30, 23, 30, tzinfo=UTC))
        request(parties, datetime(2027, 7, 5, tzinfo=UTC), policy="organisation")
        request(parties, datetime(2027, 7, 6, tzinfo=UTC), environment="test")
        batch(parties, datetime(2027, 6, 15, tzinfo=UTC), 300)
        batch(parties, datetime(2027, 6, 17, tzinfo=UTC), 200, state="rejected")
        batch(parties, datetime(2027, 6, 30, 23, 1, tzinfo=UTC), 70)
        batch(parties, datetime(2027, 6, 16, tzinfo=UTC), 9000, environment="test")
    for party_id in (parties.subscriber.pk, None):
        sent = sent_by_month([june, july], party_id=party_id)
        assert (sent[june].single, sent[june].batched, sent[june].organisation) == (2, 500, 0)
        assert (sent[july].single, sent[july].batched, sent[july].organisation) == (1, 70, 1)
        assert (sent[july].device, sent[july].total) == (71, 72)
    assert sent_by_month([june], party_id=parties.dcc.pk)[june].total == 0


@pytest.mark.clause("L8.8")
def test_use_stands_beside_the_forecast_for_one_party_and_for_all(
    parties: Certification, clock: SetClock
) -> None:
    clock.set(DECEMBER)
    provide(parties, 10)
    other = party("Second Supply")
    complete_tests(other)
    officer = person_in("party-officer", "Sia Second", for_party=other)
    authorise(parties, other, officer, Policy.DEVICE)
    provide_forecast(party_id=other.pk, expected=numbers(1), by=parties.by(officer))
    january = date(2027, 1, 1)
    assert in_force_for_all([january])[january] == Expected(january, 11, 110, 2)
    clock.set(datetime(2027, 1, 15, tzinfo=UTC))
    with writing_for_tests():
        batch(parties, datetime(2027, 1, 10, tzinfo=UTC), 121)
    row = next(
        each
        for each in comparison(party_id=parties.subscriber.pk, on=date(2027, 1, 15))
        if each.month == january
    )
    assert (row.forecast_device, row.share) == (110, 110)
    together = comparison(party_id=None, on=date(2027, 1, 15))
    assert next(each.month for each in together) == date(2026, 10, 1)
    assert len(together) == 3 + 1 + rules.MONTHS_AHEAD
    ahead = [each for each in together if each.month > january]
    assert all(each.sent is None for each in ahead)


@pytest.fixture
def officer(parties: Certification, client: Any) -> Callable[..., Any]:
    client.force_login(parties.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.clause("L8.7")
def test_on_the_pages_a_file_is_looked_at_before_it_is_provided(
    parties: Certification, officer: Any, clock: SetClock, tmp_path: Any
) -> None:
    clock.set(DECEMBER)
    base = f"/certification/forecasts/parties/{parties.subscriber.pk}/"
    template = officer.get(f"{base}template.csv").content
    assert rules.read_table(template) == rules.fill(compute_months(DECEMBER.date()), {})
    file = tmp_path / "forecast.csv"
    file.write_text(rules.write_table(numbers(7)))
    with file.open("rb") as opened:
        looked_at = officer.post(f"{base}upload/", {"file": opened})
    assert looked_at.status_code == 200
    assert not Forecast.objects.exists()
    form = looked_at.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    assert fields["single_2027_01"] == 7
    sent = officer.post(f"{base}provide/", fields | {"note": "From a file"})
    assert sent.status_code == 302
    again = officer.post(f"{base}provide/", fields | {"note": "From a file"})
    assert again["Location"] == sent["Location"]
    forecast = Forecast.objects.get()
    downloaded = officer.get(f"/certification/forecasts/{forecast.pk}/forecast.csv")
    assert rules.read_table(downloaded.content) == numbers(7)
    assert "7 single, 70 batched" in officer.get(base).content.decode()


@pytest.mark.clause("L8.7")
def test_the_list_shows_every_party_with_its_standing_in_as_many_queries_for_one_as_for_more(
    parties: Certification, client: Any, clock: SetClock
) -> None:
    clock.set(DECEMBER)
    client.force_login(parties.registrar, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get("/certification/forecasts/")

    def ask() -> tuple[list[Any], int]:
        with CaptureQueriesContext(connection) as asked:
            return client.get("/certification/forecasts/").context["rows"], len(asked)

    first = provide(parties)
    _, few = ask()
    for number in range(3):
        other = party(f"Other Supply {number}")
        complete_tests(other)
        officer = person_in("party-officer", f"Olga Other {number}", for_party=other)
        authorise(parties, other, officer, Policy.DEVICE)
    provide_forecast(party_id=other.pk, expected=numbers(), by=parties.by(officer))
    clock.advance(timedelta(minutes=1))
    latest = provide_forecast(party_id=other.pk, expected=numbers(5), by=parties.by(officer))

    rows, many = ask()

    assert many == few
    assert [(str(each), forecast, standing) for each, forecast, standing in rows] == [
        ("Bright Energy", first, "provided"),
        ("Other Supply 0", None, "due"),
        ("Other Supply 1", None, "due"),
        ("Other Supply 2", latest, "provided"),
    ]


def test_a_wrong_file_is_refused_with_its_line(
    parties: Certification, officer: Any, clock: SetClock, tmp_path: Any
) -> None:
    clock.set(DECEMBER)
    file = tmp_path / "forecast.csv"
    file.write_text(rules.write_table(numbers())[:-3])
    with file.open("rb") as opened:
        answer = officer.post(
            f"/certification/forecasts/parties/{parties.subscriber.pk}/upload/", {"file": opened}
        )
    assert answer.status_code == 422
    assert "Line 9" in answer.content.decode()
