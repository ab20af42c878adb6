"""From the request for a revocation to the CRL that names the Certificate, and a rejection."""

from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography import x509
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from certification.batches.models import Batch
from certification.requests.services import accept_request
from certification.revocations import rejecting, services
from certification.revocations.models import Rejection, Revocation, RevocationRequest
from certification.revocations.rules import Reason
from certification.revocations.selectors import subscriber_of
from certification.revocations.states import AWAITING_CHECK, BEING_INVESTIGATED, OVERTAKEN, REFUSED, REVOKED
from certification.subscribers.rules import Policy
from repository.certificates.kinds import Status
from repository.certificates.models import RevocationList
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from smki_pma.notices.models import Notice
from smki_pma.parties.roles import Role
from smki_pma.ui.paging import keyset_page
from tests.samples.community import actor, party, person_in
from tests.samples.signing_requests import organisation

pytestmark = pytest.mark.django_db
EVIDENCE = "Called Peter Party back on the number in the register."


def ask(them, certificate, reason=Reason.COMPROMISE, **arguments):
    called = {"explanation": "The key was on a stolen disk.", "by": them.by()} | arguments
    return services.request_revocation(certificate_id=certificate.pk, reason=reason, **called)


def newest_crl():
    """The newest CRL, as a stock parser reads it."""
    stored = RevocationList.objects.filter(list_kind="crl").order_by("-id").first()
    return x509.load_der_x509_crl(bytes(stored.der))


def events():
    rows = EntryText.objects.filter(event__regex=r"^(revocation|certificate|crl|revocation_list|rejection)\.")
    return list(rows.order_by("number").values_list("event", flat=True))


@pytest.mark.clause("L3.4", "L5.1")
def test_from_the_request_to_the_crl(them, certificate, run_jobs):
    assert newest_crl().get_revoked_certificate_by_serial_number(int(certificate.serial, 16)) is None
    before = len(events())
    request = ask(them, certificate)
    assert request.state == AWAITING_CHECK
    assert Duty.objects.open().get(kind="revocation.check").role == Role.DCC_RA_OFFICER
    assert events()[before:] == ["revocation.requested"]

    services.grant_revocation(request_id=request.pk, evidence=EVIDENCE, by=them.by_registrar)
    run_jobs()

    certificate.refresh_from_db()
    request.refresh_from_db()
    assert (certificate.status, request.state) == (Status.REVOKED, REVOKED)
    assert [check["passed"] for check in request.checks] == [True] * 4
    listed = newest_crl().get_revoked_certificate_by_serial_number(int(certificate.serial, 16))
    assert listed.extensions.get_extension_for_class(x509.CRLReason).value.reason == (
        x509.ReasonFlags.key_compromise
    )
    assert events()[before + 1 :] == [
        "certificate.status_set",
        "revocation.granted",
        "revocation_list.lodged",
        "crl.issued",
    ]
    assert not Duty.objects.open().filter(kind="revocation.check").exists()
    assert Notice.objects.filter(subject=f"Certificate {certificate.serial} is revoked").exists()


@pytest.mark.clause("L3.4")
def test_who_may_ask(them, certificate):
    other = person_in("party-officer", "Otto Other", for_party=party("Other Energy"))
    idle = person_in("party-officer", "Ida Idle", for_party=them.subscriber)
    refused = [
        them.by(other),
        them.by(idle),
        Actor.clock(),
        Actor.owner("Olive"),
    ]
    for by in refused:
        with pytest.raises(NotEntitled):
            ask(them, certificate, by=by)
    with pytest.raises(RuleViolation, match="not yours to give"):
        ask(them, certificate, Reason.LOSS_OF_ELIGIBILITY)
    with pytest.raises(RuleViolation, match="not yours to give"):
        ask(them, certificate, Reason.NO_LONGER_NEEDED, by=them.by_registrar)
    assert not RevocationRequest.objects.exists()
    assert ask(them, certificate, Reason.LOSS_OF_ELIGIBILITY, by=them.by_registrar).origin == "dcc"


