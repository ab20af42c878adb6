"""The auditor reads who changed what in the community; the Secretariat corrects and sees it."""

from playwright.sync_api import expect

from tests.browser.accessibility import assert_accessible, assert_reflows
from tests.browser.people import NewPage
from tests.servers.site import Site

SECRETARIAT, AUDITOR, CORRECTED = "Joanna Birch", "Philip Orme", "Peter Yates"


def test_a_correction_is_told_with_its_entry(site: Site, new_page: NewPage) -> None:
    page = new_page(site, as_person=SECRETARIAT)
    page.goto("/community/?q=Yates")
    page.get_by_role("link", name=CORRECTED).click()
    page.get_by_role("link", name="Change").first.click()
    page.get_by_label("Name").fill("Peter Yates-Bell")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="History").click()
    row = page.get_by_role("row").filter(has_text="Peter Yates-Bell")
    expect(row.filter(has_text=SECRETARIAT)).to_have_count(1)
    assert_accessible(page)
    assert_reflows(page)

    auditor = new_page(site, as_person=AUDITOR)
    auditor.goto("/")
    auditor.get_by_role("link", name="Community", exact=True).click()
    expect(auditor.get_by_role("heading", level=1)).to_have_text("Histories of the community")
    assert_accessible(auditor)
    assert_reflows(auditor)
    auditor.get_by_role("link", name="Peter Yates-Bell").click()
    auditor.get_by_role("row").filter(has_text=SECRETARIAT).get_by_role("link").first.click()
    expect(auditor.get_by_text("person.corrected").first).to_be_visible()
