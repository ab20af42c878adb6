"""Somebody without an account reads the ledger and verifies it with what the pages offer."""

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible, assert_reflows
from tests.browser.people import NewPage
from tests.servers.site import Site


def look(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_accessible(page)
    assert_reflows(page)


def test_an_outsider_reads_and_verifies_the_ledger(site: Site, new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(site)
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="Ledger").click()
    look(page, "Ledger")
    page.get_by_role("link", name="Read the entries").click()
    look(page, "Ledger entries")
    page.get_by_role("table").get_by_role("link").first.click()
    look(page, re.sub(r"\D+", "Ledger entry ", page.get_by_role("heading", level=1).inner_text()))
    page.get_by_text("What exactly is sealed").click()
    assert_accessible(page)
    page.goto("/ledger/")
    page.get_by_role("link", name="Verify the ledger").click()
    look(page, "Verify the ledger")
    for link, name in (("Download the verifier", "verifier.py"), ("Download the ledger", "ledger.jsonl")):
        with page.expect_download() as download:
            page.get_by_role("link", name=link).click()
        download.value.save_as(tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-I", "verifier.py", "export", "ledger.jsonl"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all hold" in done.stdout


def test_a_search_that_finds_nothing_and_a_wrong_date_say_so(site: Site, new_page: NewPage) -> None:
    page = new_page(site, javascript=False)
    page.goto("/ledger/entries/")
    page.get_by_label("Event").fill("no.such.event")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("No entry that you may read fits this search.")).to_be_visible()
    page.get_by_role("group", name="From").get_by_label("Day").fill("32")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
