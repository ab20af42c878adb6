"""From the Certificate that a subscriber no longer trusts to the CRL that names it, in the browser."""

import re

import pytest
from cryptography import x509
from playwright.sync_api import Page, expect

from tests.browser.people import NewPage
from tests.browser.test_certificates import OFFICER, REGISTRAR, hand_in, look
from tests.samples.signing_requests import device, organisation
from tests.servers.site import Site

OPERATOR = "Ian Sutcliffe"


def wait_for_heading(page: Page, name: str) -> None:
    for _ in range(30):
        if page.get_by_role("heading", name=name).count():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def certificate_page(site: Site, new_page: NewPage) -> Page:
    """The officer's page of an Organisation Certificate just issued."""
    officer = new_page(site, as_person=OFFICER)
    hand_in(officer, "organisation", organisation(eui64=bytes.fromhex("90B3D51F30010002")).make())
    reference = officer.get_by_role("heading", level=1).inner_text().split()[1]
    registrar = new_page(site, as_person=REGISTRAR)
    registrar.goto("/certification/requests/queue/")
    registrar.get_by_role("link", name=f"Check {reference}").click()
    registrar.get_by_role("button", name="Issue the Certificate").click()
    registrar.wait_for_url(re.compile("/certification/requests/[0-9a-f-]{36}/$"))
    wait_for_heading(officer, "Your Certificate")
    officer.get_by_role("link", name="Reject this Certificate").click()
    return officer


@pytest.mark.clause("L3.4", "L3.5")
def test_from_the_request_for_a_revocation_to_the_crl(site: Site, new_page: NewPage) -> None:
    officer = certificate_page(site, new_page)
    look(officer, "revocation-certificate")
    serial = officer.url.rstrip("/").rsplit("/", 1)[1]
    officer.get_by_role("button", name="Ask for its revocation").click()
    officer.get_by_role("button", name="Ask for the revocation").click()
    expect(officer.get_by_role("alert")).to_contain_text("There is a problem")
    look(officer, "revocation-ask")
    officer.get_by_label("Its private key is, or may be, compromised").check()
    officer.get_by_label("What has happened").fill("The disk with the key was stolen.")
    officer.get_by_label("I understand").check()
    officer.get_by_role("button", name="Ask for the revocation").click()
    expect(officer.get_by_text("is going to check this request")).to_be_visible()

    registrar = new_page(site, as_person=REGISTRAR)
    registrar.goto("/certification/revocations/")
    look(registrar, "revocation-queue")
    registrar.get_by_role("link", name=re.compile("^Check ")).first.click()
    look(registrar, "revocation-check")
    registrar.get_by_label("How you verified").fill("Called Simon Hale back on the number in the register.")
    registrar.get_by_role("button", name="Revoke the Certificate").click()
    expect(registrar.get_by_text("The Certificate is revoked.")).to_be_visible()

    officer.goto(f"/certification/revocations/certificates/{serial}/")
    expect(officer.get_by_text("compromised")).to_be_visible()
    assert int(serial, 16) in serials_on_the_newest_crl(officer)


def serials_on_the_newest_crl(page: Page) -> set[int]:
    """What a reader fetches from the Repository; the worker has some seconds to make it."""
    page.goto("/repository/certificates/lists/")
    page.get_by_label("What do you need the Repository for?").fill("Checking what is revoked")
    page.get_by_role("main").get_by_role("button").click()
    for _ in range(20):
        page.goto("/repository/certificates/lists/")
        row = page.get_by_role("row", name=re.compile("Certificate Revocation List.*In force"), exact=False)
        with page.expect_download() as fetched:
            row.first.get_by_role("link").first.click()
        crl = x509.load_der_x509_crl(fetched.value.path().read_bytes())
        if len(crl):
            break
        page.wait_for_timeout(500)
    look(page, "revocation-repository")
    return {entry.serial_number for entry in crl}


@pytest.mark.clause("L3.4")
def test_a_device_certificate_is_rejected_and_investigated(site: Site, new_page: NewPage) -> None:
    officer = new_page(site, as_person=OFFICER)
    hand_in(officer, "device", device(eui64=bytes.fromhex("0011223344556699")).make())
    wait_for_heading(officer, "Your Certificate")
    officer.get_by_role("link", name="Reject this Certificate").click()
    officer.get_by_role("button", name="Reject this Certificate").click()
    look(officer, "revocation-reject")
    officer.get_by_label("What is wrong with it").fill("It names another device.")
    officer.get_by_label("I understand").check()
    officer.get_by_role("button", name="Reject the Certificate").click()
    expect(officer.get_by_text("DCC finds out what went wrong")).to_be_visible()

    registrar = new_page(site, as_person=REGISTRAR)
    registrar.goto(officer.url)
    look(registrar, "revocation-rejection")
    registrar.get_by_label("What you found").fill("The request named that device.")
    registrar.get_by_role("button", name="Conclude the investigation").click()
    expect(registrar.get_by_text("The request named that device.")).to_be_visible()


@pytest.mark.clause("L3.5")
def test_an_operator_sees_the_margins_and_makes_a_crl_now(site: Site, new_page: NewPage) -> None:
    operator = new_page(site, as_person=OPERATOR)
    operator.goto("/certification/revocations/lists/")
    button = operator.get_by_role("button", name="Issue now the CRL of Issuing OCA").first
    name = button.inner_text().rsplit(" ", 1)[-1]
    row = operator.get_by_role("row", name=re.compile(f"CRL .*of Issuing OCA {name}"))
    before = row.get_by_role("rowheader").inner_text()
    button.click()
    expect(operator.get_by_text(re.compile("The new CRL is in force|is making the CRL"))).to_be_visible()
    for _ in range(20):
        if row.get_by_role("rowheader").inner_text() != before:
            break
        operator.wait_for_timeout(500)
        operator.reload()
    assert row.get_by_role("rowheader").inner_text() != before
    look(operator, "revocation-lists")
