"""Every component in a real browser: axe, keyboard, phone width, paper, without scripts."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import assert_accessible, assert_reflows
from tests.browser.components.served import URLS, Faults, with_templates

pytestmark = [pytest.mark.urls(URLS)]
PAGES = ["/components/", "/refused/rule/", "/refused/office/", "/refused/fault/", "/nothing/"]
ABOUT = ["/how-this-works/", "/accessibility/", "/privacy/"]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def address(settings: Any) -> Iterator[str]:
    """A server of the components page; it needs no database, so the flush of a live server is spared."""
    with_templates(settings)
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    app = StaticFilesHandler(get_wsgi_application())
    server = make_server("127.0.0.1", 0, app, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("path", PAGES + ABOUT)
def test_axe_finds_nothing(address: str, page: Page, faults: Faults, path: str, width: int) -> None:
    faults.expected |= {403, 404, 409, 500}
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + path)
    assert_accessible(page)
    assert_reflows(page)


def test_axe_finds_nothing_on_a_form_with_every_error(address: str, page: Page, faults: Faults) -> None:
    faults.expected.add(422)
    page.goto(address + "/components/")
    page.get_by_role("button", name="Cast your vote").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert_accessible(page)
    assert_reflows(page)


def test_every_line_of_the_error_summary_puts_the_cursor_into_its_input(
    address: str, page: Page, faults: Faults
) -> None:
    faults.expected.add(422)
    page.goto(address + "/components/")
    page.get_by_role("button", name="Cast your vote").click()
    links = page.locator(".govuk-error-summary__list a")
    expect(links).to_have_count(11)
    for link in links.all():
        link.click()
        target = str(link.get_attribute("href")).removeprefix("#")
        assert page.evaluate("document.activeElement.id") == target


def test_the_keyboard_alone_answers_the_question(address: str, page: Page) -> None:
    page.goto(address + "/how-this-works/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    page.goto(address + "/components/")
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("For", exact=True)).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Against")).to_be_checked()


def test_what_has_the_focus_is_seen(address: str, page: Page) -> None:
    page.goto(address + "/components/")
    page.evaluate("document.activeElement.blur()")
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(() => { const e = document.activeElement, s = getComputedStyle(e);"
            " const around = e.nextElementSibling && getComputedStyle(e.nextElementSibling, '::before');"
            " return [e.outerHTML.slice(0, 80), s.outlineStyle, s.boxShadow,"
            " around ? around.boxShadow : 'none', around ? around.outlineStyle : 'none'] })()"
        )
        if all(value == "none" for value in style[1:]):
            unseen.append(style[0])
    assert unseen == []


def test_scripts_find_nothing_to_complain_about(address: str, page: Page) -> None:
    page.goto(address + "/components/")
    expect(page.locator("body")).to_have_class("govuk-template__body js-enabled govuk-frontend-supported")
    assert page.evaluate("htmx.config.allowEval") is False
    assert page.locator("style").count() == 0


def test_the_security_policy_stops_an_inline_script(address: str, page: Page, faults: Faults) -> None:
    page.goto(address + "/components/")
    page.evaluate(
        "(() => { const s = document.createElement('script'); s.textContent = 'window.broken = 1';"
        " document.body.append(s) })()"
    )
    assert page.evaluate("window.broken === undefined")
    assert "Content Security Policy" in faults.seen.pop()


def test_nothing_is_loaded_from_elsewhere(address: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + "/components/")
    assert asked
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_without_scripts_the_form_still_works(address: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/components/")
    expect(page.get_by_text("You can enter up to 200 characters")).to_be_visible()
    page.get_by_label("Against").check()
    page.get_by_role("button", name="Cast your vote").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("Against")).to_be_checked()
    context.close()


def test_paper_shows_the_record_and_not_the_machinery(address: str, page: Page) -> None:
    page.goto(address + "/components/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="All components")).to_be_visible()
    expect(page.get_by_text("Confidential: only for DCC")).to_be_visible()
    for hidden in (".govuk-button-group", ".moj-sub-navigation", ".govuk-back-link", ".app-account"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_text_is_set_in_a_plain_face(address: str, page: Page) -> None:
    page.goto(address + "/components/")
    faces = page.evaluate("[...document.querySelectorAll('body *')].map(e => getComputedStyle(e).fontFamily)")
    assert not any("GDS" in face for face in faces)
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith("Helvetica")
