"""Certification Authorities in the browser: accessible pages, and a ceremony by two people."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessibility import assert_reflows
from tests.browser.people import NewPage
from tests.servers.site import Site

Axe = Callable[[Page], None]
PICTURES = os.environ.get("SMKI_TEST_PICTURES")


def test_pages_are_accessible(site: Site, new_page: NewPage, axe: Axe) -> None:
    page = new_page(site, as_person="Ian Sutcliffe")
    page.goto("/certification/authorities/")
    expect(page.get_by_role("link", name="Root DCA DR1", exact=True)).to_be_visible()
    axe(page)
    assert_reflows(page)
    page.get_by_role("link", name="Issuing OCA OI1", exact=True).click()
    axe(page)
    assert_reflows(page)
    page.get_by_role("link", name="Key ceremony KC-").click()
    axe(page)
    assert_reflows(page)
    page.goto("/certification/authorities/how-to-make-a-request/")
    axe(page)
    assert_reflows(page)
    page.goto("/certification/authorities/ceremonies/plan/")
    axe(page)
    page.get_by_role("button", name="Plan the ceremony").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter witnesses")
    axe(page)


def approve(page: Page) -> None:
    page.get_by_label("I have read the script").check()
    page.get_by_role("button", name="Approve the ceremony").click()
    expect(page.get_by_text("Your approval is recorded")).to_be_visible()


def wait_for(page: Page, what: Locator) -> None:
    """Look again until the worker has done it."""
    for _ in range(60):
        if what.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(what).to_be_visible()


@pytest.mark.clause("L3.5")
def test_a_root_signs_its_list_when_two_people_want_it(site: Site, new_page: NewPage, axe: Axe) -> None:
    first = new_page(site, as_person="Ian Sutcliffe")
    first.goto("/certification/authorities/")
    first.get_by_role("link", name="Issuing OCA OI1", exact=True).click()
    first.get_by_role("button", name="Plan its roll-over").click()
    expect(first.get_by_label("Name of the new Authority")).to_be_visible()
    look(first, axe)
    first.goto("/certification/authorities/")
    first.get_by_role("link", name="Root OCA OR1", exact=True).click()
    look(first, axe)
    first.get_by_role("button", name="Plan a revocation list").click()
    look(first, axe)
    first.get_by_label("Witnesses").fill("Wilma Witness")
    first.get_by_role("button", name="Plan the list").click()
    approve(first)
    second = new_page(site, as_person="Beth Adeyemi")
    second.goto(first.url)
    approve(second)
    record = second.get_by_role("link", name=re.compile("^Record of key ceremony"))
    wait_for(second, record)
    expect(second.get_by_role("row", name="ARL 2 of OR1")).to_be_visible()
    look(second, axe)
    record.click()
    button = second.get_by_role("button", name="Download the signed PDF")
    wait_for(second, button)
    with second.expect_download() as download:
        button.click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def look(page: Page, axe: Axe) -> None:
    """Accessible, and narrow enough for a phone; pictures where SMKI_TEST_PICTURES names a folder."""
    if PICTURES:
        name = re.sub(r"[^a-z]+", "-", page.title().lower())[:50]
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
    axe(page)
    assert_reflows(page)


def test_a_ceremony_by_two_people(site: Site, new_page: NewPage, axe: Axe) -> None:
    first = new_page(site, as_person="Ian Sutcliffe", javascript=False)
    first.goto("/certification/authorities/ceremonies/plan/")
    first.get_by_label("Test", exact=True).check()
    for label, name in (("Root DCA", "B1"), ("Issuing DCA", "B2"), ("Root OCA", "B3"), ("Issuing OCA", "B4")):
        first.get_by_label(f"Name of the {label}").fill(name)
    first.get_by_label("Witnesses").fill("Wilma Witness")
    first.get_by_role("button", name="Plan the ceremony").click()
    approve(first)
    expect(first.get_by_text("Another Certification Authority operator")).to_be_visible()
    second = new_page(site, as_person="Beth Adeyemi")
    second.goto(first.url)
    axe(second)
    approve(second)
    wait_for(second, second.get_by_role("heading", name="Transcript"))
    expect(second.get_by_role("link", name="Issuing OCA B4")).to_be_visible()
    axe(second)
    second.goto("/certification/authorities/")
    expect(second.get_by_role("row", name="Issuing OCA TOI1")).to_contain_text("revocation lists only")
