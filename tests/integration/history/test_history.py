"""A subscriber finds every own request again, single or in a batch, and takes them away as a file."""

import csv
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.batches.models import Batch, BatchItem
from certification.request_history import items, views
from certification.request_history.items import item_page
from certification.request_history.selectors import Query, batches_found
from certification.requests.models import CertificateRequest
from certification.subscribers.rules import Policy
from repository.certificates.models import Certificate
from smki_pma.calendar import clock as time
from smki_pma.ledger.gate import writing_for_tests
from tests.samples.batches import hand_in_files
from tests.samples.community import party, person_in
from tests.samples.signing_requests import device, organisation

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OTHER_DEVICE = "90B3D51F30020000"


def batch_of(owner, officer, count, *, wrong=(), at=None, sent=True):
    """A batch whose requests are answered in time; its items in `wrong` in error, the others issued to two
    devices in turn. sent: its results are there, an hour late."""
    at = at or time.now()
    batch = Batch(
        party=owner, environment="live", state="processing", source="portal", submission_key=uuid4(),
        file_sha256="0" * 64, file_size=1, submitted_at=at, submitted_by=officer, received_at=at,
        deadline_at=at + timedelta(hours=1), count=count,
    )  # fmt: skip
    if sent:
        batch.state, batch.completed_at, batch.result_sha256 = "completed", at + timedelta(hours=2), "0" * 64
    batch.save()
    for number in range(count):
        item = BatchItem(
            batch=batch, number=number, name=f"=meter{number}.csr", sent_at=at + timedelta(minutes=30)
        )
        item.eui64 = OTHER_DEVICE if number % 2 else "90B3D51F30010000"
        if number in wrong:
            item.outcome, item.fault_code, item.fault_detail = "error", "csr.key.used", "Used before."
        else:
            item.outcome, item.certificate = (
                "certificate",
                certificate(item.eui64, f"batch:{batch.uid}:{number}"),
            )
        item.save(force_insert=True)
    return batch


