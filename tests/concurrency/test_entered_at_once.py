"""What is entered twice at one moment: the second is refused, numbered after the first, or finds it."""

from typing import Any

import pytest
from django.db import connection

from repository.drafts.models import Draft
from repository.drafts.services import submitting
from smki_pma.calendar import clock
from smki_pma.clauses import RuleViolation
from smki_pma.duties import acts
from smki_pma.duties.models import Duty
from smki_pma.governance.meetings import convening, services
from smki_pma.governance.meetings.models import Meeting
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.parties import services as registering
from smki_pma.parties.models import Organisation, Party, Person
from smki_pma.parties.roles import Role
from tests.samples.community import actor, everybody
from tests.samples.cps import Story
from tests.together import at_once, in_the_middle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> dict[str, Person]:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL: SQLite has one writer at a time anyway")
    return everybody()


@pytest.mark.clause("L9.9(a)")
def test_of_two_initial_drafts_one_is_submitted(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(people)

    first, second = in_the_middle(
        monkeypatch, submitting, "check_checklist", of=story.submit, do=lambda: story.submit("Another text.")
    )

    assert isinstance(first, Draft) and isinstance(second, RuleViolation), (first, second)
    assert Draft.objects.count() == 1


@pytest.mark.clause("L9.11(a)")
def test_of_two_proposals_of_amendments_one_is_submitted(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(people)
    story.in_force()

    first, second = in_the_middle(
        monkeypatch, submitting, "add_amendment", of=story.propose_later, do=story.propose_later
    )

    assert isinstance(first, Draft) and isinstance(second, RuleViolation), (first, second)
    assert Draft.objects.count() == 2


@pytest.mark.clause("L1.15")
def test_meetings_called_at_once_have_numbers_of_their_own(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    by, starts_at = actor(people["secretariat"], Role.SECRETARIAT), clock.now()

    def call() -> Meeting:
        return services.call_meeting(starts_at=starts_at, place="London", by=by)

    called = in_the_middle(monkeypatch, convening, "record", of=call, do=call)
    called += at_once(call, call, call)

    assert [type(each) for each in called] == [Meeting] * 5, called
    assert sorted(each.number for each in called) == [1, 2, 3, 4, 5]


@pytest.mark.clause("L1.12(c)")
def test_of_two_regroupings_that_make_a_circle_one_is_refused(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    by = actor(people["secretariat"], Role.SECRETARIAT)
    one, two = (registering.record_organisation(name=name, by=by) for name in ("One plc", "Two plc"))

    def put(under: Organisation, moved: Organisation) -> Organisation:
        return registering.regroup_organisation(organisation_id=moved.pk, parent_id=under.pk, by=by)

    first, second = in_the_middle(
        monkeypatch, registering, "record", of=lambda: put(one, two), do=lambda: put(two, one)
    )

    assert isinstance(first, Organisation) and isinstance(second, RuleViolation), (first, second)
    assert Organisation.objects.get(pk=one.pk).parent_id is None


@service
def owe(*, subject: Any, by: Actor) -> Duty:
    duty = acts.open_duty(
        kind="test.duty", clause="L1.15", title="A duty", subject=subject, role=Role.SECRETARIAT
    )
    record("test.owed", clause="L1.15", by=by, subject=duty, audience="pma")
    return duty


@pytest.mark.clause("L1.15")
def test_a_duty_that_two_acts_open_is_one_duty(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    by, subject = Actor.owner("the test"), Party.objects.first()

    first, second = in_the_middle(
        monkeypatch,
        acts,
        "current_act_id",
        of=lambda: owe(subject=subject, by=by),
        do=lambda: owe(subject=subject, by=by),
    )

    assert isinstance(first, Duty) and first == second, (first, second)
    assert Duty.objects.filter(kind="test.duty").count() == 1
