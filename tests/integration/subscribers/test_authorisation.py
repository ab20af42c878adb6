"""From application to authorisation, refusal and withdrawal."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from certification.subscribers.models import (
    Application,
    AuthorisedSubscriber,
    Eui64Range,
    ResponsibleOfficer,
    VerificationStep,
)
from certification.subscribers.register import assign_range, end_range, nominate_officer, verify_officer
from certification.subscribers.rules import Ground, Policy, steps_for
from certification.subscribers.selectors import authorisation, is_responsible_officer
from certification.subscribers.services import (
    apply_to_subscribe,
    authorise_subscriber,
    record_step,
    refuse_application,
    withdraw_subscriber,
)
from certification.subscribers.states import AUTHORISED, IN_VERIFICATION, REFUSED, WITHDRAWN
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from smki_pma.notices.models import Delivery
from smki_pma.parties.roles import Role
from tests.samples.certification import Certification, complete_tests
from tests.samples.community import actor, party, person_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def them(db):
    """DCC's officers and a Party that has completed its tests and applied for nothing."""
    dcc, bright = party("DCC", "dcc", tests_confirmed=False), party("Bright Energy")
    complete_tests(bright)
    return Certification(
        dcc=dcc,
        subscriber=bright,
        officer=person_in("party-officer", "Peter Party", for_party=bright),
        registrar=person_in("dcc-ra-officer", "Rob Registrar", for_party=dcc),
        second_registrar=person_in("dcc-ra-officer", "Rita Registrar", for_party=dcc),
        operator=person_in("dcc-ca-operator", "Olga Operator", for_party=dcc),
        second_operator=person_in("dcc-ca-operator", "Otto Operator", for_party=dcc),
    )


def apply(them, policy=Policy.DEVICE, **changes):
    called = {"party_id": them.subscriber.pk, "officer_ids": [them.officer.pk], "by": them.by()} | changes
    return apply_to_subscribe(policy=policy, **called)


def record_all(them, application, met=True, but=()):
    for step in steps_for(Policy(application.policy)):
        if step.key not in but:
            record_step(
                application_id=application.pk, step=step.key, met=met, evidence="Seen.", by=them.by_registrar
            )


def last_event():
    return EntryText.objects.order_by("-number").first().event


@pytest.mark.clause("L3.2", "L3.3")
def test_two_officers_authorise(them):
    application = apply(them)
    assert (application.state, last_event()) == (IN_VERIFICATION, "subscriber.applied")
    assert not is_responsible_officer(them.officer.pk, them.subscriber.pk)
    record_all(them, application)

    with pytest.raises(RuleViolation, match="Another"):
        authorise_subscriber(application_id=application.pk, by=them.by_registrar)
    subscriber = authorise_subscriber(application_id=application.pk, by=them.by_second_registrar)

    application.refresh_from_db()
    assert (application.state, last_event()) == (AUTHORISED, "subscriber.authorised")
    assert authorisation(them.subscriber.pk, Policy.DEVICE) == subscriber
    assert is_responsible_officer(them.officer.pk, them.subscriber.pk)
    assert not Duty.objects.open().filter(kind="subscriber.verify").exists()
    assert Delivery.objects.filter(person=them.officer).exists()


@pytest.mark.clause("L3.3")
def test_each_policy_on_its_own(them):
    them.authorise(them.subscriber, them.officer, Policy.DEVICE)

    assert authorisation(them.subscriber.pk, Policy.DEVICE)
    assert authorisation(them.subscriber.pk, Policy.ORGANISATION) is None


@pytest.mark.clause("L3.3")
def test_dcc_becomes_a_subscriber_the_same_way(them):
    complete_tests(them.dcc)
    officer = person_in("party-officer", "Dan Subscriber", for_party=them.dcc)

    them.authorise(them.dcc, officer, Policy.DEVICE)

    assert authorisation(them.dcc.pk, Policy.DEVICE)


