"""Many who lodge, one certificate log, signed meanwhile (PostgreSQL)."""

import threading
from dataclasses import asdict

import pytest
from django.db import connection, connections

from certification.authorities.profiles import CertificateKind as Profile
from repository.certificates.lodging import ITEM_COLUMNS, Alike, lodge_many
from repository.certificates.models import Certificate
from repository.certificates.reading import read_certificate
from repository.certificates.services import lodge_certificate
from smki_pma.calendar import clock as time
from smki_pma.ledger import checkpoints
from smki_pma.ledger.access import root_access_log
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service
from smki_pma.ledger.integrity import faults
from smki_pma.ledger.logs import CERTIFICATES, LEDGER
from tests.samples.authority_keys import Hierarchy

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway."),
]
OWNER = Actor.owner("the test")
EACH, ROUNDS, CHUNK = 3, 6, 5


@service
def lodge_chunk(*, ders: list[bytes], by: Actor) -> None:
    """As the issuing engine lodges a chunk of a batch."""
    read = [asdict(read_certificate(der, Profile.DEVICE)) for der in ders]
    shared = {name: value for name, value in read[0].items() if name in Alike.__dataclass_fields__}
    items = [
        tuple((columns | {"der": der, "reference": ""})[name] for name in ITEM_COLUMNS)
        for der, columns in zip(ders, read, strict=True)
    ]
    alike = Alike(kind="device", environment="test", **shared)
    lodged = lodge_many(alike=alike, items=items, by=by, at=time.now())  # type: ignore[arg-type]
    subject = Certificate(pk=lodged.ids[0])
    record("chunk.lodged", clause="L5.3(a)", by=by, subject=subject, facts=lodged.facts(), audience="dcc")


def lodge_one(hierarchy: Hierarchy) -> None:
    der = hierarchy.certificate(Profile.DEVICE)
    lodge_certificate(der=der, kind="device", environment="test", by=OWNER)


def lodge_some(hierarchy: Hierarchy) -> None:
    lodge_chunk(ders=[hierarchy.certificate(Profile.DEVICE) for _ in range(CHUNK)], by=OWNER)


def sign(_: Hierarchy) -> None:
    checkpoints.sign_now(CERTIFICATES)
    root_access_log(by=Actor.clock())
    checkpoints.sign_now(LEDGER)


@pytest.mark.clause("L3.5")
def test_those_who_lodge_and_sign_never_wait_in_a_ring_and_leave_no_gap() -> None:
    errors: list[BaseException] = []

    def repeat(act: object) -> None:
        try:
            hierarchy = Hierarchy()
            for _ in range(ROUNDS):
                act(hierarchy)  # type: ignore[operator]
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    acts = [lodge_one] * EACH + [lodge_some] * EACH + [sign] * 2
    threads = [threading.Thread(target=repeat, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    ids = list(Certificate.objects.order_by("id").values_list("id", flat=True))
    assert ids == list(range(1, EACH * ROUNDS * (1 + CHUNK) + 1))
    assert list(faults()) == []
