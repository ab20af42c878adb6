"""DCC, members, the Secretariat and a Party in the browser: a CPS draft and a lodged policy."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible, assert_reflows
from tests.browser.people import NewPage
from tests.samples import office_files
from tests.servers.site import Site

DCC, MEMBER, SECRETARIAT, READER, AUDITOR = (
    "Nadia Rahman",
    "Priya Nair",
    "Joanna Birch",
    "Simon Hale",
    "Philip Orme",
)
PICTURES = os.environ.get("SMKI_TEST_PICTURES")


@pytest.fixture(scope="module")
def site(fresh_site: Site) -> Site:
    """The CPS of this story is the first: nobody else's may stand there."""
    return fresh_site


def look(page: Page, name: str) -> None:
    """What every page must pass; a picture of it where SMKI_TEST_PICTURES names a folder."""
    if PICTURES:
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
    assert_accessible(page)
    assert_reflows(page)


def choose(page: Page, label: str, content: bytes, name: str = "draft.pdf") -> None:
    page.get_by_label(label, exact=True).set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


@pytest.mark.clause("L9.9", "L9.8", "L9.12")
def test_a_draft_is_submitted_read_and_amended_upon(site: Site, new_page: NewPage) -> None:
    owner = new_page(site, as_person=DCC)
    owner.goto("/cps/")
    look(owner, "cps-empty")
    owner.get_by_role("link", name="Submit the initial draft").or_(
        owner.get_by_role("button", name="Submit the initial draft")
    ).first.click()
    look(owner, "cps-submit")
    choose(owner, "Document", b"no document at all")
    owner.get_by_role("button", name="Submit the draft").click()
    expect(owner.get_by_role("alert")).to_contain_text("must be a PDF")
    look(owner, "cps-submit-refused")
    text = ("Keys are held for ten years.", "Custodians are two.", "The room is locked.")
    choose(owner, "Document", office_files.pdf(*text))
    for label in ("policies and procedures?", "detailed operating procedures?", "other provisions"):
        owner.get_by_label(label).fill("Section 2, pages 4 to 9")
    owner.get_by_role("button", name="Submit the draft").click()
    expect(owner.get_by_role("heading", level=1)).to_contain_text("Initial draft of the Device CPS")
    look(owner, "cps-overview")
    address = owner.url

    member = new_page(site, as_person=MEMBER)
    member.goto(address)
    member.get_by_role("button", name="Propose an amendment").or_(
        member.get_by_role("link", name="Propose an amendment")
    ).first.click()
    look(member, "cps-propose")
    member.get_by_label("Where in the draft?").fill("Section 2")
    member.get_by_label("What must DCC change?").fill("Hold the keys for twelve years.")
    member.get_by_role("button", name="Propose the amendment").click()
    expect(member.get_by_text("Hold the keys for twelve years.")).to_be_visible()
    look(member, "cps-amendments")
    for tab in ("Text", "Compare", "Votes", "Timeline", "Access"):
        member.get_by_role("link", name=tab, exact=True).click()
        expect(member.get_by_role("link", name=tab, exact=True)).to_have_attribute("aria-current", "page")
        look(member, f"cps-{tab.lower()}")

    auditor = new_page(site, as_person=AUDITOR)
    for page in (address, f"{address}text/", f"{site.url}/cps/"):
        answer = auditor.goto(page)
        assert answer is not None
        assert answer.status == 404


@pytest.mark.clause("L5.5", "L5.11")
def test_a_party_downloads_a_lodged_policy(site: Site, new_page: NewPage) -> None:
    page = new_page(site, as_person=READER)
    page.goto("/repository/documents/")
    look(page, "documents-purpose")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what you need the Repository for")
    page.get_by_label("What do you need the Repository for?").fill("Checking what the policy asks of us")
    page.get_by_role("button", name="Continue").click()
    look(page, "documents-list")
    page.get_by_role("link", name="Device Certificate Policy").click()
    look(page, "documents-version")
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Download the PDF").click()
    assert fetched.value.suggested_filename == "device-certificate-policy-version-1.pdf"
    assert fetched.value.path().read_bytes().startswith(b"%PDF-")


@pytest.mark.clause("L5.3")
def test_the_code_administrator_lodges(site: Site, new_page: NewPage) -> None:
    page = new_page(site, as_person="Alice Thornbury")
    page.goto("/repository/documents/lodge/")
    look(page, "documents-lodge")
    page.get_by_label("SMKI Compliance Policy").check()
    choose(page, "File", office_files.pdf("The policy."))
    page.get_by_label("Fulfilling the SMKI PMA's functions").check()
    page.get_by_role("button", name="Lodge the document").click()
    expect(page.get_by_role("heading", name="What has been lodged")).to_be_visible()
    look(page, "documents-lodged")


def test_the_filter_does_not_cover_the_list_on_a_phone(site: Site, new_page: NewPage) -> None:
    page = new_page(site, as_person="Carla Mendes", viewport=(375, 800))
    page.goto("/repository/documents/")
    page.get_by_label("What do you need the Repository for?").fill("Reading on a phone")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="Device Certificate Policy").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Device Certificate Policy")
