"""The main job, end to end, as its people do it in a freshly loaded sample community.

DCC submits a Device CPS draft, the SMKI PMA approves it at a quorate meeting, and it is in force; a
subscriber's officer gets a Device Certificate for a request made with openssl, and an Organisation
Certificate that a Registration Authority officer checks; a Party downloads a published policy; an outsider
verifies the ledger of all of it.
"""

import hashlib
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from certification.authorities import recipes
from smki_pma.calendar.clock import LONDON
from tests.browser.accessibility import assert_accessible
from tests.browser.people import NewPage
from tests.samples import office_files
from tests.samples.signing_requests import SAMPLE, organisation
from tests.servers.site import Site

SECRETARIAT, CHAIR = "Joanna Birch", "Margaret Ashdown"
MEMBERS = ("Tomasz Wren", "Priya Nair", "Owen Pritchard")
DRAFT_LABEL = "Device CPS"


@pytest.fixture(scope="module")
def site(fresh_site: Site) -> Site:
    """The CPS of this story is the first: nobody else's may stand there."""
    return fresh_site


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("main").get_by_role("link", name=name).first.click()


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def download(page: Page, link: Locator) -> bytes:
    with page.expect_download() as fetched:
        link.click()
    return Path(fetched.value.path()).read_bytes()


def eventually(page: Page, wanted: Locator) -> None:
    """Load the page again until it shows something that the worker makes."""
    for _ in range(60):
        if wanted.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(wanted).to_be_visible()


# The Device CPS


def submit_the_draft(page: Page) -> None:
    page.goto("/cps/")
    assert_accessible(page)
    press(page, "Submit the initial draft")
    assert_accessible(page)
    pdf = office_files.pdf("1 Scope. This is the Device CPS.", "2 Keys are kept in two places.")
    page.get_by_label("Document").set_input_files(
        {"name": "draft.pdf", "mimeType": "application/pdf", "buffer": pdf}
    )
    page.get_by_label("Where are the policies and procedures?").fill("Section 1")
    page.get_by_label("Where are the detailed operating procedures?").fill("Section 2")
    page.get_by_label("Where are the other provisions that are required?").fill("Annex A")
    press(page, "Submit the draft")
    page.wait_for_url(re.compile("/cps/drafts/"))
    assert_accessible(page)


def call_the_meeting(page: Page) -> str:
    """Agenda with the draft, notice at shorter notice with every member's leave; the meeting's address."""
    page.goto("/meetings/new/")
    starts = datetime.now(LONDON)
    for label, value in zip(("Day", "Month", "Year"), (starts.day, starts.month, starts.year), strict=True):
        page.get_by_label(label, exact=True).fill(str(value))
    page.get_by_label("Time", exact=True).fill(f"{starts:%H:%M}")
    page.get_by_label("Where").fill("Room 2")
    press(page, "Save as draft")
    follow(page, "Add an item")
    page.get_by_label("Public title").fill("Initial draft of the Device CPS")
    page.get_by_label("For decision").check()
    about = page.get_by_label("What it is about")
    about.select_option(
        value=about.locator("option", has_text=DRAFT_LABEL).first.get_attribute("value") or ""
    )
    press(page, "Add the item")
    if "/items/" in page.url:
        page.get_by_role("link", name=re.compile("^Meeting PMA-")).first.click()
    address = page.url
    press(page, "Give notice")
    page.get_by_label("Representative of the DCC").select_option(label="Nadia Rahman")
    page.get_by_label("Why notice is shorter, if it is").fill("DCC asks for an early decision")
    for box in page.get_by_role("group", name="Members who agree").get_by_role("checkbox").all():
        box.check()
    assert_accessible(page)
    press(page, "Give notice")
    expect(heading(page)).to_contain_text("Meeting PMA-")
    return address


def put_the_question(page: Page, meeting: str) -> None:
    page.goto(meeting)
    follow(page, re.compile("Initial draft of the Device CPS"))
    press(page, "Put a question")
    page.get_by_label("Approve the initial draft of the Device CPS: Approve the draft").check()
    press(page, "Continue")
    for subject in page.get_by_role("main").get_by_role("radio").all():
        subject.check()
    assert_accessible(page)
    press(page, "Put the question")
    page.wait_for_url(re.compile("/meetings/(votes|items)/[0-9a-f-]*/$"))


def record_arrivals(page: Page, meeting: str, *names: str) -> None:
    page.goto(meeting)
    press(page, "Record who comes in")
    for name in names:
        page.get_by_label(re.compile(f"^{name}, ")).first.check()
    press(page, "Record arrivals")
    expect(page.get_by_text("Quorate", exact=True)).to_be_visible()


