"""Who holds what when: the database keeps L1.3, L1.4 and L1.12, and authority follows the holding."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from smki_pma.clauses import NotEntitled
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import UngovernedWrite, writing_for_tests
from smki_pma.parties import authority
from smki_pma.parties.models import Holding, Office, Organisation, Person
from smki_pma.parties.roles import Role
from smki_pma.parties.selectors import people_holding

START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 11, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def person(name: str) -> Person:
    return Person.objects.create(name=name, email=f"{name.lower()}@example.test")


def hold(office_key: str, holder: Person, **values: object) -> Holding:
    office = Office.objects.get(key=office_key)
    row = Holding(
        office=office,
        person=holder,
        appointed_by="the test",
        is_single=office.single,
        is_seat=bool(office.seat_kind),
        **{"starts_at": START, "confirmed_at": START} | values,
    )
    with writing_for_tests():
        row.save()
    return row


def refused_by_the_database(office_key: str, holder: Person, **values: object) -> bool:
    try:
        with transaction.atomic():
            hold(office_key, holder, **values)
    except DatabaseError:
        return True
    return False


@pytest.mark.clause("L1.3")
def test_there_are_seven_seats_of_three_kinds() -> None:
    kinds = list(Office.objects.exclude(seat_kind="").values_list("seat_kind", flat=True))

    assert sorted(kinds) == ["chair", *["elected"] * 4, *["representative"] * 2]


@pytest.mark.clause("L1.3")
def test_a_seat_has_one_holder_at_a_time() -> None:
    hold("network", person("Ada"), ends_at=LATER)

    assert refused_by_the_database("network", person("Ben"), starts_at=LATER - timedelta(seconds=1))
    assert not refused_by_the_database("network", person("Cas"), starts_at=LATER)


@pytest.mark.clause("L1.4")
def test_nobody_holds_two_seats_at_once() -> None:
    ada = person("Ada")
    hold("network", ada, ends_at=LATER)

    assert refused_by_the_database("chair", ada, starts_at=START + timedelta(days=1))
    assert not refused_by_the_database("chair", ada, starts_at=LATER)


@pytest.mark.clause("L1.4")
def test_a_change_cannot_make_two_terms_overlap() -> None:
    ada = person("Ada")
    first = hold("network", ada, ends_at=LATER)
    hold("chair", ada, starts_at=LATER)
    first.ends_at = None

    with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
        first.save()


@pytest.mark.clause("L1.12")
def test_a_member_has_one_alternate_at_a_time() -> None:
    seat = hold("network", person("Ada"))
    hold("alternate", person("Ben"), for_holding=seat)

    assert refused_by_the_database("alternate", person("Cas"), for_holding=seat)


@pytest.mark.clause("C6.9")
def test_a_seat_gives_nothing_before_the_member_confirmation() -> None:
    ada = person("Ada")
    hold("network", ada, confirmed_at=LATER)

    assert authority.roles_of(ada, at=LATER - timedelta(seconds=1)) == frozenset()
    assert authority.roles_of(ada, at=LATER) == {Role.PMA_MEMBER}


@pytest.mark.clause("L1.12")
def test_an_alternate_falls_with_the_seat() -> None:
    ben = person("Ben")
    seat = hold("network", person("Ada"), ends_at=LATER)
    hold("alternate", ben, for_holding=seat, confirmed_at=None)

    assert authority.roles_of(ben, at=LATER - timedelta(seconds=1)) == {Role.ALTERNATE}
    assert authority.roles_of(ben, at=LATER) == frozenset()


def test_authority_is_checked_against_the_holding_and_the_moment() -> None:
    ada = person("Ada")
    row = hold("secretariat", ada, ends_at=LATER)
    acting = authority.acting_as(ada, Role.SECRETARIAT, clause="L1.10", at=START)

    assert authority.require(acting, Role.SECRETARIAT, clause="L1.10", at=START) == row
    with pytest.raises(NotEntitled, match="has ended"):
        authority.require(acting, Role.SECRETARIAT, clause="L1.10", at=LATER)
    with pytest.raises(NotEntitled, match="Only the SMKI PMA Chair"):
        authority.require(acting, Role.PMA_CHAIR, clause="L1.13", at=START)


def test_a_claimed_office_is_not_believed() -> None:
    ada, ben = person("Ada"), person("Ben")
    row = hold("secretariat", ada)
    forged = Actor(person_id=ben.pk, name=ben.name, role="secretariat", holding_id=row.pk)

    with pytest.raises(NotEntitled):
        authority.require(forged, Role.SECRETARIAT, clause="L1.10")


def test_the_pma_acts_only_by_resolution() -> None:
    ada = person("Ada")
    hold("chair", ada)
    chair = authority.acting_as(ada, Role.PMA_CHAIR, clause="L1.5")

    with pytest.raises(NotEntitled, match="carried resolution"):
        authority.require_resolution(chair, clause="L9.9(b)")


def test_there_is_no_superuser() -> None:
    ada = person("Ada")
    ada.is_superuser = True  # type: ignore[assignment]

    assert Person._meta.get_fields() != [] and "is_superuser" not in {
        f.name for f in Person._meta.get_fields()
    }
    assert authority.roles_of(ada) == frozenset()


def test_an_inactive_person_has_no_role() -> None:
    ada = person("Ada")
    hold("secretariat", ada)
    ada.is_active = False
    with writing_for_tests():
        ada.save()

    assert authority.roles_of(ada) == frozenset()
    assert people_holding(Role.SECRETARIAT) == []


def test_nothing_is_written_outside_a_service() -> None:
    with pytest.raises(UngovernedWrite):
        Organisation(name="Nowhere Ltd").save()
    with pytest.raises(UngovernedWrite):
        Organisation.objects.update(name="Nowhere Ltd")


def test_affiliates_share_the_head_of_the_group() -> None:
    with writing_for_tests():
        head = Organisation.objects.create(name="Head plc")
        one = Organisation.objects.create(name="One Ltd", parent=head)
        two = Organisation.objects.create(name="Two Ltd", parent=one)
        other = Organisation.objects.create(name="Other Ltd")

    assert two.is_affiliate_of(one) and head.is_affiliate_of(two)
    assert not other.is_affiliate_of(two)
