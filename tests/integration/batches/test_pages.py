"""The pages of batches: upload, progress, results at full size, who sees what, and DCC's queue."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.batches import checking, services
from certification.batches.models import Batch, BatchItem
from certification.batches.states import COMPLETED, PENDING
from certification.requests import views as request_views
from smki_pma.calendar import clock as time
from smki_pma.clauses import RuleViolation
from smki_pma.files import store
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import writing_for_tests
from smki_pma.ledger.inserting import insert_rows
from smki_pma.parties.roles import Role
from tests.samples.batches import hand_in_files
from tests.samples.certification import Certification
from tests.samples.community import party, person_in
from tests.samples.zips import device_requests, zip_of

pytestmark = pytest.mark.django_db
LIST, NEW = "/certification/batches/", "/certification/batches/new/"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
OF_ONE_BATCH = ["show_batch", "batch_progress", "list_items", "download_results", "download_report"]


@pytest.fixture
def officer(client, them: Certification):
    client.force_login(them.officer, backend=BACKEND)
    return client


def signed_in(person) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person, backend=BACKEND)
    return client


def form(client, content: bytes, name: str = "requests.zip") -> dict[str, object]:
    shown = client.get(NEW).context["form"]
    return {
        "submission_key": str(shown["submission_key"].value()),
        "subscriber": shown.fields["subscriber"].initial,
        "file": SimpleUploadedFile(name, content, content_type="application/zip"),
    }


def address(batch: Batch, name: str = "show_batch", *more: object) -> str:
    return reverse(f"batches:{name}", args=[batch.uid, *more])


@pytest.mark.clause("L8.1(b)", "L8.3")
def test_upload_watch_fetch(officer, run_jobs):
    answer = officer.post(NEW, form(officer, zip_of({**device_requests(2), "bad.csr": b"?"})))
    assert answer.status_code == 302
    page = officer.get(answer["Location"])
    assert b"going to be checked" in page.content and b'hx-trigger="every 2s"' in page.content

    run_jobs()
    page = officer.get(answer["Location"]).content.decode()
    assert "3 of 3 requests answered (100%)" in page
    assert "hx-trigger" not in page and "Met" in page
    batch = Batch.objects.get()
    answered = officer.get(address(batch, "download_results"))
    content = b"".join(answered)
    assert content == store.read_verified(batch.result_sha256)
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == 3
    report = b"".join(officer.get(address(batch, "download_report"))).decode()
    assert report.startswith("name,outcome,error_code,explanation\r\n") and "bad.csr,error,csr." in report
    results = officer.get(address(batch, "list_items")).content.decode()
    assert "bad.csr" in results and "2 Certificates and 1 error for 3 requests" in results
    one = officer.get(address(batch, "download_item", 0))
    assert one.content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert officer.get(address(batch, "download_item", 2)).status_code == 404


def test_a_script_that_shows_the_progress_is_told_where_the_batch_is(officer):
    answer = officer.post(NEW, form(officer, zip_of(device_requests(2))), headers={"X-Upload": "yes"})
    assert answer.status_code == 201
    assert answer["Location"] == address(Batch.objects.get())


@pytest.mark.clause("L8.1(a)", "L8.2")
def test_a_rejected_archive_says_where_its_list_of_faults_ends(officer, run_jobs):
    wrong = {f"gerät-{number}.csr": b"" for number in range(21)}
    sent = officer.post(NEW, form(officer, zip_of(wrong)))
    run_jobs()
    page = officer.get(sent["Location"]).content.decode()
    assert "gerät-0.csr" in page
    assert "These are the first 20" in page
    assert "Nothing was sent" in page
    assert "Hand in the corrected archive" in page


def test_one_request_leads_to_the_page_of_a_single_one(officer, monkeypatch):
    monkeypatch.setattr(request_views, "WAIT_SECONDS", 0)
    answer = officer.post(NEW, form(officer, zip_of(device_requests(1))), follow=True)
    assert answer.redirect_chain[-1][0].startswith("/certification/requests/")
    assert "One request, served as a single one" in officer.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Choose the ZIP archive"),
        (b"", "The file is empty"),
        (bytes(1024 * 1024 + 1), "larger than 1 MB"),
    ],
)
def test_what_cannot_be_handed_in_is_explained_on_the_form(officer, monkeypatch, content, words):
    limit = {"requests.largest_batch_megabytes": 1, "requests.largest_batch": 50_000}
    monkeypatch.setattr("certification.batches.views.figure", lambda key, at=None: limit[key])
    sent = form(officer, content or b"")
    if content is None:
        del sent["file"]
    answer = officer.post(NEW, sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert answer.context["form"]["submission_key"].value() != sent["submission_key"] or content is None
    assert not Batch.objects.exists()


def test_a_file_far_too_large_is_refused_before_it_is_read(officer):
    answer = officer.post(NEW, data=b"", content_type="multipart/form-data", CONTENT_LENGTH=str(60 * 2**20))
    assert answer.status_code == 413
    assert "larger than 40 MB" in answer.content.decode()


def test_the_upload_needs_the_token_of_its_form(them):
    client = Client(enforce_csrf_checks=True)
    client.force_login(them.officer, backend=BACKEND)
    fields = form(client, zip_of(device_requests(2)))
    assert client.post(NEW, fields).status_code == 403
    assert not Batch.objects.exists()
    token = client.cookies["csrftoken"].value
    fields = form(client, zip_of(device_requests(2))) | {"csrfmiddlewaretoken": token}
    assert client.post(NEW, fields).status_code == 302


@pytest.mark.clause("L3.4")
def test_only_your_own_batches_exist_for_you(them, run_jobs):
    batch = hand_in_files(them, device_requests(2))
    run_jobs()
    stranger = signed_in(person_in("party-officer", "Stan Stranger", for_party=party("Other Energy")))
    for name in OF_ONE_BATCH:
        assert stranger.get(address(batch, name)).status_code == 404
    assert stranger.get(address(batch, "download_item", 0)).status_code == 404
    assert not stranger.get(LIST).context["page"].rows
    for name in ("pause_batch", "resume_batch"):
        assert stranger.post(address(batch, name)).status_code == 403
    operator = signed_in(them.operator)
    assert [operator.get(address(batch, name)).status_code for name in OF_ONE_BATCH] == [200] * 5


def test_a_new_state_goes_into_the_live_region_of_the_page_and_is_sent_once(them, officer, run_jobs):
    batch = hand_in_files(them, device_requests(2))
    page = officer.get(address(batch))
    seen = {"seen": page.context["seen"]}
    assert page.content.decode().count('<div id="state" aria-live="polite">') == 1
    same = officer.get(address(batch, "batch_progress"), seen).content.decode()
    assert 'id="progress"' in same and 'id="state"' not in same

    run_jobs()
    new = officer.get(address(batch, "batch_progress"), seen).content.decode()

    assert '<div id="state" hx-swap-oob="innerHTML">' in new and "aria-live" not in new


@pytest.mark.clause("L3.5")
def test_an_operator_reads_what_stopped_a_batch(them, officer, run_jobs, monkeypatch):
    def refuse(*_):
        raise RuleViolation("No Authority issues here yet.", clause="L3.4")

    batch = hand_in_files(them, device_requests(2))
    operator = signed_in(them.operator)
    with monkeypatch.context() as patch:
        patch.setattr(checking, "check_and_unpack", refuse)
        run_jobs()
    for name in ("show_batch", "batch_progress"):
        page = operator.get(address(batch, name)).content.decode()
        assert "What stopped it" in page and "No Authority issues here yet." in page
        assert "What stopped it" not in officer.get(address(batch, name)).content.decode()

    by = them.by(them.operator, Role.DCC_CA_OPERATOR)
    services.resume_batch(batch_uid=batch.uid, by=by)
    services.pause_batch(batch_uid=batch.uid, reason="A key is being moved.", by=by)
    assert "What stopped it" not in operator.get(address(batch)).content.decode()


@pytest.mark.clause("L3.5")
def test_an_operator_pauses_with_a_reason_that_the_subscriber_sees(them, officer, run_jobs):
    batch = hand_in_files(them, device_requests(2))
    operator = signed_in(them.operator)
    refused = operator.post(address(batch, "pause_batch"), {"reason": " "})
    assert refused.status_code == 422 and b"Say why the batch is paused" in refused.content
    operator.post(address(batch, "pause_batch"), {"reason": "A key is being moved."})
    run_jobs()
    page = officer.get(address(batch)).content.decode()
    assert "A key is being moved." in page and "Resume the batch" not in page
    assert operator.post(address(batch, "pause_batch"), {"reason": "Again."}).status_code == 422
    assert operator.post(address(batch, "resume_batch")).status_code == 302
    run_jobs()
    assert Batch.objects.get(pk=batch.pk).state == COMPLETED


@pytest.mark.clause("L8.1(b)")
def test_the_queue_shows_what_is_due_first(them, clock):
    operator = signed_in(them.operator)
    assert b"No batch is in hand." in operator.get("/certification/batches/queue/").content
    batches = [hand_in_files(them, device_requests(2)) for _ in range(3)]
    for batch, ago in zip(batches[:2], (timedelta(hours=1), timedelta(days=2)), strict=True):
        services.receive_batch(batch_uid=batch.uid, count=2, by=Actor.clock(), at=time.now() - ago)
    answer = operator.get("/certification/batches/queue/")
    assert [row.batch for row in answer.context["rows"]] == [batches[1], batches[0], batches[2]]
    assert [row.look for row in answer.context["rows"]][::2] == ["late", ""]
    assert signed_in(them.officer).get("/certification/batches/queue/").status_code == 403


def with_items(them, count: int) -> Batch:
    """A batch of so many requests, every tenth with an error, as rows alone."""
    batch = hand_in_files(them, {**device_requests(2)})
    assert batch.state == PENDING
    columns = ("batch_id", "number", "name", "outcome", "fault_code", "fault_detail", "eui64", "sent_at")
    now = time.now()
    rows = [
        (batch.pk, n, f"meter-{n:05d}.csr", "error", "csr.key.used", "Used before.", f"{n:016X}", now)
        for n in range(count)
    ]
    with writing_for_tests():
        insert_rows(BatchItem, columns, rows)
    return batch


@pytest.mark.clause("L8.3")
def test_the_results_page_asks_no_more_at_full_size(officer, them):
    def queries(batch: Batch, query: str = "") -> int:
        with CaptureQueriesContext(connection) as captured:
            assert officer.get(address(batch, "list_items") + query).status_code == 200
        assert not [each for each in captured if "COUNT(" in each["sql"] and "batches_" in each["sql"]]
        return len(captured)

    small, full = with_items(them, 60), with_items(them, 50_000)
    queries(small)
    few = queries(small)
    for query in (
        "",
        "?after=49900",
        "?outcome=error&after=25000",
        "?search=49999",
        "?search=0000-0000-0000-C34F",
    ):
        assert queries(full, query) == few
    found = officer.get(address(full, "list_items") + "?search=meter-4999").context["page"]
    assert [item.number for item in found] == list(range(49_990, 50_000))
    by_device = officer.get(address(full, "list_items") + "?search=000000000000C34F").context["page"]
    assert [item.number for item in by_device] == [49_999]
    page = officer.get(address(full, "list_items") + "?outcome=certificate").content.decode()
    assert "No result fits this search." in page
    following = officer.get(address(full, "list_items")).context["page"].older
    assert (
        officer.get(address(full, "list_items") + f"?after={following}").context["page"].rows[0].number == 50
    )


@pytest.mark.clause("L8.3")
def test_after_thirty_days_the_page_says_where_the_certificates_are(officer, them, clock, run_jobs):
    batch = hand_in_files(them, device_requests(2))
    run_jobs()
    clock.advance(timedelta(days=31))
    assert b"is in the Repository" in officer.get(address(batch)).content
    officer.raise_request_exception = False
    assert officer.get(address(batch, "download_results")).status_code == 409


def test_results_lost_from_the_store_are_made_again(officer, them, run_jobs):
    batch = hand_in_files(them, device_requests(2))
    run_jobs()
    batch = Batch.objects.get(pk=batch.pk)
    store.remove(batch.result_sha256)
    assert b"".join(officer.get(address(batch, "download_results"))).startswith(b"PK")


def test_the_lists_ask_no_more_for_more_batches(officer, them):
    def queries(client: Client, where: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(where)
        return len(captured)

    operator = signed_in(them.operator)
    hand_in_files(them, device_requests(2))
    pages = [(officer, LIST), (operator, LIST), (operator, "/certification/batches/queue/")]
    for client, where in pages:
        queries(client, where)
    few = [queries(client, where) for client, where in pages]
    for _ in range(4):
        hand_in_files(them, device_requests(2))
    assert [queries(client, where) for client, where in pages] == few