def open_the_vote(page: Page, meeting: str) -> str:
    """The Chair opens the meeting, the item and the vote; the vote's address."""
    page.goto(meeting)
    press(page, "Open the meeting")
    press(page, "Open this item")
    page.goto(meeting)
    follow(page, re.compile("^Vote "))
    press(page, "Open the vote")
    page.get_by_label("Members were asked whether they have a conflict").check()
    assert_accessible(page)
    press(page, "Open the vote")
    expect(page.get_by_role("main").get_by_role("button", name="Vote", exact=True)).to_be_visible()
    return page.url


def vote(page: Page, address: str, *, scripts: bool = True) -> None:
    look = assert_accessible if scripts else (lambda page: None)  # axe-core is a script too
    page.goto(address)
    press(page, "Vote")
    page.get_by_label("No, I have no conflict of interest").check()
    press(page, "Continue")
    assert page.get_by_role("radio", checked=True).count() == 0
    look(page)
    page.get_by_label("For", exact=True).check()
    press(page, "Continue")
    look(page)
    press(page, "Cast your ballot")
    expect(page.get_by_role("heading", name="Ballot cast")).to_be_visible()


def vote_by_keyboard(page: Page, address: str) -> None:
    """The same with Tab, Space and Enter alone."""
    page.goto(address)
    _tab_to(page, page.get_by_role("main").get_by_role("button", name="Vote", exact=True))
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_label("No, I have no conflict of interest"))
    page.keyboard.press("Space")
    _tab_to(page, page.get_by_role("button", name="Continue"))
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_label("For", exact=True))
    page.keyboard.press("Space")
    _tab_to(page, page.get_by_role("button", name="Continue"))
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_role("button", name="Cast your ballot"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ballot cast")).to_be_visible()


def _tab_to(page: Page, wanted: Locator) -> None:
    expect(wanted).to_be_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


@pytest.mark.clause("L1.13", "L9.9(b)")
def test_the_device_cps_is_approved_at_a_quorate_meeting(site: Site, new_page: NewPage) -> None:
    dcc = new_page(site, as_person="Nadia Rahman")
    submit_the_draft(dcc)

    secretariat = new_page(site, as_person=SECRETARIAT)
    meeting = call_the_meeting(secretariat)
    put_the_question(secretariat, meeting)
    record_arrivals(secretariat, meeting, CHAIR, *MEMBERS)

    chair = new_page(site, as_person=CHAIR)
    address = open_the_vote(chair, meeting)
    vote(chair, address)
    vote(new_page(site, as_person=MEMBERS[0]), address)
    vote(new_page(site, as_person=MEMBERS[1], javascript=False, viewport=(375, 800)), address, scripts=False)
    vote_by_keyboard(new_page(site, as_person=MEMBERS[2]), address)

    chair.goto(address)
    press(chair, "Close the vote")
    press(chair, "Close the vote")
    expect(chair.get_by_text("4 for, 0 against, 0 abstained")).to_be_visible()
    assert_accessible(chair)

    eventually(chair, chair.get_by_role("main").get_by_role("link", name=re.compile("^Decision")))
    follow(chair, re.compile("^Decision"))
    signed = download(chair, chair.get_by_role("button", name="Download the signed PDF"))
    assert signed.startswith(b"%PDF")

    dcc.goto("/cps/")
    expect(dcc.get_by_text("Version 1 is in force")).to_be_visible()
    outsider = new_page(site, as_person="Simon Hale")
    assert outsider.goto("/cps/").status == 404  # type: ignore[union-attr]
    expect(outsider.get_by_text("Keys are kept in two places")).to_have_count(0)


# Certificates


def openssl(*arguments: str, folder: Path) -> str:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def fetch_authorities(page: Page, folder: Path) -> None:
    """The Certificates of the four Authorities, as DCC publishes them."""
    page.goto("/certification/authorities/")
    eventually(page, page.get_by_role("link", name=re.compile("^PEM of Issuing DCA")))
    for name in ("Root DCA", "Issuing DCA", "Root OCA", "Issuing OCA"):
        data = download(page, page.get_by_role("link", name=re.compile(f"^PEM of {name}")).first)
        (folder / f"{name}.pem").write_bytes(data)


def verify_chain(certificate: bytes, *, kind: str, folder: Path) -> None:
    (folder / "end.pem").write_bytes(certificate)
    chain = ("-CAfile", f"Root {kind}.pem", "-untrusted", f"Issuing {kind}.pem")
    # The Device profile's critical subjectAltName holds an otherName that openssl does not read.
    assert "OK" in openssl("verify", *chain, "-ignore_critical", "end.pem", folder=folder)


def certificate_shown(page: Page) -> bytes:
    eventually(page, page.get_by_role("heading", name="Your Certificate"))
    return download(page, page.get_by_role("button", name="Download PEM"))


@pytest.mark.clause("L3.4", "L8.1(a)")
def test_a_device_certificate_for_a_request_made_with_openssl(
    site: Site, new_page: NewPage, tmp_path: Path
) -> None:
    fetch_authorities(new_page(site, as_person="Ian Sutcliffe"), tmp_path)
    (tmp_path / "device.cnf").write_text(recipes.device_configuration(SAMPLE))
    subprocess.run(["sh", "-ec", recipes.device_commands()], cwd=tmp_path, check=True, capture_output=True)

    officer = new_page(site, as_person="Simon Hale")
    officer.goto("/certification/requests/")
    press(officer, "Request a Device Certificate")
    officer.get_by_label("Paste the request").fill((tmp_path / "device.csr").read_text())
    press(officer, "Hand in the request")
    certificate = certificate_shown(officer)
    verify_chain(certificate, kind="DCA", folder=tmp_path)
    assert_accessible(officer)


@pytest.mark.clause("L3.3", "L3.4")
def test_an_organisation_certificate_is_checked_and_issued(
    site: Site, new_page: NewPage, tmp_path: Path
) -> None:
    fetch_authorities(new_page(site, as_person="Beth Adeyemi"), tmp_path)
    officer = new_page(site, as_person="Simon Hale")
    officer.goto("/certification/requests/new/organisation/")
    request = organisation(eui64=bytes.fromhex("90B3D51F30010002")).make()
    officer.get_by_label("Or upload a file").set_input_files(
        {"name": "my.csr", "mimeType": "application/octet-stream", "buffer": request}
    )
    press(officer, "Hand in the request")
    reference = heading(officer).inner_text().split()[1]

    registrar = new_page(site, as_person="Colin Baxter")
    registrar.goto("/for-you/")
    assert_accessible(registrar)
    registrar.goto("/certification/requests/queue/")
    follow(registrar, f"Check {reference}")
    press(registrar, "Issue the Certificate")
    officer.reload()
    verify_chain(certificate_shown(officer), kind="OCA", folder=tmp_path)


# The Repository, and the ledger of everything


@pytest.mark.clause("L5.5", "L5.6")
def test_a_party_downloads_a_published_policy(site: Site, new_page: NewPage) -> None:
    page = new_page(site, as_person="Peter Yates")
    page.goto("/repository/documents/")
    page.get_by_label(re.compile("What do you need")).fill("To know what is asked of our devices")
    press(page, "Continue")
    assert_accessible(page)
    follow(page, "Device Certificate Policy")
    shown = page.locator("code.app-hash").first.inner_text()
    data = download(page, page.get_by_role("button", name=re.compile("^Download the")))
    assert hashlib.sha256(data).hexdigest() == re.sub(r"\s", "", shown)
    assert_accessible(page)


def test_an_outsider_verifies_the_ledger(site: Site, new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(site)
    page.goto("/ledger/verify/")
    assert_accessible(page)
    key = page.get_by_label("Public keys").inner_text().split()[-1]
    verifier = tmp_path / "verifier.py"
    verifier.write_bytes(download(page, page.get_by_role("link", name="Download the verifier")))
    export = tmp_path / "ledger.jsonl"
    export.write_bytes(download(page, page.get_by_role("link", name="Download the ledger")))
    check(verifier, "export", export, key, holds=True)
    text = export.read_text()
    export.write_text(text.replace("meeting.convened", "meeting.convoked", 1))
    assert export.read_text() != text
    check(verifier, "export", export, key, holds=False)

    member = new_page(site, as_person="Priya Nair")
    member.goto("/ledger/entries/")
    assert_accessible(member)
    row = member.get_by_role("row").filter(has_text="vote.closed")
    row.get_by_role("link", name=re.compile("Entry")).click()
    number = heading(member).inner_text().split()[-1]
    proof = tmp_path / "entry.tlog-proof"
    proof.write_text(page.request.get(f"/ledger/entries/{number}/proof").text())
    check(verifier, "proof", proof, key, holds=True)


def check(verifier: Path, what: str, file: Path, key: str, *, holds: bool) -> None:
    command = [sys.executable, "-I", str(verifier), what, str(file), "--vkey", key]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode == 0) is holds, done.stdout + done.stderr
