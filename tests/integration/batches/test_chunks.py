"""Issuing a chunk: all or nothing, once, exactly what was committed to; whatever stops it on the way."""

import hashlib
from typing import Any

import pytest
from cryptography import x509
from django.db import IntegrityError, transaction

from certification.authorities.encoding import to_be_signed
from certification.authorities.keys import KeyUnavailable
from certification.authorities.lint import LintFailed
from certification.authorities.profiles import KeyUsage
from certification.batches import chunks, issuers, reserving
from certification.batches.models import (
    Batch,
    BatchChunk,
    BatchItem,
    ChunkState,
    Outcome,
)
from certification.engine import intents as frames
from certification.engine.template import Misshapen, TemplateRefused
from certification.requests.models import DeviceCount, UsedPublicKey
from certification.requests.states import BEING_ISSUED, REFUSED
from repository.certificates.lodging import ITEM_COLUMNS
from repository.certificates.reading import read_certificate
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.models import EntryText
from tests.samples.batches import issue, issued_of, nothing_issued
from tests.samples.signing_requests import (
    EUI64,
    KEY_AGREEMENT,
    device,
    key_info,
    new_key,
    organisation,
    point_of,
)
from tests.samples.zips import device_requests

pytestmark = [pytest.mark.django_db, pytest.mark.clause("L3.5")]
CLOCK = Actor.clock()


def items(batch: Batch) -> list[tuple[str, str]]:
    return list(BatchItem.objects.filter(batch=batch).order_by("number").values_list("outcome", "fault_code"))


def devices(batch: Batch) -> list[str]:
    return list(BatchItem.objects.filter(batch=batch).order_by("number").values_list("eui64", flat=True))


def test_every_column_says_what_stands_in_the_certificate(unpacked: Any) -> None:
    files = device_requests(5) | {"agree.csr": device(bytes(8), KEY_AGREEMENT).make()}
    batch = unpacked(files)

    chunk = issue(batch)

    assert chunk.state == ChunkState.DONE
    tbs = frames.unpack(chunk.intents).tbs
    for number, (certificate, request) in enumerate(zip(issued_of(batch), files.values(), strict=True)):
        columns = read_certificate(bytes(certificate.der), "device")
        read = {name: getattr(columns, name) for name in ITEM_COLUMNS if hasattr(columns, name)}
        assert {name: getattr(certificate, name) for name in read} == read
        assert certificate.issuer == columns.issuer
        assert to_be_signed(bytes(certificate.der)) == tbs[number]
        item = BatchItem.objects.get(batch=batch, number=number)
        assert (item.certificate_id, item.eui64) == (certificate.pk, certificate.eui64)
        key = x509.load_der_x509_csr(request).public_key()
        assert x509.load_der_x509_certificate(bytes(certificate.der)).public_key() == key
    assert issued_of(batch)[-1].usage == KeyUsage.KA


def test_the_ledger_holds_what_was_committed_to_before_it_holds_what_was_issued(unpacked: Any) -> None:
    batch = unpacked(device_requests(3))
    chunk = issue(batch)

    texts = EntryText.objects.filter(subject_type="batches.batch", event__startswith="batch.chunk")
    prepared, issued = texts.order_by("number")
    assert hashlib.sha256(bytes(chunk.intents)).hexdigest() in prepared.content
    assert '"certificate_log_root"' in issued.content