@pytest.mark.clause("L3.5")
def test_whoever_asked_does_not_check(them, certificate):
    request = ask(them, certificate, by=them.by_registrar)

    for by in (them.by_registrar, them.by(), actor(them.operator, Role.DCC_CA_OPERATOR)):
        with pytest.raises((RuleViolation, NotEntitled)):
            services.grant_revocation(request_id=request.pk, evidence=EVIDENCE, by=by)
    with pytest.raises(RuleViolation, match="how you verified"):
        services.grant_revocation(request_id=request.pk, evidence=" ", by=them.by_second_registrar)
    assert not Revocation.objects.exists()
    services.grant_revocation(request_id=request.pk, evidence=EVIDENCE, by=them.by_second_registrar)
    assert Revocation.objects.get().certificate == certificate


@pytest.mark.clause("L3.4")
def test_a_request_is_refused_with_the_reason_only(them, certificate, run_jobs):
    request = ask(them, certificate)
    with pytest.raises(RuleViolation, match="Every check passes"):
        services.refuse_revocation(request_id=request.pk, by=them.by_registrar)

    services.refuse_revocation(
        request_id=request.pk, provision="RAPP 5.1", explanation="Not signed.", by=them.by_registrar
    )

    request.refresh_from_db()
    assert (request.state, request.refusal) == (REFUSED, "Not signed. (RAPP 5.1)")
    assert Notice.objects.filter(subject__contains="was refused").exists()
    assert ask(them, certificate).state == AWAITING_CHECK


@pytest.mark.clause("L3.4")
def test_an_officer_who_left_cannot_have_it_revoked(them, certificate):
    from certification.subscribers.register import end_officer

    request = ask(them, certificate)
    end_officer(officer_id=them.subscriber.responsible_officers.get().pk, by=them.by_registrar)

    with pytest.raises(RuleViolation, match="no longer may ask"):
        services.grant_revocation(request_id=request.pk, evidence=EVIDENCE, by=them.by_registrar)


@pytest.mark.clause("L3.4")
def test_the_pma_directs_a_revocation(them, certificate, run_jobs):
    asked_before = ask(them, certificate)
    by = Actor.pma(uuid4(), "PMA-2026-11/02", actor(them.operator, Role.DCC_CA_OPERATOR))
    called = {"subject_id": None, "parameters": {"serial": certificate.serial, "reason": "Misuse."}}
    with pytest.raises(NotEntitled):
        services.direct_revocation(**called, by=them.by_registrar)

    request = services.direct_revocation(**called, by=by)

    asked_before.refresh_from_db()
    assert (asked_before.state, request.state) == (OVERTAKEN, AWAITING_CHECK)
    with pytest.raises(RuleViolation, match="directed"):
        services.refuse_revocation(
            request_id=request.pk, provision="X", explanation="No.", by=them.by_registrar
        )
    services.grant_revocation(request_id=request.pk, evidence="The resolution.", by=them.by_registrar)
    run_jobs()
    assert len(newest_crl()) == 1


@pytest.mark.clause("L3.4")
def test_a_rejected_organisation_certificate_is_revoked_at_once(client, them, certificate, run_jobs):
    waiting = ask(them, certificate)

    rejection = rejecting.reject_certificate(
        certificate_id=certificate.pk, explanation="Wrong role.", by=them.by()
    )
    run_jobs()

    waiting.refresh_from_db()
    assert (rejection.state, waiting.state) == (REVOKED, OVERTAKEN)
    assert newest_crl().get_revoked_certificate_by_serial_number(int(certificate.serial, 16)) is not None
    again = rejecting.reject_certificate(certificate_id=certificate.pk, explanation="Again.", by=them.by())
    assert (again.pk, again.explanation) == (rejection.pk, "Wrong role.")
    client.force_login(them.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("requests:request_detail", args=[certificate.request.uid]))
    assert "Revoked since" in page.content.decode()


@pytest.mark.clause("L3.4", "L3.5")
def test_a_rejected_device_certificate_is_investigated_and_never_revoked(them, device_certificate, run_jobs):
    lists = RevocationList.objects.count()
    rejection = rejecting.reject_certificate(
        certificate_id=device_certificate.pk, explanation="Wrong device.", by=them.by()
    )
    run_jobs()
    device_certificate.refresh_from_db()
    assert (rejection.state, device_certificate.status) == (BEING_INVESTIGATED, Status.IN_USE)
    assert (Revocation.objects.count(), RevocationList.objects.count()) == (0, lists)
    assert Duty.objects.open().filter(kind="rejection.investigate").exists()
    for by in (them.by(), them.by_registrar):
        with pytest.raises(RuleViolation, match="never revoked"):
            ask(them, device_certificate, by=by)

    rejecting.conclude_investigation(
        rejection_id=rejection.pk, finding="The request named it.", by=them.by_registrar
    )

    assert not Duty.objects.open().filter(kind="rejection.investigate").exists()
    with pytest.raises(RuleViolation):
        rejecting.conclude_investigation(
            rejection_id=rejection.pk, finding="No, it did not.", by=them.by_second_registrar
        )