def certificate(eui64, reference):
    pk = (Certificate.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    row = Certificate(
        pk=pk, kind="device", environment="live", serial=f"41{pk:030X}", issuer="CN=D1", eui64=eui64, usage="DS",
        public_key_sha256="0" * 64, not_before_at=time.now(), not_after_at=time.now(), sha256="0" * 64,
        der=b"0", reference=reference, lodged_at=time.now(), lodged_by="DCC", purpose="-",
    )  # fmt: skip
    row.save(force_insert=True)
    return row


@pytest.fixture
def past(them, run_jobs, clock):
    """An issued and a refused Device request, an Organisation request that waits; two batches; another Party's."""
    csr = device().make()
    them.submit(csr)
    run_jobs()
    them.submit(csr)
    them.submit(organisation().make(), policy=Policy.ORGANISATION)
    stranger = party("Other Energy")
    officer = person_in("party-officer", "Otis Other", for_party=stranger)
    with writing_for_tests():
        batch_of(them.subscriber, them.officer, 4, wrong={1}, at=time.now() - timedelta(days=40))
        batch_of(them.subscriber, them.officer, 3)
        batch_of(stranger, officer, 3)
    return them


@pytest.fixture
def officer(client, past):
    client.force_login(past.officer, backend=BACKEND)
    return client


def shown(client, name, **query):
    response = client.get(reverse(f"history:{name}"), query)
    assert response.status_code == 200
    return response.context["rows"]


@pytest.mark.clause("L3.4", "L8.8")
def test_the_own_single_requests_are_found_by_each_column(officer):
    today = time.today()
    assert [row.state for row in shown(officer, "list_single")] == ["Awaiting check", "Refused", "Issued"]
    for query, states in (
        ({"state": "refused"}, ["Refused"]),
        ({"outcome": "certificate"}, ["Issued"]),
        ({"outcome": "in_hand"}, ["Awaiting check"]),
        ({"eui64": "90-b3-d5-1f-30-01-00-00"}, ["Awaiting check", "Refused", "Issued"]),
        ({"eui64": OTHER_DEVICE}, []),
        ({"since_0": today.day + 0, "since_1": today.month, "since_2": today.year}, None),
        ({"until_0": "1", "until_1": "1", "until_2": "2026"}, []),
    ):
        rows = [row.state for row in shown(officer, "list_single", **query)]
        assert rows == (["Awaiting check", "Refused", "Issued"] if states is None else states)


@pytest.mark.clause("L8.3", "L8.8")
def test_receipt_target_and_sending_stand_beside_each_request(officer):
    waiting, refused, issued = shown(officer, "list_single")
    stored = CertificateRequest.objects.get(uid=issued.uid)
    assert (issued.received_at, issued.deadline_at) == (stored.received_at, stored.deadline_at)
    assert (issued.sent_at, issued.met, issued.serial) == (stored.sent_at, True, stored.certificate.serial)
    assert (refused.received_at, refused.met, waiting.sent_at) == (None, None, None)


@pytest.mark.clause("L8.1(b)", "L8.3")
def test_a_request_of_a_batch_is_sent_with_the_results_of_the_whole_batch(officer, past):
    [late, *_] = shown(officer, "list_batched")
    batch = Batch.objects.get(uid=late.uid)
    assert (late.sent_at, late.met, late.outcome) == (batch.completed_at, False, "Certificate sent")
    with writing_for_tests():
        batch_of(past.subscriber, past.officer, 2, wrong={1}, sent=False)
    [issued, refused, *_] = shown(officer, "list_batched")
    assert (issued.state, refused.state) == ("Issued", "Refused")
    for row in (issued, refused):
        assert (row.sent_at, row.met, row.outcome) == (None, None, "")


@pytest.mark.clause("L3.4")
def test_the_requests_of_own_batches_are_found(officer):
    assert len(shown(officer, "list_batched")) == 7
    assert [row.error for row in shown(officer, "list_batched", state="refused")] == ["Used before."]
    assert len(shown(officer, "list_batched", outcome="certificate")) == 6
    assert shown(officer, "list_batched", state="stopped") == []
    found = shown(officer, "list_batched", eui64=OTHER_DEVICE)
    assert sorted((row.name, bool(row.serial)) for row in found) == [
        ("=meter1.csr", False),
        ("=meter1.csr", True),
        ("=meter3.csr", True),
    ]
    day = time.london_date(time.now() - timedelta(days=40))
    old = {"until_0": day.day, "until_1": day.month, "until_2": day.year}
    assert len(shown(officer, "list_batched", **old)) == 4


@pytest.mark.clause("L8.3", "L8.8")
def test_a_request_refused_in_a_real_batch_is_found_by_its_device(client, them, run_jobs):
    csr = device(bytes.fromhex(OTHER_DEVICE)).make()
    hand_in_files(them, {"right.csr": csr, "twice.csr": csr})
    run_jobs()
    client.force_login(them.officer, backend=BACKEND)
    found = shown(client, "list_batched", eui64=OTHER_DEVICE)
    assert sorted((row.name, row.outcome) for row in found) == [
        ("right.csr", "Certificate sent"),
        ("twice.csr", "Error sent"),
    ]
    batch = Batch.objects.get()
    page = client.get(reverse("batches:list_items", args=[batch.uid]), {"search": OTHER_DEVICE})
    assert [item.name for item in page.context["page"]] == ["right.csr", "twice.csr"]


def test_pages_of_batches_join_without_a_gap(past):
    with writing_for_tests():
        batch_of(past.subscriber, past.officer, 5, wrong={0, 1, 2, 3, 4})
    batches = batches_found(past.officer.holdings.all(), Query())
    for query in (Query(), Query(outcome="certificate"), Query(outcome="error")):
        whole = item_page(batches, query, mark="", size=100).rows
        for size in (1, 2, 3, 5, len(whole)):
            joined, mark = [], ""
            while True:
                page = item_page(batches, query, mark=mark, size=size)
                joined += page.rows
                mark = page.older
                if not mark:
                    break
            assert joined == whole


@pytest.mark.clause("L8.8")
def test_the_file_holds_everything_found_and_no_formula(officer):
    response = officer.get(reverse("history:export_history"))
    assert response.streaming
    rows = list(csv.reader(b"".join(response.streaming_content).decode().splitlines()))
    assert len(rows) == 1 + 3 + 7
    assert {row[1] for row in rows[1:]} == {
        "",
        "'=meter0.csr",
        "'=meter1.csr",
        "'=meter2.csr",
        "'=meter3.csr",
    }
    assert [row[11] for row in rows[1:]] == ["", "", "yes", *["no"] * 7]
    only = officer.get(reverse("history:export_history"), {"outcome": "error"})
    assert len(b"".join(only.streaming_content).decode().splitlines()) == 3


@pytest.mark.clause("L8.8")
def test_the_file_is_read_in_parts_and_as_it_is_sent(officer, past, monkeypatch):
    """Queries grow with the parts, not with requests or batches, and none is asked before its lines are wanted."""
    for module in (views, items):
        monkeypatch.setattr(module, "CHUNK", 10)
    monkeypatch.setattr(views, "LINES_AT_ONCE", 1)

    def read(most=None):
        with CaptureQueriesContext(connection) as asked:
            content = officer.get(reverse("history:export_history")).streaming_content
            lines = [line for _, line in zip(range(most or 10_000), content, strict=False)]
        return len(lines) - 1, len(asked)

    rows, first = read()
    assert rows == 3 + 7
    with writing_for_tests():
        for _ in range(20):
            batch_of(past.subscriber, past.officer, 2, wrong={0})
        batch_of(past.subscriber, past.officer, 95)
    rows, queries = read()
    assert rows == 10 + 40 + 95
    # Ten parts of the large batch, four of the small ones by fives, and nothing else.
    assert queries - first <= 10 + 4 + 1
    assert read(most=2)[1] < first
    found = list(csv.reader(b"".join(officer.get(reverse("history:export_history"))).decode().splitlines()))
    batched = [(row[0], row[1]) for row in found[4:]]
    assert len(set(batched)) == len(batched) == 142
    shown_all = []
    for batch in Batch.objects.filter(party=past.subscriber).order_by("-id"):
        numbers = BatchItem.objects.filter(batch=batch).order_by("number")
        shown_all += [(batch.reference, f"'{item.name}") for item in numbers]
    assert batched == shown_all


@pytest.mark.clause("L3.4")
def test_dcc_sees_every_subscriber_and_a_stranger_none(client, past):
    client.force_login(past.registrar, backend=BACKEND)
    assert len(shown(client, "list_batched")) == 10
    client.force_login(person_in("party-officer", "Nora New", for_party=party("New Energy")), backend=BACKEND)
    assert shown(client, "list_batched") == shown(client, "list_single") == []
    assert shown(client, "list_batched", eui64=OTHER_DEVICE) == []


def test_a_page_asks_the_database_as_often_whatever_it_shows(officer, past):
    def count(name):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            officer.get(reverse(f"history:{name}"))
        return len(asked)

    officer.get(reverse("history:list_single"))
    single, batched = count("list_single"), count("list_batched")
    for _ in range(3):
        past.submit(device().make())
    with writing_for_tests():
        batch_of(past.subscriber, past.officer, 40)
    assert count("list_single") == single
    # One for the newest batch, which fills the page, instead of one for each of the small ones.
    assert count("list_batched") < batched


def test_a_wrong_search_is_told_at_its_field(officer):
    response = officer.get(reverse("history:list_single"), {"eui64": "xyz"})
    assert response.status_code == 422
    assert (
        "16 hexadecimal digits" in response.content.decode() or "only the digits" in response.content.decode()
    )


@pytest.mark.clause("L3.4")
def test_the_queue_goes_on_after_its_first_page(client, them, monkeypatch):
    from certification.requests import queue_views

    monkeypatch.setattr(queue_views, "QUEUE_PAGE", 2)
    made = [them.submit(organisation().make(), policy=Policy.ORGANISATION) for _ in range(3)]
    client.force_login(them.registrar, backend=BACKEND)
    first = client.get(reverse("requests:list_queue"))
    second = client.get(reverse("requests:list_queue"), {"after": first.context["page"].older})
    assert [*first.context["page"], *second.context["page"]] == made