@pytest.mark.clause("L7.1", "L3.2")
@pytest.mark.parametrize(
    ("confirmed", "policy"), [("repository", Policy.DEVICE), ("device", Policy.ORGANISATION)]
)
def test_each_purpose_is_gated_on_its_own(them, confirmed, policy):
    fresh = party("Fresh Energy", tests_confirmed=False)
    setattr(fresh, f"{confirmed}_tests_confirmed_at", them.subscriber.device_tests_confirmed_at)
    with writing_for_tests():
        fresh.save()
    officer = person_in("party-officer", "Fran Fresh", for_party=fresh)

    with pytest.raises(RuleViolation) as refused:
        apply(
            them, policy, party_id=fresh.pk, officer_ids=[officer.pk], by=actor(officer, Role.PARTY_OFFICER)
        )

    assert refused.value.clause.id == "L7.1(a)"
    assert not Application.objects.exists()


@pytest.mark.clause("L3.2")
def test_nobody_applies_for_another_party(them):
    stranger = person_in("party-officer", "Stan Stranger", for_party=party("Other Energy"))

    for by in (actor(stranger, Role.PARTY_OFFICER), them.by_registrar):
        with pytest.raises(NotEntitled):
            apply(them, by=by)
    assert not Application.objects.exists()


def test_not_twice_at_once(them):
    apply(them)

    with pytest.raises(RuleViolation, match="being verified"):
        apply(them)
    second = Application.objects.get()
    second.pk = uuid4()
    with pytest.raises(IntegrityError), transaction.atomic(), writing_for_tests():
        second.save(force_insert=True)


def test_not_again_once_authorised(them):
    subscriber = them.authorise(them.subscriber, them.officer, Policy.DEVICE)

    with pytest.raises(RuleViolation, match="already"):
        apply(them)
    with pytest.raises(IntegrityError), transaction.atomic(), writing_for_tests():
        AuthorisedSubscriber(
            party=subscriber.party,
            policy=Policy.DEVICE,
            application=Application.objects.create(
                party=subscriber.party,
                policy=Policy.DEVICE,
                state=REFUSED,
                applied_at=subscriber.authorised_at,
                applied_by=them.officer,
            ),
            authorised_at=subscriber.authorised_at,
        ).save()


@pytest.mark.clause("L3.3")
def test_a_refusal_names_the_step(them):
    application = apply(them)
    record_all(them, application, but={"nomination"})
    with pytest.raises(RuleViolation, match="no ground"):
        refuse_application(application_id=application.pk, by=them.by_second_registrar)
    record_step(
        application_id=application.pk,
        step="nomination",
        met=False,
        evidence="Not signed.",
        by=them.by_registrar,
    )

    refused = refuse_application(application_id=application.pk, by=them.by_second_registrar)

    assert (refused.state, refused.reason) == (REFUSED, "Not met: Nomination of responsible officers.")
    assert apply(them).state == IN_VERIFICATION


@pytest.mark.clause("L3.3")
def test_a_later_finding_replaces_an_earlier_one_on_record(them):
    application = apply(them)
    record_all(them, application, met=False)
    record_all(them, application, met=True)

    authorise_subscriber(application_id=application.pk, by=them.by_second_registrar)

    assert VerificationStep.objects.count() == 2 * len(steps_for(Policy.DEVICE))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE subscribers_verificationstep SET met = TRUE")


def test_a_step_needs_evidence_and_must_belong_to_the_policy(them):
    application = apply(them)

    for step, evidence in (("party", " "), ("identifiers", "Seen."), ("nonsense", "Seen.")):
        with pytest.raises(RuleViolation):
            record_step(
                application_id=application.pk, step=step, met=True, evidence=evidence, by=them.by_registrar
            )
    assert not VerificationStep.objects.exists()