@pytest.mark.clause("L3.4")
def test_a_certificate_counts_as_accepted_after_a_while(them, certificate, clock):
    clock.set(certificate.lodged_at + timedelta(hours=24, minutes=1))
    with pytest.raises(RuleViolation, match="counts as accepted"):
        rejecting.reject_certificate(certificate_id=certificate.pk, explanation="Late.", by=them.by())
    assert not Rejection.objects.exists()


@pytest.mark.clause("L3.4")
def test_whoever_is_no_longer_eligible_is_considered(them, certificate):
    from certification.revocations.considering import conclude_consideration
    from certification.subscribers.models import AuthorisedSubscriber
    from certification.subscribers.rules import Ground
    from certification.subscribers.services import withdraw_subscriber

    for subscriber in AuthorisedSubscriber.objects.filter(party=them.subscriber):
        withdraw_subscriber(subscriber_id=subscriber.pk, ground=Ground.PARTY_REQUEST, by=them.by())

    duty = Duty.objects.open().get(kind="revocation.consider")
    assert duty.role == Role.DCC_RA_OFFICER
    with pytest.raises(NotEntitled):
        conclude_consideration(party_id=them.subscriber.pk, finding="None.", by=them.by())
    conclude_consideration(party_id=them.subscriber.pk, finding="None.", by=them.by_registrar)
    assert not Duty.objects.open().filter(kind="revocation.consider").exists()


@pytest.mark.clause("L3.4")
def test_every_certificate_in_force_is_there_to_be_considered(
    them, certificate, client, run_jobs, monkeypatch
):
    monkeypatch.setattr(keyset_page, "__kwdefaults__", {"size": 1})
    request = them.submit(organisation().make(), Policy.ORGANISATION)
    accept_request(request_uid=request.uid, by=them.by_registrar)
    run_jobs()
    request.refresh_from_db()
    client.force_login(them.registrar, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("revocations:consider_party", args=[them.subscriber.pk])
    first = client.get(address)
    assert "2 Organisation Certificates in force" in first.content.decode()
    older = client.get(address, {"before": first.context["page"].older})
    assert [page.context["page"].rows for page in (first, older)] == [[request.certificate], [certificate]]


@pytest.mark.clause("L3.5")
def test_what_is_revoked_stays_revoked(them, certificate):
    request = ask(them, certificate)
    services.grant_revocation(request_id=request.pk, evidence=EVIDENCE, by=them.by_registrar)
    with pytest.raises(RuleViolation):
        ask(them, certificate)
    changes = (
        "DELETE FROM revocations_revocation",
        "UPDATE revocations_revocation SET entry = NULL",
        "UPDATE revocations_revocation SET position = 7",
        "UPDATE revocations_revocationrequest SET state = 'refused'",
        "UPDATE revocations_revocationrequest SET explanation = 'x'",
    )
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


@pytest.mark.clause("L3.5")
def test_the_database_wants_two_people_and_one_open_request(them, certificate):
    request = ask(them, certificate)
    with writing_for_tests():
        request.decided_by_id = request.asked_by_id
        with pytest.raises(IntegrityError), transaction.atomic():
            request.save()
        request.pk, request.decided_by_id = uuid4(), None
        with pytest.raises(IntegrityError), transaction.atomic():
            request.save(force_insert=True)


@pytest.mark.clause("L3.4")
def test_a_certificate_of_a_batch_is_its_subscribers_to_reject(them, device_certificate):
    batch = Batch(
        party=them.subscriber,
        environment="live",
        state="queued",
        source="portal",
        submission_key=uuid4(),
        file_sha256="",
        file_size=1,
        submitted_at=device_certificate.lodged_at,
        submitted_by=them.officer,
    )
    with writing_for_tests():
        batch.save()
    device_certificate.reference = f"batch:{batch.uid}:7"
    device_certificate.pk = 9_999_999  # issued in a batch, so no request is its own
    assert subscriber_of(device_certificate) == them.subscriber
    device_certificate.reference = "authority:x"
    assert subscriber_of(device_certificate) is None
