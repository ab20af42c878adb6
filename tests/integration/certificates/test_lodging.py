"""What is lodged, by whom, and that it stays as it was."""

import pytest
from django.db import DatabaseError, connection, transaction

from certification.authorities.profiles import CertificateKind as Profile
from repository.certificates.kinds import CertificateKind, Status
from repository.certificates.models import Certificate
from repository.certificates.services import lodge_certificate, set_certificate_status
from smki_pma.clauses import NotEntitled, RuleViolation
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import UngovernedWrite, writing_for_tests
from smki_pma.ledger.models import Entry
from smki_pma.parties.roles import DCC_STAFF, Role
from tests.samples.authority_keys import Hierarchy
from tests.samples.community import actor, everybody

pytestmark = pytest.mark.django_db
OWNER = Actor.owner("the test")


def lodge(kind=CertificateKind.DEVICE, by=OWNER, der=None, **changes):
    der = der or Hierarchy().certificate(Profile(kind.value), **changes)
    return lodge_certificate(der=der, kind=kind.value, environment="test", by=by)


@pytest.mark.clause("L5.1", "L5.3")
@pytest.mark.parametrize("kind", list(CertificateKind))
def test_every_kind_is_lodged_with_one_entry(kind):
    before = Entry.objects.count()

    certificate = lodge(kind)

    assert certificate.status == Status.IN_USE
    assert Entry.objects.count() == before + 1


@pytest.mark.clause("L3.5")
def test_lodging_the_same_bytes_again_changes_nothing():
    der = Hierarchy().certificate(Profile.DEVICE)
    first = lodge(der=der)
    before = Entry.objects.count()

    assert lodge(der=der).pk == first.pk
    assert Entry.objects.count() == before


@pytest.mark.clause("L3.5")
def test_one_issuer_uses_a_serial_number_once():
    hierarchy, serial = Hierarchy(), bytes.fromhex("41" * 16)
    lodge(der=hierarchy.certificate(Profile.DEVICE, serial=serial))

    with pytest.raises(RuleViolation, match="serial number"):
        lodge(der=hierarchy.certificate(Profile.DEVICE, serial=serial))
    assert Certificate.objects.count() == 1


@pytest.mark.clause("L3.5")
def test_the_database_holds_the_serial_number_too():
    first = lodge()
    first.pk, first.sha256 = None, "0" * 64

    with pytest.raises(DatabaseError), transaction.atomic(), writing_for_tests():
        first.save(force_insert=True)


@pytest.mark.clause("L5.3", "L5.4")
@pytest.mark.parametrize("role", [*sorted(set(Role) - DCC_STAFF), Role.DCC_DOCUMENT_OWNER])
def test_nobody_else_lodges(role):
    person = everybody()[role.value]
    before = Entry.objects.count()

    with pytest.raises(NotEntitled):
        lodge(by=actor(person, role))

    assert not Certificate.objects.exists()
    assert Entry.objects.count() == before


@pytest.mark.clause("L5.3")
def test_not_even_the_pma_by_resolution_lodges_a_certificate():
    from uuid import uuid4

    by = Actor.pma(uuid4(), "R-1", actor(everybody()["pma_chair"], Role.PMA_CHAIR))

    with pytest.raises(NotEntitled):
        lodge(by=by)


@pytest.mark.clause("L5.4")
def test_no_route_around_the_service():
    certificate = lodge()

    with pytest.raises(UngovernedWrite):
        certificate.save()
    with pytest.raises(UngovernedWrite):
        Certificate.objects.update(status="N")
    with pytest.raises(UngovernedWrite):
        Certificate.objects.bulk_create([Certificate()])


@pytest.mark.clause("L5.1")
@pytest.mark.parametrize(
    "change",
    ["der = 'x'", "serial = 'AA'", "eui64 = 'AA'", "sha256 = 'AA'", "kind = 'x'", "lodged_by = 'me'"],
)
def test_the_database_refuses_to_change_what_was_lodged(change):
    lodge()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE certificates_certificate SET {change}")


@pytest.mark.clause("L5.1")
def test_the_database_refuses_to_delete():
    lodge()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM certificates_certificate")


def test_bytes_of_another_kind_are_refused():
    with pytest.raises(RuleViolation, match="not a Certificate of this kind"):
        lodge(CertificateKind.ORGANISATION, der=Hierarchy().certificate(Profile.DEVICE))
    with pytest.raises(RuleViolation):
        lodge(der=b"nonsense")


@pytest.mark.clause("L3.5")
def test_a_status_moves_and_a_revoked_certificate_stays_revoked():
    certificate = lodge(CertificateKind.ORGANISATION)

    set_certificate_status(certificate_id=certificate.pk, status="R", by=OWNER)
    certificate.refresh_from_db()
    assert (certificate.status, certificate.status_changed_at is None) == (Status.REVOKED, False)
    with pytest.raises(RuleViolation, match="stays revoked"):
        set_certificate_status(certificate_id=certificate.pk, status="I", by=OWNER)


@pytest.mark.clause("L3.5")
def test_a_device_certificate_is_never_revoked():
    certificate = lodge()

    with pytest.raises(RuleViolation, match="never revoked"):
        set_certificate_status(certificate_id=certificate.pk, status="R", by=OWNER)