@pytest.mark.clause("L3.4")
def test_organisation_needs_identifiers_that_are_assigned(them):
    application = apply(them, Policy.ORGANISATION)
    called = {"application_id": application.pk, "step": "identifiers", "met": True, "evidence": "Seen."}

    with pytest.raises(RuleViolation, match="Assign a range first"):
        record_step(**called, by=them.by_registrar)
    assign_range(
        party_id=them.subscriber.pk, first="A" * 16, last="A" * 16, role_codes=[2], by=them.by_registrar
    )
    record_step(**called, by=them.by_registrar)


@pytest.mark.clause("L3.3")
def test_only_registrars_verify_and_decide(them):
    application = apply(them)
    record_all(them, application)

    for by in (them.by(), actor(them.operator, Role.DCC_CA_OPERATOR)):
        with pytest.raises(NotEntitled):
            record_step(application_id=application.pk, step="party", met=True, evidence="Seen.", by=by)
        with pytest.raises(NotEntitled):
            authorise_subscriber(application_id=application.pk, by=by)


@pytest.mark.clause("L3.4")
def test_dcc_withdraws_only_on_a_ground_that_stands_in_the_code(them):
    subscriber = them.authorise(them.subscriber, them.officer, Policy.DEVICE)
    called = {"subscriber_id": subscriber.pk, "by": them.by_registrar}

    for ground, reference in ((Ground.PARTY_REQUEST, "x"), (Ground.RAPP, "")):
        with pytest.raises(RuleViolation):
            withdraw_subscriber(**called, ground=ground, reference=reference)
    withdraw_subscriber(**called, ground=Ground.RAPP, reference="RAPP 6.2")

    assert authorisation(them.subscriber.pk, Policy.DEVICE) is None
    subscriber.application.refresh_from_db()
    assert subscriber.application.state == WITHDRAWN
    assert apply(them).state == IN_VERIFICATION


@pytest.mark.clause("L3.4")
def test_one_party_at_most_has_an_identifier(them):
    other = party("Other Energy")
    called = {"role_codes": [2], "by": them.by_registrar}
    span = assign_range(party_id=them.subscriber.pk, first="00" * 8, last="00" * 7 + "FF", **called)

    with pytest.raises(RuleViolation, match="assigned already"):
        assign_range(party_id=other.pk, first="00" * 7 + "FF", last="01" * 8, **called)
    end_range(range_id=span.pk, by=them.by_registrar)
    assign_range(party_id=other.pk, first="00" * 7 + "FF", last="01" * 8, **called)

    assert Eui64Range.objects.filter(ended_at__isnull=True).count() == 1


@pytest.mark.parametrize("first", ["", "12", "GG" * 8])
def test_an_identifier_that_cannot_be_read_is_refused(them, first):
    with pytest.raises(RuleViolation, match="EUI-64"):
        assign_range(
            party_id=them.subscriber.pk, first=first, last="00" * 8, role_codes=[2], by=them.by_registrar
        )


@pytest.mark.clause("L3.3")
def test_a_further_officer_is_verified_before_acting(them):
    them.authorise(them.subscriber, them.officer, Policy.DEVICE)
    second = person_in("party-officer", "Sally Second", for_party=them.subscriber)
    stranger = person_in("party-officer", "Stan Stranger", for_party=party("Other Energy"))

    with pytest.raises(RuleViolation):
        nominate_officer(party_id=them.subscriber.pk, person_id=stranger.pk, by=them.by())
    officer = nominate_officer(party_id=them.subscriber.pk, person_id=second.pk, by=them.by())
    assert nominate_officer(party_id=them.subscriber.pk, person_id=second.pk, by=them.by()) == officer
    assert not is_responsible_officer(second.pk, them.subscriber.pk)
    verify_officer(officer_id=officer.pk, by=them.by_registrar)

    assert is_responsible_officer(second.pk, them.subscriber.pk)
    assert ResponsibleOfficer.objects.filter(party=them.subscriber).count() == 2
