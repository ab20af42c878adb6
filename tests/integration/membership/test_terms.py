"""Appointments, Member Confirmation, ends, Alternates: through the services and against the database."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from smki_pma.calendar import clock as the_clock
from smki_pma.calendar.working_days import add_working_days, start_of_day
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.governance.membership import services
from smki_pma.governance.membership.selectors import seats_at, with_vacancies_dated
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import Entry, EntryText
from smki_pma.parties.authority import acting_as, roles_of
from smki_pma.parties.models import Holding, Person
from smki_pma.parties.roles import Role
from tests.clock import SetClock
from tests.community import Community
from tests.meeting_objects import (
    ALTERNATE_OF_LARGE_1,
    CHAIR,
    LARGE_1,
    LARGE_2,
    NETWORK,
    SECURITY,
    SPECIALIST,
    UNCONFIRMED,
    person,
    secretariat,
)

pytestmark = pytest.mark.usefixtures("community")
NEWCOMER = "grace.udo@hollin.example"


def seat(key: str) -> Any:
    return next(s for s in with_vacancies_dated(seats_at()) if s.seat.key == key)


def holding(email: str) -> Holding:
    return Holding.objects.get(person__email=email, is_seat=True)


def end(email: str, ground: str = "ceased") -> Holding:
    return services.end_term(holding_id=holding(email).pk, ground=ground, evidence="Letter", by=secretariat())


def appoint(key: str, email: str, starts_on: date, **grounds: Any) -> Holding:
    return services.record_appointment(
        seat=key,
        person_id=person(email).pk,
        starts_on=starts_on,
        decided_on=the_clock.today(),
        decision="Election",
        by=secretariat(),
        **grounds,
    )


CHAIRS = {"finding": "No ties", "remuneration": "Day rate", "holdover_days": 60}


def own(email: str) -> Actor:
    return acting_as(person(email), Role.PMA_CHAIR, Role.PMA_MEMBER, clause="L1.12")


@pytest.mark.clause("C6.9")
def test_a_term_counts_from_the_member_confirmation() -> None:
    assert seat("technical-representative").awaiting.person.email == UNCONFIRMED
    assert Role.PMA_MEMBER not in roles_of(person(UNCONFIRMED))
    before = Entry.objects.count()

    services.confirm_member(
        holding_id=holding(UNCONFIRMED).pk,
        given_on=the_clock.today(),
        employer_letter="Letter",
        by=secretariat(),
    )

    assert Entry.objects.count() == before + 1
    assert Role.PMA_MEMBER in roles_of(person(UNCONFIRMED))
    assert seat("technical-representative").holding.person.email == UNCONFIRMED


@pytest.mark.clause("L1.3")
def test_a_vacancy_is_shown_with_its_date_and_filled_again() -> None:
    end(NETWORK)

    vacant = seat("network")
    assert vacant.is_vacant and the_clock.london_date(vacant.vacant_since) == the_clock.today()
    filled = appoint("network", NEWCOMER, the_clock.today() + timedelta(days=1))
    assert seat("network").awaiting == filled


@pytest.mark.clause("L1.3", "L1.4")
def test_no_second_holder_no_second_office_no_eighth_member() -> None:
    tomorrow = the_clock.today() + timedelta(days=1)
    before = Entry.objects.count()
    with pytest.raises(RuleViolation) as second:
        appoint("network", NEWCOMER, tomorrow)
    end(NETWORK)
    with pytest.raises(RuleViolation) as two:
        appoint("network", LARGE_1, tomorrow)
    with pytest.raises(RuleViolation) as eighth:
        appoint("eighth", NEWCOMER, tomorrow)

    assert [r.value.clause.id for r in (second, two, eighth)] == ["L1.3", "L1.4", "L1.3"]
    assert Entry.objects.count() == before + 1


@pytest.mark.clause("L1.4")
def test_the_database_forbids_what_the_rules_forbid() -> None:
    given = holding(LARGE_1)
    twice = {"person": given.person, "office": holding(NETWORK).office, "is_seat": True}
    with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
        Holding(starts_at=given.starts_at, appointed_by="X", **twice).save()
    one = {"person": person(NEWCOMER), "office": given.office, "is_single": True}
    with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
        Holding(starts_at=given.starts_at, appointed_by="X", **one).save()


@pytest.mark.clause("L1.5")
def test_the_chair_needs_finding_remuneration_and_holdover() -> None:
    end(CHAIR)
    tomorrow = the_clock.today() + timedelta(days=1)
    clauses = []
    for missing in CHAIRS:
        grounds = {key: value for key, value in CHAIRS.items() if key != missing}
        with pytest.raises(RuleViolation) as refused:
            appoint("chair", NEWCOMER, tomorrow, **grounds)
        clauses.append(refused.value.clause.id)

    assert clauses == ["L1.5(a)", "L1.5(c)", "L1.5(e)"]
    made = appoint("chair", NEWCOMER, tomorrow, **CHAIRS)
    assert (made.ends_at - made.term_ends_at).days == 60
    assert made.term_ends_at == start_of_day(tomorrow.replace(year=tomorrow.year + 3))


@pytest.mark.clause("L1.5(e)")
def test_the_chair_stays_on_until_the_successor_takes_office(clock: SetClock) -> None:
    term_end = holding(CHAIR).term_ends_at
    assert term_end is not None
    clock.set(term_end + timedelta(days=10))
    assert seat("chair").holding.person.email == CHAIR and seat("chair").is_holdover

    successor = appoint("chair", NEWCOMER, the_clock.today(), **CHAIRS)
    assert seat("chair").holding.person.email == CHAIR
    services.confirm_member(
        holding_id=successor.pk, given_on=the_clock.today(), employer_letter="", by=secretariat()
    )

    assert seat("chair").holding.person.email == NEWCOMER and not seat("chair").is_holdover


@pytest.mark.clause("L1.5(e)", "L1.6")
def test_holdover_ends_by_itself_and_elected_members_have_none(clock: SetClock) -> None:
    elected_end, chair_end = holding(LARGE_1).ends_at, holding(CHAIR).ends_at
    assert elected_end is not None and chair_end is not None
    clock.set(elected_end)
    assert seat("large-supplier-1").is_vacant
    clock.set(chair_end)
    assert seat("chair").is_vacant


@pytest.mark.clause("L1.10")
def test_a_representative_is_replaced_by_prior_notice_and_has_no_term() -> None:
    today = the_clock.today()
    assert holding(SECURITY).ends_at is None
    with pytest.raises(RuleViolation, match="prior notice"):
        appoint("security-representative", NEWCOMER, today, notice_on=today + timedelta(days=1))

    appoint("security-representative", NEWCOMER, today + timedelta(days=1), notice_on=today)

    assert holding(SECURITY).ends_at is None, "until the replacement is confirmed"


def confirm(waiting: Holding) -> Holding:
    return services.confirm_member(
        holding_id=waiting.pk, given_on=the_clock.today(), employer_letter="Letter", by=secretariat()
    )


@pytest.mark.clause("L1.10", "C6.9")
@pytest.mark.parametrize("days", [-3, 0, 3])
def test_a_representative_stays_until_the_replacement_is_confirmed(clock: SetClock, days: int) -> None:
    today = the_clock.today()
    starts_on = today + timedelta(days=days)
    new = appoint("security-representative", NEWCOMER, starts_on, notice_on=starts_on)
    assert seat("security-representative").awaiting == new
    clock.set(start_of_day(today + timedelta(days=4)))
    assert seat("security-representative").holding.person.email == SECURITY

    confirm(new)

    assert seat("security-representative").holding == new
    assert Holding.objects.get(pk=new.pk).starts_at == holding(SECURITY).ends_at
    entry = EntryText.objects.filter(event="member.confirmed").latest("number")
    assert "Daniel Osei" in entry.content


@pytest.mark.clause("L1.10", "C6.9")
def test_a_replacement_confirmed_early_takes_office_on_its_first_day(clock: SetClock) -> None:
    today = the_clock.today()
    first_day = today + timedelta(days=3)
    new = appoint("security-representative", NEWCOMER, first_day, notice_on=today)
    confirm(new)
    assert seat("security-representative").holding.person.email == SECURITY

    clock.set(start_of_day(first_day))

    assert seat("security-representative").holding == new


@pytest.mark.clause("L1.10")
def test_a_sub_committee_that_names_another_withdraws_who_waits() -> None:
    today = the_clock.today()
    first = appoint("security-representative", NEWCOMER, today, notice_on=today)
    second = appoint("security-representative", "zoe.finch@dunlin.example", today, notice_on=today)

    assert seat("security-representative").awaiting == second
    assert not Duty.objects.open().filter(kind="membership.confirm", subject_id=str(first.pk)).exists()
    with pytest.raises(RuleViolation, match="ended"):
        confirm(first)
    confirm(second)
    assert seat("security-representative").holding == second
    with pytest.raises(RuleViolation) as himself:
        appoint(
            "security-representative", "zoe.finch@dunlin.example", today + timedelta(days=1), notice_on=today
        )
    assert himself.value.clause.id == "L1.3"


@pytest.mark.clause("L1.3", "L1.10")
def test_the_database_lets_one_replacement_wait_and_none_count_beside_the_holder() -> None:
    today = the_clock.today()
    new = appoint("security-representative", NEWCOMER, today, notice_on=today)
    with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
        Holding.objects.filter(pk=new.pk).update(is_single=True)
    third = Holding(office=new.office, person=person("zoe.finch@dunlin.example"), is_seat=True)
    third.starts_at, third.appointed_by = new.starts_at, "X"
    with writing_for_tests(), pytest.raises(DatabaseError), transaction.atomic():
        third.save()


@pytest.mark.clause("L1.6", "C5.19")
def test_resignation_needs_notice_and_takes_the_alternate_along() -> None:
    last = add_working_days(the_clock.today(), 10)
    early = {"ground": "resigned", "evidence": "E-mail", "last_day": last - timedelta(days=1)}
    with pytest.raises(RuleViolation, match="at the earliest"):
        services.end_term(holding_id=holding(LARGE_1).pk, by=own(LARGE_1), **early)
    with pytest.raises(NotEntitled):
        services.end_term(holding_id=holding(LARGE_2).pk, by=own(LARGE_1), **early)

    services.end_term(holding_id=holding(LARGE_1).pk, by=own(LARGE_1), **early | {"last_day": last})

    alternate = Holding.objects.get(person__email=ALTERNATE_OF_LARGE_1)
    assert alternate.ends_at == Holding.objects.get(person__email=LARGE_1).ends_at


@pytest.mark.clause("L1.10")
def test_a_replacement_ends_the_term_on_the_last_day_of_its_notice(clock: SetClock) -> None:
    today = the_clock.today()
    notice = {"holding_id": holding(SECURITY).pk, "ground": "replaced", "evidence": "Notice"}
    for wrong in (None, today - timedelta(days=1)):
        with pytest.raises(RuleViolation) as refused:
            services.end_term(**notice, last_day=wrong, by=secretariat())
        assert (refused.value.clause.id, refused.value.field) == ("L1.10", "last_day")

    services.end_term(**notice, last_day=today + timedelta(days=60), by=secretariat())

    assert seat("security-representative").holding.person.email == SECURITY
    clock.set(start_of_day(today + timedelta(days=61)))
    assert seat("security-representative").is_vacant


@pytest.mark.clause("L1.6")
def test_what_ends_a_term_at_once_takes_no_last_day() -> None:
    with pytest.raises(RuleViolation, match="at once") as refused:
        services.end_term(
            holding_id=holding(LARGE_1).pk,
            ground="ceased",
            evidence="Letter",
            last_day=the_clock.today() + timedelta(days=60),
            by=secretariat(),
        )
    assert refused.value.field == "last_day"
    assert holding(LARGE_1).ended_reason == ""


@pytest.mark.clause("C5.19")
def test_an_alternate_falls_with_the_seat() -> None:
    assert Role.ALTERNATE in roles_of(person(ALTERNATE_OF_LARGE_1))
    end(LARGE_1)

    assert Role.ALTERNATE not in roles_of(person(ALTERNATE_OF_LARGE_1))


@pytest.mark.clause("L1.12(a)")
def test_the_specialist_is_the_chairs_alternate_without_an_act() -> None:
    assert [h.person.email for h in seat("chair").alternates] == [SPECIALIST]
    end(CHAIR)
    assert seat("chair").alternates == ()


@pytest.mark.clause("L1.12(b)", "L1.12(c)")
def test_alternates_are_appointed_and_refused_with_their_sub_clause() -> None:
    for email in ("carla.mendes@brightwater.example", LARGE_1):
        with pytest.raises(RuleViolation) as refused:
            services.appoint_alternate(person_id=person(email).pk, by=own(LARGE_2))
        assert refused.value.clause.id in ("L1.12(c)", "C5.19")
    with pytest.raises(RuleViolation) as grounds:
        services.appoint_alternate(person_id=person(NEWCOMER).pk, by=own(CHAIR))
    assert grounds.value.clause.id == "L1.12(b)"
    with pytest.raises(NotEntitled):
        services.appoint_alternate(person_id=person(NEWCOMER).pk, by=secretariat())

    made = services.appoint_alternate(person_id=person(NEWCOMER).pk, by=own(LARGE_2))

    with pytest.raises(RuleViolation, match="You have an Alternate"):
        services.appoint_alternate(person_id=person("zoe.finch@dunlin.example").pk, by=own(LARGE_2))
    with pytest.raises(NotEntitled):
        services.withdraw_alternate(holding_id=made.pk, by=own(LARGE_1))
    services.withdraw_alternate(holding_id=made.pk, by=own(LARGE_2))
    assert Role.ALTERNATE not in roles_of(Person.objects.get(email=NEWCOMER))


@pytest.mark.clause("L1.3", "L1.16")
def test_everybody_sees_members_vacancies_and_that_the_specialist_is_not_protected(
    community: Community, client: Any
) -> None:
    end(NETWORK)

    page = client.get("/members/").content.decode()

    assert "Margaret Ashdown" in page and "Vacant since" in page
    assert "awaiting Member Confirmation" in page and "C3.12" in page
