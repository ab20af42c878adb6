"""Every Certificate is a leaf of a public log; what is done to one behind the application's back is found."""

import itertools
import json
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from certification.authorities.profiles import CertificateKind as Profile
from repository.certificates import lodging, log, proofs
from repository.certificates.lodging import ITEM_COLUMNS, Alike, LodgedDiffers, lodge_many
from repository.certificates.models import Certificate
from repository.certificates.reading import read_certificate
from repository.certificates.selectors import Query, find_certificates
from repository.certificates.services import lodge_certificate
from smki_pma.calendar import clock as time
from smki_pma.jobs.models import Job
from smki_pma.ledger import checkpoints, keys, store, tree, verifier, witness
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import record, service, writing_for_tests
from smki_pma.ledger.guarding import lifted
from smki_pma.ledger.integrity import faults
from smki_pma.ledger.logs import CERTIFICATES, LEDGER
from smki_pma.ledger.models import AccessLog, Entry, EntryText, Node
from smki_pma.ledger.witness import LedgerForked
from tests.samples.authority_keys import Hierarchy
from tests.samples.community import everybody
from tests.samples.signing_requests import EUI64

pytestmark = pytest.mark.django_db
OWNER = Actor.owner("the test")
OTHER = bytes.fromhex("90B3D51F30020000")
AT = parse_datetime("2026-11-22T14:30:00Z")


@service
def lodge_chunk(*, alike, items, by):
    lodged = lodge_many(alike=alike, items=items, by=by, at=AT)
    facts = {"count": len(items), **lodged.facts()}
    subject = Certificate.objects.get(pk=lodged.ids[0])
    record("certificate.chunk_lodged", clause="L5.3(a)", by=by, subject=subject, facts=facts, audience="dcc")
    return lodged


def chunk(count, *, hierarchy=None):
    """What the engine prepares for so many Device Certificates, every other one for another device."""
    hierarchy = hierarchy or Hierarchy()
    ders = [
        hierarchy.certificate(Profile.DEVICE, eui64=eui64)
        for eui64 in itertools.islice(itertools.cycle([EUI64, OTHER]), count)
    ]
    read = [asdict(read_certificate(der, "device")) for der in ders]
    shared = {name: read[0][name] for name in Alike.__dataclass_fields__ if name in read[0]}
    alike = Alike(kind="device", environment="test", **shared)
    items = [
        tuple((columns | {"der": der, "reference": f"batch:{number}"})[name] for name in ITEM_COLUMNS)
        for number, (der, columns) in enumerate(zip(ders, read, strict=True))
    ]
    return alike, items


@pytest.fixture
def stored():
    """One, seven at once, one: nine Certificates, signed, and one more that is not."""
    hierarchy = Hierarchy()
    lodge_one(hierarchy)
    lodge_chunk(**dict(zip(("alike", "items"), chunk(7, hierarchy=hierarchy), strict=True)), by=OWNER)
    lodge_one(hierarchy)
    checkpoints.sign_now(CERTIFICATES)
    lodge_one(hierarchy)


def lodge_one(hierarchy):
    return lodge_certificate(
        der=hierarchy.certificate(Profile.DEVICE), kind="device", environment="test", by=OWNER
    )


@contextmanager
def behind_the_application(doing):
    """As somebody who owns the database."""
    with writing_for_tests(), lifted(connection, doing):
        yield


def places():
    return [fault.place for fault in faults()]


@pytest.mark.clause("L5.3", "L5.4")
def test_many_are_lodged_as_one_would_be_with_numbers_in_the_order_of_the_log():
    lodge_one(Hierarchy())
    alike, items = chunk(5)

    lodged = lodge_chunk(alike=alike, items=items, by=OWNER)

    assert (lodged.ids, lodged.size) == (range(2, 7), 6)
    assert lodged.root == tree.root_at(6, store.reader(CERTIFICATES))
    rows = list(Certificate.objects.order_by("id"))
    assert [row.pk for row in rows] == [1, 2, 3, 4, 5, 6]
    for row, item in zip(rows[1:], items, strict=True):
        assert bytes(row.der) == item[ITEM_COLUMNS.index("der")]
        for name, value in asdict(read_certificate(bytes(row.der), "device")).items():
            assert getattr(row, name) == value
        assert (row.status, row.lodged_at, row.lodged_by) == ("I", AT, rows[0].lodged_by)
        assert (row.environment, row.purpose, row.status_changed_at) == ("test", lodging.PURPOSE, None)
    facts = json.loads(EntryText.objects.get(event="certificate.chunk_lodged").content)["facts"]
    assert facts["certificate_log_root"] == lodged.root.hex()
    assert list(faults()) == []


