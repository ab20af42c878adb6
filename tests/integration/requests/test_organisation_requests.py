"""An Organisation Certificate: checked by a Registration Authority officer, then issued or refused."""

from datetime import timedelta

import pytest
from cryptography import x509

from certification.requests.models import Outcome
from certification.requests.selectors import organisation_checks, queue
from certification.requests.services import accept_request, refuse_request
from certification.requests.states import AWAITING_CHECK, BEING_ISSUED, ISSUED, REFUSED
from certification.subscribers.models import Eui64Range
from certification.subscribers.register import assign_range, end_range
from certification.subscribers.rules import Policy
from repository.certificates.models import Certificate
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.notices.models import Delivery
from smki_pma.parties.roles import Role
from tests.samples.certification import complete_tests, hold
from tests.samples.community import actor, person_in
from tests.samples.signing_requests import organisation

pytestmark = pytest.mark.django_db
ORGANISATION = Policy.ORGANISATION
OUTSIDE = bytes.fromhex("0011223344556677")


def failed(request):
    return {check.key for check in organisation_checks(request) if not check.passed}


@pytest.mark.clause("L3.4", "L8.1")
def test_checked_accepted_and_issued(them, run_jobs, clock):
    request = them.submit(organisation(common_name="Bright").make(), ORGANISATION)
    assert request.state == AWAITING_CHECK
    assert request.received_at is None
    assert list(queue()) == [request]
    clock.advance(timedelta(hours=3))

    accepted = accept_request(request_uid=request.uid, by=them.by_registrar)
    assert accepted.deadline_at - accepted.received_at == timedelta(seconds=30)
    run_jobs()

    request.refresh_from_db()
    assert (request.state, request.outcome) == (ISSUED, Outcome.CERTIFICATE)
    assert request.received_at - request.submitted_at >= timedelta(hours=3)
    certificate = x509.load_der_x509_certificate(bytes(request.certificate.der))
    assert "OU=02" in certificate.subject.rfc4514_string()
    assert (request.certificate.role_code, request.certificate.eui64) == (2, "90B3D51F30010000")


def test_the_duty_to_check_is_open_until_the_decision(them):
    request = them.submit(organisation().make(), ORGANISATION)
    duties = Duty.objects.open().filter(kind="request.check", subject_id=str(request.pk))
    assert duties.get().role == Role.DCC_RA_OFFICER

    accept_request(request_uid=request.uid, by=them.by_registrar)

    assert not duties.all().exists()


@pytest.mark.clause("L3.4")
@pytest.mark.parametrize(
    ("recipe", "check"),
    [
        (organisation(eui64=OUTSIDE), "assigned"),
        (organisation(role="03"), "role"),
        (organisation(role="87"), "role"),
    ],
)
def test_a_request_that_fails_a_check_is_not_issued_and_says_why(them, recipe, check):
    request = them.submit(recipe.make(), ORGANISATION)

    assert check in failed(request)
    with pytest.raises(RuleViolation):
        accept_request(request_uid=request.uid, by=them.by_registrar)
    refused = refuse_request(request_uid=request.uid, by=them.by_registrar)
    assert refused.state == REFUSED
    assert refused.reason
    assert refused.outcome == Outcome.ERROR
    assert Delivery.objects.filter(person=them.officer, notice__body__contains=refused.reason).exists()


@pytest.mark.clause("L3.4")
def test_the_identifier_must_be_assigned_to_the_subscriber_that_asks(them):
    complete_tests(them.dcc)
    officer = person_in("party-officer", "Dan Subscriber", for_party=them.dcc)
    assign_range(party_id=them.dcc.pk, first="AA" * 8, last="AA" * 8, role_codes=[4], by=them.by_registrar)
    them.authorise(them.dcc, officer, ORGANISATION)

    others = them.submit(
        organisation("04").make(), ORGANISATION, party_id=them.dcc.pk, by=actor(officer, Role.PARTY_OFFICER)
    )
    own = them.submit(
        organisation("04", bytes.fromhex("AA" * 8)).make(),
        ORGANISATION,
        party_id=them.dcc.pk,
        by=actor(officer, Role.PARTY_OFFICER),
    )

    assert "assigned" in failed(others)
    assert failed(own) == set()


@pytest.mark.clause("L3.4")
def test_an_assignment_that_ended_no_longer_counts(them):
    request = them.submit(organisation().make(), ORGANISATION)
    end_range(range_id=Eui64Range.objects.get(party=them.subscriber).pk, by=them.by_registrar)

    assert failed(request) == {"assigned", "role"}


@pytest.mark.clause("L3.4")
def test_a_request_that_accords_cannot_be_refused_at_will(them):
    request = them.submit(organisation().make(), ORGANISATION)

    with pytest.raises(RuleViolation):
        refuse_request(request_uid=request.uid, explanation="We would rather not.", by=them.by_registrar)

    request.refresh_from_db()
    assert request.state == AWAITING_CHECK


def test_a_refusal_may_rest_on_a_provision_that_is_named(them):
    request = them.submit(organisation().make(), ORGANISATION)

    refused = refuse_request(
        request_uid=request.uid,
        provision="OCP 4.2.2",
        explanation="The letter is missing.",
        by=them.by_registrar,
    )

    assert refused.reason == "The letter is missing. (OCP 4.2.2)"


@pytest.mark.clause("L3.5")
def test_nobody_checks_a_request_that_he_or_she_handed_in(them):
    officer = them.officer
    hold("dcc-ra-officer", officer, them.dcc)
    request = them.submit(organisation().make(), ORGANISATION)

    with pytest.raises(RuleViolation, match="Another Registration Authority officer"):
        accept_request(request_uid=request.uid, by=actor(officer, Role.DCC_RA_OFFICER))


@pytest.mark.clause("L3.4")
def test_only_a_registrar_decides(them):
    request = them.submit(organisation().make(), ORGANISATION)

    for by in (them.by(), actor(them.operator, Role.DCC_CA_OPERATOR)):
        with pytest.raises(NotEntitled):
            accept_request(request_uid=request.uid, by=by)
        with pytest.raises(NotEntitled):
            refuse_request(request_uid=request.uid, by=by)


def test_two_tabs_one_decision(them):
    request = them.submit(organisation().make(), ORGANISATION)
    accept_request(request_uid=request.uid, by=them.by_registrar)

    with pytest.raises(RuleViolation, match="Reload the page"):
        refuse_request(request_uid=request.uid, by=them.by_second_registrar)
    with pytest.raises(RuleViolation, match="Reload the page"):
        accept_request(request_uid=request.uid, by=them.by_second_registrar)

    request.refresh_from_db()
    assert request.state == BEING_ISSUED
    assert not Certificate.objects.filter(kind="organisation").exists()
