"""A subscriber's officer gets Certificates in the browser; the worker issues, also when it is killed."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from certification.authorities import recipes
from tests.browser.accessibility import assert_accessible, assert_reflows
from tests.browser.people import NewPage
from tests.samples.signing_requests import SAMPLE, device, organisation
from tests.servers.site import Site

OFFICER, REGISTRAR, READER = "Simon Hale", "Colin Baxter", "Simon Hale"
PICTURES = os.environ.get("SMKI_TEST_PICTURES")


def look(page: Page, name: str) -> None:
    """What every page must pass; a picture of it where SMKI_TEST_PICTURES names a folder."""
    if PICTURES:
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(Path(PICTURES) / f"{name}-{width}.png"), full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})
    assert_accessible(page)
    assert_reflows(page)


def openssl_request(folder: Path) -> str:
    (folder / "device.cnf").write_text(recipes.device_configuration(SAMPLE))
    subprocess.run(["sh", "-ec", recipes.device_commands()], cwd=folder, check=True, capture_output=True)
    return (folder / "device.csr").read_text()


def hand_in(page: Page, policy: str, file: bytes) -> None:
    page.goto(f"/certification/requests/new/{policy}/")
    page.get_by_label("Or upload a file").set_input_files(
        {"name": "my.csr", "mimeType": "application/octet-stream", "buffer": file}
    )
    page.get_by_role("button", name="Hand in the request").click()


@pytest.mark.clause("L3.4")
def test_a_pasted_request_is_issued_at_once(site: Site, new_page: NewPage, tmp_path: Path) -> None:
    page = new_page(site, as_person=OFFICER)
    page.goto("/certification/requests/")
    look(page, "list-empty")
    page.get_by_role("link", name="Request a Device Certificate").or_(
        page.get_by_role("button", name="Request a Device Certificate")
    ).click()
    look(page, "submit")
    page.get_by_label("Paste the request").fill("This is no request")
    page.get_by_role("button", name="Hand in the request").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    look(page, "submit-refused")

    page.get_by_label("Paste the request").fill(openssl_request(tmp_path))
    page.get_by_role("button", name="Hand in the request").click()
    expect(page.get_by_role("heading", name="Your Certificate")).to_be_visible(timeout=20_000)
    look(page, "issued")
    with page.expect_download() as fetched:
        page.get_by_role("button", name="Download PEM").click()
    assert fetched.value.path().read_text().startswith("-----BEGIN CERTIFICATE-----")


@pytest.mark.clause("L3.4")
def test_an_organisation_request_is_checked_and_issued_without_javascript(
    site: Site, new_page: NewPage
) -> None:
    officer = new_page(site, as_person=OFFICER, javascript=False)
    hand_in(officer, "organisation", organisation(eui64=bytes.fromhex("90B3D51F30010001")).make())
    expect(officer.get_by_text("Registration Authority officer is going to check")).to_be_visible()
    reference = officer.get_by_role("heading", level=1).inner_text().split()[1]

    registrar = new_page(site, as_person=REGISTRAR, javascript=False)
    registrar.goto("/certification/requests/queue/")
    registrar.get_by_role("link", name=f"Check {reference}").click()
    registrar.get_by_role("button", name="Issue the Certificate").click()
    registrar.wait_for_url(re.compile("/certification/requests/[0-9a-f-]{36}/$"))

    for _ in range(20):
        officer.reload()
        if officer.get_by_role("heading", name="Your Certificate").count():
            break
        officer.wait_for_timeout(500)
    expect(officer.get_by_role("heading", name="Your Certificate")).to_be_visible()


@pytest.mark.clause("L3.4")
def test_the_registrar_sees_why_and_refuses(site: Site, new_page: NewPage) -> None:
    officer = new_page(site, as_person=OFFICER)
    hand_in(officer, "organisation", organisation(eui64=bytes.fromhex("0011223344556677")).make())
    look(officer, "awaiting-check")
    reference = officer.get_by_role("heading", level=1).inner_text().split()[1]

    registrar = new_page(site, as_person=REGISTRAR)
    registrar.goto("/certification/requests/queue/")
    look(registrar, "queue")
    registrar.get_by_role("link", name=f"Check {reference}").click()
    expect(registrar.get_by_text("in no range that is assigned")).to_be_visible()
    look(registrar, "check")
    registrar.get_by_role("button", name="Refuse the request").click()

    officer.reload()
    expect(officer.get_by_text("in no range that is assigned")).to_be_visible()
    look(officer, "refused")


@pytest.mark.clause("L5.5", "L5.11")
def test_a_reader_gives_a_purpose_and_finds_the_certificate(site: Site, new_page: NewPage) -> None:
    page = new_page(site, as_person=READER)
    page.goto("/repository/certificates/")
    page.get_by_label("What do you need the Repository for?").fill("Checking our devices")
    page.get_by_role("main").get_by_role("button").click()
    expect(page.get_by_role("heading", name="Certificates", level=1)).to_be_visible()
    look(page, "certificates")
    page.get_by_label("Certificate", exact=True).select_option(label="Issuing DCA")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile("Issuing DCA")).first.click()
    look(page, "certificate")
    page.goto("/repository/certificates/?eui64=nonsense")
    look(page, "certificates-error")
    page.goto("/repository/certificates/lists/")
    look(page, "lists")


@pytest.mark.clause("L3.3")
def test_the_subscriber_pages(site: Site, new_page: NewPage) -> None:
    applicant = new_page(site, as_person="Carla Mendes")
    applicant.goto("/certification/subscribers/own/")
    look(applicant, "own")
    applicant.get_by_role("link", name="End this authorisation").click()
    look(applicant, "withdraw-own")
    applicant.get_by_role("link", name="Keep it").click()
    applicant.get_by_role("button", name="Apply").click()
    look(applicant, "apply")
    applicant.get_by_label("Organisation Certificate Policy").check()
    applicant.get_by_label("Carla Mendes").check()
    applicant.get_by_role("button", name="Apply").click()
    expect(applicant.get_by_text("Your application is with DCC")).to_be_visible()

    first = new_page(site, as_person=REGISTRAR)
    first.goto("/certification/subscribers/")
    look(first, "subscribers")
    first.get_by_role("link", name=re.compile("Brightwater.*Organisation")).click()
    for step in ("Identity of the Party", "Nomination", "Identity of responsible officers", "EUI-64"):
        first.get_by_role("link", name=re.compile(f"^Record ?: {step}")).click()
        if step == "Nomination":
            look(first, "step")
        first.get_by_label("Met", exact=True).check()
        first.get_by_label("What you checked").fill("Seen.")
        first.get_by_role("button", name="Record").click()
    expect(first.get_by_text("another Registration Authority officer decides")).to_be_visible()
    look(first, "application")

    second = new_page(site, as_person="Mei Foster")
    second.goto(first.url)
    second.get_by_role("button", name="Authorise").click()
    expect(second.get_by_text("is an Authorised Subscriber")).to_be_visible()
    second.goto("/certification/subscribers/")
    second.get_by_role("link", name=re.compile("^Brightwater")).click()
    look(second, "party")


@pytest.mark.clause("L3.5")
def test_a_request_handed_in_while_the_worker_is_dead_is_issued_when_it_is_back(
    site: Site, new_page: NewPage
) -> None:
    page = new_page(site, as_person=OFFICER)
    site.kill("worker")

    hand_in(page, "device", device(eui64=bytes.fromhex("0011223344556677")).make())

    expect(page.get_by_role("heading", name="Your Certificate")).to_be_visible(timeout=30_000)
