"""Each kind of page once, opened by somebody who may: accessible, narrow enough, usable by keyboard, named alike."""

import json
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Error, Page, Response

from tests.browser.accessibility import narrow_width, violations
from tests.browser.page_classes import PageClass
from tests.browser.people import NewPage
from tests.servers.site import Site

PURPOSE = "/repository/documents/purpose/"
# Whether an element looks otherwise with the focus: by its own outline or by those of its label's drawn box.
SHOWS_FOCUS = """element => {
  const part = (of, part) => {
    const style = getComputedStyle(of, part)
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor,
      style.borderTopWidth].join(" ")
  }
  const label = element.labels && element.labels[0]
  const look = () => part(element) + (label ? part(label, "::before") : "")
  const before = look()
  element.focus({focusVisible: true})
  return look() !== before
}"""
CONTROLS = ":is(input:not([type=hidden]), select, textarea, button, summary):visible"


@dataclass
class Walk:
    """Opens pages as their people and keeps what is wrong with each."""

    site: Site
    new_page: NewPage
    pages: dict[str, Page] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    seen: int = 0

    def visit(self, wanted: PageClass) -> None:
        page = self._page_of(wanted.person)
        response = self._open(page, wanted)
        if response is None or "text/html" not in response.headers.get("content-type", ""):
            return  # a download, or text for programs
        self.seen += 1
        if "<html" not in response.text():
            return  # a fragment that a page fetches
        found = (
            [] if response.status == wanted.status else [f"answers {response.status}, not {wanted.status}"]
        )
        for check in (_frame, _keyboard, violations, _width):
            found += check(page)
        self.wrong += [
            f"{wanted.name} {wanted.address} as {wanted.person or 'nobody'}: {each}" for each in found
        ]

    def _page_of(self, person: str) -> Page:
        if person not in self.pages:
            self.pages[person] = self.new_page(self.site, as_person=person)
        return self.pages[person]

    def _open(self, page: Page, wanted: PageClass) -> Response | None:
        try:
            response = page.goto(wanted.address)
        except Error as error:
            if "Download is starting" in error.message:
                return None
            raise
        if wanted.address != PURPOSE and PURPOSE in page.url:
            page.get_by_label("What do you need the Repository for?").fill("To look at every page")
            if page.get_by_role("radio").count():
                page.get_by_role("radio").first.check()
            page.get_by_role("button", name="Continue").click()
            page.wait_for_url(lambda url: PURPOSE not in url)
            return self._open(page, wanted)
        return response


def _frame(page: Page) -> list[str]:
    """One h1, a title that begins with it and ends with our name, the language, one main landmark."""
    found: dict[str, Any] = page.evaluate(
        """() => ({
          lang: document.documentElement.lang,
          mains: document.querySelectorAll("main").length,
          titles: [...document.querySelectorAll("h1")].map(h1 => {
            const own = h1.cloneNode(true)  // a count, a state or a kind of data belongs to no title
            own.querySelectorAll(".govuk-caption-l, .govuk-tag, .moj-badge").forEach(each => each.remove())
            return own.textContent.replace(/\\s+/g, " ").trim()
          }),
        })"""
    )
    title, wrong = page.title(), []
    if len(found["titles"]) != 1:
        wrong.append(f"has the first-level headings {found['titles']}")
    elif not title.startswith(found["titles"][0]) or not title.endswith(" – SMKI PMA"):
        wrong.append(f"has the title “{title}” and the heading “{found['titles'][0]}”")
    if found["lang"] != "en-GB":
        wrong.append(f"has the language “{found['lang']}”")
    if found["mains"] != 1:
        wrong.append(f"has {found['mains']} main landmarks")
    return wrong


def _keyboard(page: Page) -> list[str]:
    """The first Tab reaches the skip link, which leads to the content; a control shows that it has the focus."""
    wrong = []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "main-content":
        wrong.append(f"skips to {page.evaluate('document.activeElement.outerHTML.slice(0, 80)')}")
    control = page.query_selector(f"main {CONTROLS}")
    if control is not None and not control.evaluate(SHOWS_FOCUS):
        wrong.append(f"does not show the focus on {control.evaluate('e => e.outerHTML.slice(0, 120)')}")
    return wrong


def _width(page: Page) -> list[str]:
    width = narrow_width(page)
    return [f"is {width} pixels wide in a window of 320"] if width > 320 else []


def test_every_page_class(site: Site, new_page: NewPage) -> None:
    shown = site.manage("shell", "-c", "from tests.browser.page_classes import show; show()")
    walk = Walk(site, new_page)
    for row in json.loads(shown.splitlines()[-1]):
        walk.visit(PageClass(**row))
    assert walk.seen > 100
    assert not walk.wrong, f"{len(walk.wrong)} findings:\n" + "\n".join(walk.wrong)