@pytest.mark.parametrize("where", ["sign", "lodge", "record"])
def test_stopped_between_the_two_commits_the_same_bytes_are_signed_later(
    unpacked: Any, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    batch = unpacked(device_requests(4))
    target = {
        "sign": (issuers, "sign"),
        "lodge": (chunks, "lodge_many"),
        "record": (chunks.progress, "count_chunk"),
    }

    def stop(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(*target[where], stop)
        with pytest.raises(ZeroDivisionError):
            issue(batch)
    prepared = BatchChunk.objects.get(batch=batch)
    assert prepared.state == ChunkState.PREPARED
    assert nothing_issued(batch)

    issue(batch)

    committed = frames.unpack(prepared.intents).tbs
    assert [to_be_signed(bytes(each.der)) for each in issued_of(batch)] == committed
    assert UsedPublicKey.objects.count() == DeviceCount.objects.count() == 4


def test_a_repeat_changes_nothing(unpacked: Any) -> None:
    batch = unpacked(device_requests(3))
    issue(batch)
    entries = EntryText.objects.count()

    issue(batch)

    assert len(issued_of(batch)) == 3
    assert EntryText.objects.count() == entries
    assert Batch.objects.get(pk=batch.pk).issued == 3


def test_a_slower_worker_drops_what_it_signed(unpacked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = unpacked(device_requests(3))
    sign = issuers.sign

    def be_overtaken(intents: Any) -> Any:
        monkeypatch.setattr(issuers, "sign", sign)
        issue(batch)
        return sign(intents)

    monkeypatch.setattr(issuers, "sign", be_overtaken)
    issue(batch)

    assert len(issued_of(batch)) == 3
    assert Batch.objects.get(pk=batch.pk).issued == 3


@pytest.mark.clause("L3.5")
def test_a_key_is_certified_once_whatever_the_route(them: Any, unpacked: Any) -> None:
    used, twice = new_key(), new_key()
    single = them.submit(device().but(key=used).make())
    files = {
        "used.csr": device().but(key=used).make(),
        "first.csr": device(b"\1" * 8).but(key=twice).make(),
        "second.csr": device(b"\2" * 8).but(key=twice).make(),
        "right.csr": device().make(),
    }
    batch = unpacked(files)

    issue(batch)

    error = (Outcome.ERROR, "csr.key.used")
    assert items(batch) == [error, (Outcome.CERTIFICATE, ""), error, (Outcome.CERTIFICATE, "")]
    assert devices(batch) == [EUI64.hex().upper(), "01" * 8, "02" * 8, EUI64.hex().upper()]
    assert single.state == BEING_ISSUED
    assert them.submit(device(b"\3" * 8).but(key=twice).make()).state == REFUSED


@pytest.mark.clause("L3.4")
def test_a_device_gets_what_is_left_and_no_more(
    them: Any, unpacked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reserving, "figure", lambda key, *, at: 3)
    them.submit(device().make())
    files = {f"{number}.csr": device().make() for number in range(4)} | {
        "other.csr": device(b"\1" * 8).make()
    }
    batch = unpacked(files)

    issue(batch)

    full = (Outcome.ERROR, "csr.device.limit")
    right = (Outcome.CERTIFICATE, "")
    assert items(batch) == [right, right, full, full, right]
    assert devices(batch) == [*[EUI64.hex().upper()] * 4, "01" * 8]
    assert UsedPublicKey.objects.count() == 4, "a refused request keeps no key"
    assert max(DeviceCount.objects.values_list("certificates", flat=True)) == 3


@pytest.mark.clause("L3.5", "L8.3")
def test_a_refused_request_keeps_the_device_that_it_was_for(
    unpacked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = device(b"\1" * 8)
    info = hashlib.sha256(key_info(point_of(weak.key))).digest()
    monkeypatch.setattr(reserving, "find_weak", lambda digests: {info} & set(digests))
    office = organisation(eui64=b"\2" * 8)
    batch = unpacked({"weak.csr": weak.make(), "office.csr": office.make(), "broken.csr": b"?"})

    issue(batch)

    assert [code for _, code in items(batch)] == [
        "csr.key.known_weak",
        "batch.entry.organisation",
        "csr.not_base64",
    ]
    assert devices(batch) == ["01" * 8, "02" * 8, ""]


def test_the_web_process_signs_nothing(unpacked: Any, settings: Any) -> None:
    batch = unpacked(device_requests(2))
    settings.SMKI_PROCESS = "web"
    with pytest.raises(KeyUnavailable):
        issue(batch)
    assert nothing_issued(batch)


def test_intents_that_were_tampered_with_are_not_signed(
    unpacked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard of the database is passed by here; the engine looks at every octet all the same."""
    batch = unpacked(device_requests(2))
    unpack = frames.unpack

    def tampered(packed: bytes) -> Any:
        return unpack(bytes(packed).replace(b"\x55\x1d\x0f\x01\x01\xff", b"\x55\x1d\x0f\x01\x01\x00"))

    monkeypatch.setattr(frames, "unpack", tampered)
    with pytest.raises((Misshapen, LintFailed)):
        issue(batch)
    assert nothing_issued(batch)


def test_a_template_unlike_the_builder_stops_the_chunk(
    unpacked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = unpacked(device_requests(2))

    def unlike(template: object, contents: object) -> None:
        raise TemplateRefused

    monkeypatch.setattr(issuers, "check_equal", unlike)
    with pytest.raises(TemplateRefused):
        issue(batch)
    assert nothing_issued(batch)


def test_a_finding_of_the_linter_stops_the_chunk(unpacked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = unpacked(device_requests(2))

    def find(*args: object, **kwargs: object) -> None:
        raise LintFailed(())

    issuers._template.cache_clear()
    monkeypatch.setattr("certification.linting.twin.check_twin", find)
    with pytest.raises(LintFailed):
        issue(batch)
    assert nothing_issued(batch)
    assert not UsedPublicKey.objects.exists()


def test_a_serial_number_used_before_lodges_nothing(unpacked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = unpacked(device_requests(3))
    monkeypatch.setattr(chunks, "new_serial", lambda at: b"\x53" * 16)
    with pytest.raises(IntegrityError), transaction.atomic():
        issue(batch)
    assert nothing_issued(batch)


def test_an_authority_that_ceased_at_the_last_moment_is_noticed(
    unpacked: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = unpacked(device_requests(2))
    monkeypatch.setattr(chunks, "ACTIVE", "another state")
    with pytest.raises(chunks.IssuerReplaced):
        issue(batch)
    assert BatchChunk.objects.get(batch=batch).state == ChunkState.WAITING


def test_a_batch_that_is_held_is_left_alone(unpacked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = unpacked(device_requests(2))
    with monkeypatch.context() as patch:
        patch.setattr(chunks.progress, "is_batch_held", lambda batch, *, at: True)
        assert issue(batch).state == ChunkState.WAITING
    sign = issuers.sign

    def held_meanwhile(intents: Any) -> Any:
        monkeypatch.setattr(chunks.progress, "is_batch_held", lambda batch, *, at: True)
        return sign(intents)

    monkeypatch.setattr(issuers, "sign", held_meanwhile)
    assert issue(batch).state == ChunkState.PREPARED, "signed, but not released"
    assert nothing_issued(batch)