@pytest.mark.parametrize("column", [name for name in ITEM_COLUMNS if name not in ("der", "reference")])
def test_a_column_that_is_not_what_stands_in_the_certificate_lodges_nothing(column):
    alike, items = chunk(3)
    wrong = list(items[-1])
    wrong[ITEM_COLUMNS.index(column)] = "KA" if column == "usage" else "0" * 16
    before = Entry.objects.count()

    with pytest.raises(LodgedDiffers, match=column):
        lodge_chunk(alike=alike, items=[*items[:-1], tuple(wrong)], by=OWNER)
    assert (Certificate.objects.count(), store.size_of(CERTIFICATES), Entry.objects.count()) == (0, 0, before)


def test_a_head_is_signed_after_a_ceremony_and_when_asked():
    lodge_one(Hierarchy())
    assert not Job.objects.filter(kind="ledger.checkpoint").exists()
    der = Hierarchy().certificate(Profile.ROOT_DCA)
    lodge_certificate(der=der, kind="root_dca", environment="test", by=OWNER)
    log.ask_for_checkpoint()

    asked = Job.objects.get(kind="ledger.checkpoint", payload__log="certificates")
    assert asked.payload["size"] == 2


def test_an_older_backup_takes_no_certificate():
    lodge_one(Hierarchy())
    witness.write(CERTIFICATES, witness.Head(CERTIFICATES.origin, 40, bytes(32)))
    with pytest.raises(LedgerForked, match="older than its published history"):
        lodge_one(Hierarchy())
    assert Certificate.objects.count() == 1


@pytest.mark.clause("L5.1", "L5.3")
@pytest.mark.usefixtures("stored")
class TestVerifying:
    def test_an_honest_repository_holds(self):
        assert list(faults()) == []

    @pytest.mark.parametrize("place", [1, 40, -1])
    def test_a_flipped_byte_is_found(self, place):
        row = Certificate.objects.get(pk=5)
        der = bytearray(row.der)
        der[place] ^= 1
        with behind_the_application("update"):
            Certificate.objects.filter(pk=5).update(der=bytes(der))
        assert "certificates leaf 4" in places()
        with pytest.raises(verifier.Fault, match="not those that were signed"):
            verifier.check_certificate_log(proofs.whole_log(), keys.published_vkeys(CERTIFICATES))

    def test_an_altered_column_is_found(self):
        with behind_the_application("update"):
            Certificate.objects.filter(pk=4).update(eui64=OTHER.hex().upper())
        assert [str(fault) for fault in faults()] == ["Certificate 4: eui64 is not what stands in it"]

    def test_a_dropped_row_is_found(self):
        with behind_the_application("delete"):
            Certificate.objects.filter(pk=4).delete()
        assert {"certificates leaf 3", "Certificate 4"} <= set(places())

    def test_the_last_rows_dropped_with_their_leaves_are_found(self):
        with behind_the_application("delete"):
            Certificate.objects.filter(pk__gte=9).delete()
            Node.objects.filter(log="certificates", level=0, index__gte=8).delete()
            Node.objects.filter(log="certificates", level=1, index__gte=4).delete()
        assert "checkpoint of certificates at 9" in places()

    def test_a_history_that_was_never_signed_is_found_by_the_entries_of_the_ledger(self):
        """The newest Certificate put in the place of another one, with its leaf: only an entry names the root."""
        der = Hierarchy().certificate(Profile.DEVICE)
        columns = asdict(read_certificate(der, "device"))
        with behind_the_application("update"):
            Certificate.objects.filter(pk=10).update(der=der, **columns)
            Node.objects.filter(log="certificates", level=0, index=9).update(hash=log.leaf_of(der))
            left = bytes(Node.objects.get(log="certificates", level=0, index=8).hash)
            Node.objects.filter(log="certificates", level=1, index=4).update(
                hash=tree.node_hash(left, log.leaf_of(der))
            )
        newest = EntryText.objects.filter(event="certificate.lodged").latest("number")
        assert places() == [f"entry {newest.number}"]


