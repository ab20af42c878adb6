"""Certification Authorities in the browser: accessible pages, and a ceremony by two people."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_reflows
from tests.browser.people import NewPage
from tests.servers.site import Site

Axe = Callable[[Page], None]


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


def test_a_ceremony_by_two_people(site: Site, new_page: NewPage, axe: Axe) -> None:
    first = new_page(site, as_person="Ian Sutcliffe", javascript=False)
    first.goto("/certification/authorities/ceremonies/plan/")
    first.get_by_label("Test", exact=True).check()
    for label, name in (("Root DCA", "B1"), ("Issuing DCA", "B2"), ("Root OCA", "B3"), ("Issuing OCA", "B4")):
        first.get_by_label(f"Name of the {label}").fill(name)
    first.get_by_label("Witnesses").fill("Wilma Witness")
    first.get_by_role("button", name="Plan the ceremony").click()
    first.get_by_label("I have read the script").check()
    first.get_by_role("button", name="Approve the ceremony").click()
    expect(first.get_by_text("Another Certification Authority operator")).to_be_visible()
    second = new_page(site, as_person="Beth Adeyemi")
    second.goto(first.url)
    axe(second)
    second.get_by_label("I have read the script").check()
    second.get_by_role("button", name="Approve the ceremony").click()
    expect(second.get_by_text("Your approval is recorded")).to_be_visible()
    for _ in range(30):
        if second.get_by_role("heading", name="Transcript").count():
            break
        second.wait_for_timeout(500)
        second.reload()
    expect(second.get_by_role("link", name="Issuing OCA B4")).to_be_visible()
    axe(second)
    second.goto("/certification/authorities/")
    expect(second.get_by_role("row", name="Issuing OCA TOI1")).to_contain_text("revocation lists only")
