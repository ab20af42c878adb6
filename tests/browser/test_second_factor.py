"""Signing in where a second factor is required, as in production: from the first password to a fresh factor."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.browser.accessibility import assert_accessible
from tests.browser.people import NewPage
from tests.clock import SetClock
from tests.servers import site as sites
from tests.servers.site import Site

TOTP_PERIOD = 30
PASSWORD = "correct horse battery staple"
GUARDED = {"SMKI_SAMPLE_COMMUNITY": "false", "SMKI_MFA_REQUIRED": "true"}
# allauth keeps in the session when each factor was given, by the machine's own time.
AGE_EVERY_FACTOR = """
from importlib import import_module
from django.conf import settings
from django.contrib.sessions.models import Session
store = import_module(settings.SESSION_ENGINE).SessionStore
for row in Session.objects.all():
    session = store(row.session_key)
    records = session.get("account_authentication_methods", [])
    session["account_authentication_methods"] = [each | {"at": each["at"] - 3600} for each in records]
    session.save()
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation without sample community, in which nobody is entered yet."""
    folder = tmp_path_factory.mktemp("guarded")
    sites.prepare(folder, **GUARDED)
    with sites.running(folder, folder, SetClock(folder / "clock"), **GUARDED) as running:
        yield running


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def invite(site: Site, email: str, office: str) -> str:
    """Enter a person as the owner does; the path at which the first password is set."""
    printed = site.manage(
        "add_person", email, email.split("@")[0].title(), "--office", office, "--print-link"
    )
    link = re.search(r"https?://[^/\s]+(/\S+)", printed)
    assert link is not None, printed
    return link[1]


def set_first_password(page: Page, path: str) -> None:
    page.goto(path)
    assert_accessible(page)
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    press(page, "Set password")
    expect(page.get_by_role("heading", name="Your password is set")).to_be_visible()


def give_password(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    press(page, "Sign in")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    press(page, "Sign out")
    page.goto("/for-you/")
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_PERIOD))


def next_code_of(secret: str, used: str) -> str:
    """The code after one that was used: each counts once."""
    while (code := code_of(secret)) == used:
        time.sleep(0.2)
    return code


def enrolled_with_passkey(site: Site, page: Page, email: str, office: str) -> None:
    """A person signed in whose only second factor is a passkey, held by a virtual authenticator."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    set_first_password(page, invite(site, email, office))
    give_password(page, email)
    page.get_by_role("button", name="Add a passkey").click()
    confirm_password(page)
    expect(page.get_by_role("heading", level=1, name="Add a passkey")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Name of the key").fill("Work laptop")
    page.get_by_label("Let me sign in with this key alone").check()
    press(page, "Add")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def confirm_password(page: Page) -> None:
    """Whoever changes how to sign in shows once more that it is not just an unlocked screen."""
    expect(page.get_by_role("heading", level=1, name="Confirm that it is you")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Continue")


def set_up_app(page: Page) -> tuple[str, str, list[str]]:
    """The app's secret, the code that was used for setting it up, and the recovery codes."""
    page.get_by_role("button", name="Set up an authenticator app").click()
    confirm_password(page)
    expect(page.get_by_role("heading", level=1, name="Set up an authenticator app")).to_be_visible()
    assert_accessible(page)
    secret = page.locator("code.app-hash").inner_text()
    page.get_by_label("Code", exact=True).fill("000000")
    press(page, "Set up")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.locator("code.app-hash").inner_text() == secret
    page.get_by_label("Code", exact=True).fill(code := code_of(secret))
    press(page, "Set up")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert_accessible(page)
    recovery_codes = page.get_by_role("main").locator("li code").all_inner_texts()
    assert len(set(recovery_codes)) == 10
    return secret, code, recovery_codes


def test_an_invited_person_sets_up_an_app_and_signs_in_with_its_code(site: Site, new_page: NewPage) -> None:
    email, page = "joanna@larkfield.example", new_page(site)
    set_first_password(page, invite(site, email, "secretariat"))
    give_password(page, email)
    page.goto("/for-you/")
    expect(page.get_by_text("Your office needs a second factor")).to_be_visible()
    assert_accessible(page)
    secret, code, recovery_codes = set_up_app(page)
    page.goto("/for-you/")
    expect(page.get_by_role("heading", level=1, name="For you")).to_be_visible()

    sign_out(page)
    give_password(page, email)
    expect(page.get_by_role("heading", level=1, name="Enter your second factor")).to_be_visible()
    page.goto("/for-you/")
    expect(page.get_by_role("heading", level=1, name="Enter your second factor")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Code", exact=True).fill("000000")
    press(page, "Sign in")
    expect(page.get_by_role("alert")).to_contain_text("Incorrect code")
    assert_accessible(page)
    page.get_by_label("Code", exact=True).fill(next_code_of(secret, code))
    press(page, "Sign in")
    page.goto("/for-you/")
    expect(page.get_by_role("heading", level=1, name="For you")).to_be_visible()

    sign_out(page)
    give_password(page, email)
    page.get_by_label("Code", exact=True).fill(recovery_codes[0])
    press(page, "Sign in")
    page.goto("/for-you/")
    expect(page.get_by_role("heading", level=1, name="For you")).to_be_visible()

    sign_out(page)
    give_password(page, email)
    page.get_by_label("Code", exact=True).fill(recovery_codes[0])
    press(page, "Sign in")
    expect(page.get_by_role("alert")).to_contain_text("Incorrect code")


def test_a_passkey_signs_in_and_a_ceremony_asks_for_it_again(site: Site, new_page: NewPage) -> None:
    page = new_page(site)
    enrolled_with_passkey(site, page, "ian@dcc.example", "dcc-ca-operator")
    sign_out(page)
    page.goto("/accounts/login/")
    press(page, "Use a passkey")
    assert "/accounts/" not in page.url
    page.goto("/for-you/")
    expect(page.get_by_role("heading", level=1, name="For you")).to_be_visible()

    page.goto("/certification/authorities/ceremonies/plan/")
    page.get_by_label("Test", exact=True).check()
    for label, name in (("Root DCA", "A1"), ("Issuing DCA", "A2"), ("Root OCA", "A3"), ("Issuing OCA", "A4")):
        page.get_by_label(f"Name of the {label}").fill(name)
    page.get_by_label("Witnesses").fill("Wilma Witness")
    press(page, "Plan the ceremony")
    expect(page.get_by_text("The key ceremony is planned")).to_be_visible()
    ceremony = page.url
    page.get_by_label("I have read the script").check()
    site.manage("shell", "-c", AGE_EVERY_FACTOR)
    press(page, "Approve the ceremony")
    expect(page.get_by_role("heading", level=1, name="Confirm that it is you")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("key", re.I)).click()
    expect(page.get_by_text("Use your passkey or security key")).to_be_visible()
    assert_accessible(page)
    press(page, "Use a passkey")
    expect(page.get_by_text("Your approval is recorded")).to_be_visible()
    assert page.url == ceremony

    sign_out(page)
    give_password(page, "ian@dcc.example")
    expect(page.get_by_role("heading", level=1, name="Enter your second factor")).to_be_visible()
    assert_accessible(page)
    press(page, "Use a passkey")
    assert "/accounts/" not in page.url


@pytest.mark.clause("L6.5")
def test_five_wrong_passwords_lock(site: Site, new_page: NewPage) -> None:
    email, page = "victor@panel.example", new_page(site)
    set_first_password(page, invite(site, email, "panel-officer"))
    for _ in range(5):
        give_password(page, email, "wrong password")
        expect(page.get_by_role("alert")).to_contain_text("not correct")
    give_password(page, email)
    expect(page.get_by_role("alert")).to_contain_text("This account is locked")
    assert_accessible(page)
    page.goto("/for-you/")
    expect(page.get_by_role("heading", level=1, name="Sign in")).to_be_visible()