@pytest.fixture
def reader(client):
    """A reader of the Repository who has said why."""
    client.force_login(
        everybody()["party_officer"], backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    page = client.get("/repository/documents/purpose/")
    key = page.context["form"].fields["key"].choices[0][0]
    client.post("/repository/documents/purpose/", {"key": key, "purpose": "Checking our devices"})
    return client


@pytest.mark.clause("L5.5", "L5.6")
@pytest.mark.usefixtures("stored")
def test_what_was_issued_for_a_device_is_proved_to_an_outsider(reader, tmp_path: Path, capsys, monkeypatch):
    page = reader.get(reverse("certificate_log:list_issued"), {"eui64": "90-B3-D5-1F-30-01-00-00"})
    assert [row.pk for row, _ in page.context["rows"]] == [1, 2, 4, 6, 8, 9, 10]
    answer = reader.get(reverse("certificate_log:download_proofs"), {"eui64": EUI64.hex()})
    (tmp_path / "proofs.json").write_bytes(answer.content)
    whole = b"".join(reader.get(reverse("certificate_log:export_log")).streaming_content)
    (tmp_path / "log.jsonl").write_bytes(whole)
    assert AccessLog.objects.filter(purpose__contains="proofs for 90-B3-D5-1F-30-01-00-00").count() == 1

    [vkey] = keys.published_vkeys(CERTIFICATES)
    for command, file in (("certificates", "proofs.json"), ("certificate-log", "log.jsonl")):
        more = ["--eui64", "90-B3-D5-1F-30-01-00-00"] if command == "certificate-log" else []
        monkeypatch.setattr("sys.argv", ["verifier.py", command, str(tmp_path / file), "--vkey", vkey, *more])
        assert verifier.main() == 0
    said = capsys.readouterr().out
    assert said.count("Certificate 9: SHA-256") == 2
    assert (
        "6 Certificates name the EUI-64 90B3D51F30010000 and are in the signed certificate log of 9." in said
    )
    assert "6 of them name the EUI-64" in said


@pytest.mark.usefixtures("stored")
def test_a_forged_proof_convinces_nobody(reader):
    answer = reader.get(reverse("certificate_log:download_proofs"), {"eui64": EUI64.hex()})
    vkeys = keys.published_vkeys(CERTIFICATES)
    honest = json.loads(answer.content)
    other = json.loads(proofs.proofs_of(proofs.issued_for(OTHER.hex().upper())))["certificates"][0]
    forged = Hierarchy().certificate(Profile.DEVICE)
    for certificates in (
        [honest["certificates"][0] | {"index": 1}],
        [honest["certificates"][0] | {"der": proofs._base64(forged)}],
        [honest["certificates"][0] | {"proof": honest["certificates"][1]["proof"]}],
        [other],
    ):
        with pytest.raises(verifier.Fault):
            verifier.check_certificates(json.dumps(honest | {"certificates": certificates}), vkeys)


@pytest.mark.usefixtures("stored")
def test_heads_are_for_everybody_and_leaves_for_readers(client, reader):
    anonymous = type(client)()
    head = anonymous.get("/certificate-log/checkpoint").content.decode()
    assert head.startswith("smki-pma.example/certificates\n9\n")
    proved = anonymous.get("/certificate-log/consistency", {"from": 4, "to": 9}).json()
    verifier.check_consistency(
        4,
        tree.root_at(4, store.reader(CERTIFICATES)),
        9,
        verifier.read_checkpoint(head, keys.published_vkeys(CERTIFICATES))[2],
        [verifier.base64.b64decode(hash) for hash in proved["proof"]],
    )
    for address in ("tile/0/000.p/9", "tile/entries/000.p/9", "certificates/3/proof", "export", "issued/"):
        assert anonymous.get(f"/certificate-log/{address}").status_code == 302
        assert reader.get(f"/certificate-log/{address}").status_code == 200
    assert reader.get("/certificate-log/tile/0/000.p/11").status_code == 404
    assert reader.get("/certificate-log/certificates/10/proof").status_code == 404


ALONG = [
    ({"eui64": "0000000000000007"}, "certificate_eui64"),
    ({"serial": "41" * 16}, "certificate_serial_never_reused"),
    ({"role": 2}, "certificate_role"),
    ({"kind": "organisation"}, "certificate_kind"),
    ({"issuer": "CN=OI1,OU=07"}, "certificate_issuer"),
    ({"status": "R"}, "certificate_status"),
    ({"status": "N"}, "certificate_status"),
    ({"status": "E"}, "certificate_expiry"),
]


def many(count):
    """Rows as of a Repository in use: of every hundred, two are not of devices and one is revoked."""
    began, ends, never = (parse_datetime(f"{year}-01-01T00:00:00Z") for year in (2020, 2021, 9999))
    for n in range(count):
        organisation, revoked = n % 100 < 2, n % 100 == 0
        yield Certificate(
            id=1_000_000 + n,
            kind="organisation" if n % 1_000 == 0 else "issuing_oca" if organisation else "device",
            status="R" if revoked else "N" if n % 1_000 == 500 else "I",
            issuer=f"CN=OI{n % 300},OU=07" if organisation else "CN=DI1",
            role_code=n % 900 if organisation else None,
            not_after_at=ends if n % 1_000 == 1 else never,
            environment="live",
            serial=f"53{n:030X}",
            eui64=f"{n:016X}",
            usage="DS",
            public_key_sha256=f"{n:064x}",
            sha256=f"{n:064x}",
            der=bytes(400),
            not_before_at=began,
            lodged_at=began,
            lodged_by="the test",
            purpose="a test",
        )


@pytest.mark.clause("L6.4")
def test_a_search_for_few_of_very_many_goes_along_an_index():
    with writing_for_tests():
        Certificate.objects.bulk_create(many(20_000), batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for query, index in ALONG:
        plan = find_certificates(Query(**query), at=time.now()).order_by().explain()
        # SQLite names the index of a UNIQUE constraint by itself.
        assert index in plan or (index.endswith("reused") and "sqlite_autoindex" in plan), (query, plan)


@pytest.mark.clause("L6.4")
def test_what_a_new_authority_issued_to_devices_is_sought_no_further_than_its_own_certificate():
    of_before = list(many(20_000))
    own, *issued = list(many(23))[-20:]
    for number, row in enumerate([own, *issued], 2_000_000):
        row.id, row.serial, row.issuer, row.kind = number, f"54{number:030X}", "CN=DI2", "device"
    own.kind, own.issuer, own.subject = "issuing_dca", "CN=DR", "CN=DI2"
    with writing_for_tests():
        Certificate.objects.bulk_create([*of_before, own, *issued], batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as asked:
        found = find_certificates(Query(issuer="CN=DI2"), at=time.now()).order_by("-id")[:26]
        assert [row.id for row in found] == list(range(2_000_019, 2_000_000, -1))
    assert len(asked) == 2
    plan = found.explain()
    assert "(id>?)" in plan or "Index Cond: (id > " in plan, plan


def test_not_ready_while_a_certificate_waits_for_its_checkpoint_too_long(client, clock):
    lodge_one(Hierarchy())
    checkpoints.sign_now(LEDGER)
    assert client.get("/readyz").json()["checkpoints"] is True
    clock.advance(timedelta(minutes=121))
    assert client.get("/readyz").json()["checkpoints"] is False
    checkpoints.sign_now(CERTIFICATES)
    assert client.get("/readyz").json()["checkpoints"] is True
