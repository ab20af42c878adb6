"""A batch of 200 in the browser: dropped, sent with its progress, issued by the batch worker, and fetched."""

import io
import os
import re
import signal
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible, assert_reflows
from tests.browser.people import NewPage
from tests.samples.zips import device_requests, zip_of
from tests.servers import processes
from tests.servers.site import Site

OFFICER, OPERATOR = "Simon Hale", "Ian Sutcliffe"
PICTURES = os.environ.get("SMKI_TEST_PICTURES")
DROP = """([zone, bytes]) => {
  const moved = new DataTransfer()
  moved.items.add(new File([new Uint8Array(bytes)], 'dropped.zip', { type: 'application/zip' }))
  zone.dispatchEvent(new DragEvent('drop', { dataTransfer: moved, bubbles: true, cancelable: true }))
}"""


def look(page: Page, name: str) -> None:
    """What every page must pass; a picture of it where SMKI_TEST_PICTURES names a folder."""
    if PICTURES:
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(Path(PICTURES) / f"batch-{name}-{width}.png"), full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
    assert_accessible(page)
    assert_reflows(page)


@contextmanager
def halted(site: Site) -> Iterator[None]:
    """No batch worker runs meanwhile. Killed, not stopped: a stopped one could hold the database's write lock."""
    os.kill(site.supervisor.pid, signal.SIGSTOP)
    try:
        for pid in site.pids("batch"):
            for each in (pid, *processes.children_of(pid)):
                os.kill(each, signal.SIGKILL)
        yield
    finally:
        os.kill(site.supervisor.pid, signal.SIGCONT)


def choose(page: Page, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        {"name": "requests.zip", "mimeType": "application/zip", "buffer": content}
    )


@pytest.mark.clause("L8.1(b)", "L8.2", "L8.3")
def test_a_batch_of_200_with_its_progress(site: Site, new_page: NewPage) -> None:
    files = device_requests(199) | {"wrong.csr": b"no request"}
    page = new_page(site, as_person=OFFICER)
    page.goto("/certification/batches/")
    look(page, "list-empty")
    page.get_by_role("button", name="Hand in a batch").click()
    look(page, "submit")

    choose(page, b"")
    page.get_by_role("button", name="Hand in the batch").click()
    expect(page.get_by_role("alert")).to_contain_text("The file is empty")
    look(page, "submit-refused")

    zone = page.get_by_role("button", name="or drop file").element_handle()
    page.evaluate(DROP, [zone, list(zip_of(files))])
    expect(page.get_by_text("dropped.zip")).to_be_visible()
    page.get_by_role("button", name="Hand in the batch").click()
    page.wait_for_url(re.compile("/certification/batches/[0-9a-f-]{36}/$"))
    page.evaluate("window.liveRegion = document.getElementById('state')")
    expect(page.get_by_text("200 of 200 requests answered (100%)")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Download the results")).to_be_visible(timeout=20_000)
    assert page.evaluate("window.liveRegion.isConnected"), "the progress came without loading the page again"
    assert "Completed" in page.evaluate("window.liveRegion.textContent"), "and is announced"
    look(page, "completed")

    with page.expect_download() as fetched:
        page.get_by_role("button", name="Download the results").click()
    answer = zipfile.ZipFile(io.BytesIO(fetched.value.path().read_bytes()))
    assert answer.testzip() is None and len(answer.namelist()) == 200
    page.get_by_role("link", name="What came of each request").click()
    look(page, "results")
    page.get_by_label("Outcome").select_option("error")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_text("wrong.csr")).to_be_visible()


@pytest.mark.clause("L8.2")
def test_a_rejected_archive_and_a_paused_batch_without_javascript(site: Site, new_page: NewPage) -> None:
    officer = new_page(site, as_person=OFFICER, javascript=False)
    officer.goto("/certification/batches/new/")
    choose(officer, zip_of({"folder/a.csr": b"x", "b.txt": b"x"}))
    officer.get_by_role("button", name="Hand in the batch").click()
    officer.wait_for_url(re.compile("/certification/batches/[0-9a-f-]{36}/$"))
    rejected = officer.get_by_text("Why the batch was rejected")
    for _ in range(40):
        if rejected.count():
            break
        officer.wait_for_timeout(250)
        officer.reload()
    expect(rejected).to_be_visible()
    expect(officer.get_by_text("batch.name.folder")).to_be_visible()
    operator = new_page(site, as_person=OPERATOR)
    operator.goto(officer.url)
    look(operator, "rejected")

    with halted(site):
        officer.goto("/certification/batches/new/")
        choose(officer, zip_of(device_requests(2, first=0x90B3D51F30020000)))
        officer.get_by_role("button", name="Hand in the batch").click()
        officer.wait_for_url(re.compile("/certification/batches/[0-9a-f-]{36}/$"))
        operator.goto("/certification/batches/queue/")
        look(operator, "queue")
        operator.goto(officer.url)
        look(operator, "pending")
        operator.get_by_label("Why it is paused").fill("A key is being moved.")
        operator.get_by_role("button", name="Pause the batch").click()
        expect(operator.get_by_role("button", name="Resume the batch")).to_be_visible()
        officer.reload()
        expect(officer.get_by_text("A key is being moved.")).to_be_visible()
        look(operator, "paused")
    operator.get_by_role("button", name="Resume the batch").click()
    for _ in range(80):
        if officer.get_by_text("2 of 2 requests answered").count():
            break
        officer.wait_for_timeout(250)
        officer.reload()
    expect(officer.get_by_text("2 of 2 requests answered (100%)")).to_be_visible()
