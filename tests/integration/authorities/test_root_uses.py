"""Each later use of a root's key is a ceremony of two people: roll-over of an Issuing Authority, and the ARL."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from certification.authorities import issuing, lists, making, services, states
from certification.authorities.models import Authority, Ceremony, Intent
from certification.authorities.profiles import CertificateKind
from certification.authorities.rules import Purpose
from certification.authorities.scripts import hash_facts
from certification.authorities.selectors import active_authority
from certification.authorities.services import (
    abandon_ceremony,
    complete_ceremony,
    end_authority,
    prepare_ceremony,
)
from certification.revocations import publishing
from certification.revocations.revoking import revoke
from certification.revocations.rules import Reason
from repository.certificates.models import Certificate, RevocationList
from smki_pma import files
from smki_pma.calendar.clock import now
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.duties.models import Duty
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.models import EntryText
from smki_pma.parties.roles import Role
from smki_pma.records.selectors import records_about
from tests.clock import SetClock
from tests.samples.certification import Certification
from tests.samples.certification_fixtures import *
from tests.samples.operators import Operators, revoke_active

RunJobs = Callable[[], int]
CLOCK = Actor.clock()
OCA, DCA, ROOT = CertificateKind.ISSUING_OCA, CertificateKind.ISSUING_DCA, CertificateKind.ROOT_OCA


class Killed(BaseException):
    """As if the worker were killed here."""


def active(kind: CertificateKind) -> Authority:
    found = active_authority(kind, "live")
    assert found is not None
    return found


def events() -> list[str]:
    return list(EntryText.objects.order_by("number").values_list("event", flat=True))


@pytest.fixture
def established(them: Certification) -> Operators:
    """The Authorities of the live environment, and the people who may make others."""
    return Operators(first=them.operator, second=them.second_operator, registrar=them.registrar)


@pytest.mark.clause("L3.5", "L3.1")
def test_a_roll_over(established: Operators, run_jobs: RunJobs) -> None:
    before, root = active(OCA), active(ROOT)
    ceremony = established.approved(established.roll_over(before, "O2"))
    run_jobs()
    ceremony.refresh_from_db()
    before.refresh_from_db()
    successor = active(OCA)
    assert (ceremony.state, ceremony.purpose, ceremony.root) == (states.DONE, Purpose.ROLL_OVER, root)
    assert (successor.common_name, successor.parent, successor.ceremony) == ("O2", root, ceremony)
    assert before.state == states.SUPERSEDED
    certificate = x509.load_der_x509_certificate(successor.certificate_der)
    certificate.verify_directly_issued_by(x509.load_der_x509_certificate(root.certificate_der))
    assert Certificate.objects.filter(sha256=successor.certificate_sha256, kind="issuing_oca").exists()
    assert {active(kind).common_name for kind in (ROOT, DCA)} == {"R2", "D1"}
    assert [each["issuer"] for each in ceremony.transcript["lists"]] == ["O2"]
    assert ceremony.transcript["root"] == root.title
    assert ceremony.transcript_sha256 == hash_facts(ceremony.transcript)


@pytest.mark.clause("L3.5", "L5.1")
def test_the_superseded_authority_goes_on_signing_its_list(established: Operators, run_jobs: RunJobs) -> None:
    before = active(OCA)
    established.approved(established.roll_over(before, "O2"))
    run_jobs()
    before.refresh_from_db()
    publishing.issue_crl(authority_id=before.pk, cause=publishing.BY_HAND, by=CLOCK)
    crl = x509.load_der_x509_crl(bytes(RevocationList.objects.latest("id").der))
    issuer = x509.load_der_x509_certificate(before.certificate_der)
    assert crl.issuer == issuer.subject
    assert crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]


@pytest.mark.clause("L3.5", "L5.1")
def test_an_arl(established: Operators, run_jobs: RunJobs, clock: SetClock) -> None:
    root = active(ROOT)
    clock.advance(timedelta(days=300))
    ceremony = established.approved(established.arl(root))
    run_jobs()
    ceremony.refresh_from_db()
    root.refresh_from_db()
    assert ceremony.state == states.DONE
    assert root.last_list_number == 2
    lodged = RevocationList.objects.latest("id")
    assert (lodged.list_kind, lodged.number) == ("arl", "2")
    [made] = ceremony.transcript["lists"]
    assert (made["kind"], made["sha256"]) == ("arl", lodged.sha256)
    assert ceremony.transcript["authorities"] == []
    assert not ceremony.authorities.exists()


def test_the_record_names_the_root(established: Operators, run_jobs: RunJobs) -> None:
    ceremony = established.approved(established.arl(active(ROOT)))
    run_jobs()
    text = PdfReader(files.store.open_verified(records_about(ceremony).get().sha256)).pages[0].extract_text()
    assert "with the key of the Root OCA R2" in text
    assert "Otto Operator" in text


@pytest.mark.clause("L3.5")
def test_one_person_uses_no_root_key(established: Operators, run_jobs: RunJobs) -> None:
    for planned in (established.arl(active(ROOT)), established.roll_over(active(OCA), "O2")):
        established.approve(planned, established.first)
        with pytest.raises(RuleViolation, match="Another"):
            established.approve(planned, established.first)
        run_jobs()
        with pytest.raises(RuleViolation):
            prepare_ceremony(ceremony_id=planned.pk, by=CLOCK)
    assert active(ROOT).last_list_number == 1
    assert active(OCA).common_name == "O1"


@pytest.mark.clause("L3.5")
def test_a_root_signs_nothing_outside_a_ceremony(established: Operators) -> None:
    root = active(ROOT)
    intent = Intent.objects.get(reference=making.intent_reference(active(OCA)))
    with pytest.raises(RuleViolation, match="two operators"):
        issuing.sign(intent)
    with writing_for_tests(), transaction.atomic(), pytest.raises(RuleViolation, match="two operators"):
        lists.issue_list(root, by=CLOCK, at=root.activated_at)
    assert active(ROOT).last_list_number == 1


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize("purpose", [Purpose.ROLL_OVER, Purpose.ARL])
@pytest.mark.parametrize("place", ["issue_list", "hash_facts"])
def test_killed_after_the_root_has_signed(
    established: Operators, monkeypatch: pytest.MonkeyPatch, purpose: Purpose, place: str
) -> None:
    """Nothing of the first attempt is left; the second signs the bytes that were committed to."""
    planned = (
        established.arl(active(ROOT)) if purpose is Purpose.ARL else established.roll_over(active(OCA), "O2")
    )
    ceremony = prepare_ceremony(ceremony_id=established.approved(planned).pk, by=CLOCK)
    before = (Certificate.objects.count(), RevocationList.objects.count(), active(ROOT).last_list_number)
    module = services if place == "hash_facts" else making.lists
    real = getattr(module, place)

    def die(*arguments: Any, **named: Any) -> None:
        real(*arguments, **named)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, place, die)
        with pytest.raises(Killed):
            complete_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    assert active(OCA).common_name == "O1"
    assert before == (
        Certificate.objects.count(),
        RevocationList.objects.count(),
        active(ROOT).last_list_number,
    )
    committed = {bytes(intent.tbs) for intent in Intent.objects.all()}
    complete_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    complete_ceremony(ceremony_id=ceremony.pk, by=CLOCK)
    assert RevocationList.objects.count() == before[1] + 1
    issued = x509.load_der_x509_certificate(active(OCA).certificate_der)
    assert issued.tbs_certificate_bytes in committed
    assert active(OCA).common_name == ("O1" if purpose is Purpose.ARL else "O2")


@pytest.mark.clause("L3.5")
def test_plans_that_break_a_rule(established: Operators) -> None:
    registrar = established.by(established.registrar, Role.DCC_RA_OFFICER)
    for plan in (
        lambda: established.roll_over(active(OCA), "O2", by=registrar),
        lambda: established.arl(active(ROOT), by=registrar),
    ):
        with pytest.raises(NotEntitled):
            plan()
    for wrong in (
        lambda: established.roll_over(active(ROOT), "O2"),
        lambda: established.roll_over(active(OCA), "O1"),
        lambda: established.roll_over(active(OCA), "toolong"),
        lambda: established.roll_over(active(OCA), "O2", witnesses=[]),
        lambda: established.arl(active(OCA)),
        lambda: established.arl(active(ROOT), witnesses=[]),
    ):
        with pytest.raises(RuleViolation):
            wrong()
    assert Ceremony.objects.count() == 1, "only the one that made the Authorities"


def test_one_unfinished_ceremony_of_each_sort(established: Operators) -> None:
    """An ARL must not wait behind a ceremony that is only planned."""
    established.roll_over(active(OCA), "O2")
    arl = established.arl(active(ROOT))
    with pytest.raises(RuleViolation, match="not finished"):
        established.roll_over(active(DCA), "D2")
    with pytest.raises(RuleViolation, match="not finished"):
        established.arl(active(ROOT))
    established.arl(active(CertificateKind.ROOT_DCA))
    abandon_ceremony(ceremony_id=arl.pk, reason="Again.", by=established.by(established.first))
    established.arl(active(ROOT))


def test_the_database_keeps_it_so(established: Operators) -> None:
    planned = established.arl(active(ROOT))
    values = {field.attname: getattr(planned, field.attname) for field in Ceremony._meta.concrete_fields}
    del values["id"]
    for changed in ({"reference": "KC-2"}, {"reference": "KC-2", "root_id": None}):
        with writing_for_tests(), pytest.raises(IntegrityError), transaction.atomic():
            Ceremony(**(values | changed)).save()
    with writing_for_tests(), pytest.raises(DatabaseError, match="final"), transaction.atomic():
        Ceremony.objects.filter(pk=planned.pk).update(purpose=Purpose.ROLL_OVER.value)


@pytest.mark.clause("L3.5")
def test_a_root_that_was_superseded_meanwhile_issues_no_authority(
    established: Operators, run_jobs: RunJobs
) -> None:
    planned = established.roll_over(active(OCA), "O2")
    root = active(ROOT)
    with writing_for_tests():
        Authority.objects.filter(pk=root.pk).update(state=states.SUPERSEDED)
    established.approved(planned)
    run_jobs()
    planned.refresh_from_db()
    assert planned.state == states.FAILED
    assert "superseded" in planned.reason
    root.refresh_from_db()
    established.approved(established.arl(root))
    run_jobs()
    root.refresh_from_db()
    assert root.last_list_number == 2


@pytest.mark.clause("L3.5", "L5.1")
def test_a_revoked_authority_comes_onto_the_arl_by_two_people(
    established: Operators, run_jobs: RunJobs
) -> None:
    """From the revocation to the duty, the script that names it, and the list."""
    issuer, root = active(OCA), active(ROOT)
    certificate = Certificate.objects.get(sha256=issuer.certificate_sha256)
    with writing_for_tests(), transaction.atomic():
        revoke(certificate, Reason.COMPROMISE, by=CLOCK, at=now())
    issuer.refresh_from_db()
    assert issuer.state == states.REVOKED
    duty = Duty.objects.open().get(kind=lists.LIST_DUE)
    assert duty.url == reverse("authorities:plan_root_use", args=[root.pk])
    planned = established.arl(root)
    assert issuer.serial in " ".join(planned.script)
    established.approved(planned)
    run_jobs()
    arl = x509.load_der_x509_crl(bytes(RevocationList.objects.filter(list_kind="arl").latest("id").der))
    assert [f"{entry.serial_number:032X}" for entry in arl] == [issuer.serial]
    assert not Duty.objects.open().filter(kind=lists.LIST_DUE).exists()


@pytest.mark.clause("L3.5")
def test_a_revoked_authority_issues_nothing(established: Operators) -> None:
    issuer, by = active(OCA), established.by(established.first)
    with pytest.raises(NotEntitled):
        end_authority(
            authority_id=issuer.pk,
            reason="Compromise",
            by=established.by(established.registrar, Role.DCC_RA_OFFICER),
        )
    with pytest.raises(RuleViolation, match="root"):
        end_authority(authority_id=issuer.parent_id, reason="Compromise", by=by)
    before = events()
    end_authority(authority_id=issuer.pk, reason="Compromise", by=by)
    assert events() == [*before, "authority.revoked"]
    assert active_authority(OCA, "live") is None


@pytest.mark.clause("L3.5")
@pytest.mark.parametrize("kind", [OCA, DCA])
def test_a_revoked_authority_is_replaced_under_its_root(
    established: Operators, run_jobs: RunJobs, client: Client, kind: CertificateKind
) -> None:
    """Neither the root nor the other hierarchy is replaced, and it can be done once."""
    revoked = revoke_active(kind)
    client.force_login(established.first, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = reverse("authorities:show_authority", args=[revoked.pk])
    plan = reverse("authorities:plan_roll_over", args=[revoked.pk])
    assert plan in client.get(page).content.decode()
    assert "is revoked and issues nothing" in client.get(plan).content.decode()

    planned = established.roll_over(revoked, "N2")
    assert "which is revoked" in " ".join(planned.script)
    established.approved(planned)
    run_jobs()

    successor = active(kind)
    assert (successor.common_name, successor.parent_id) == ("N2", revoked.parent_id)
    revoked.refresh_from_db()
    assert revoked.state == states.REVOKED
    assert plan not in client.get(page).content.decode()
    with pytest.raises(RuleViolation, match="no active successor"):
        established.roll_over(revoked, "N3")


@pytest.mark.clause("L3.5")
def test_nothing_is_replaced_under_a_root_that_is_superseded(established: Operators) -> None:
    revoked = revoke_active(OCA)
    with writing_for_tests():
        Authority.objects.filter(pk=revoked.parent_id).update(state=states.SUPERSEDED)
    with pytest.raises(RuleViolation, match="under a root that is active"):
        established.roll_over(revoked, "O2")
