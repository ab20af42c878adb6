"""What every page must pass: axe-core without a finding, and no sideways scrolling at 320 pixels."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Page

AXE = Path(__file__).parent / "axe" / "axe.min.js"


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Run every axe rule on the page as it is now. The script goes in past the page's own security policy."""
    try:
        found = _run_axe(page)
    except Error:
        # A click just before gave this page up to the next one while axe ran: look at that one.
        page.wait_for_load_state()
        found = _run_axe(page)
    return [f"{v['id']}: {v['help']} {[n['html'][:160] for n in v['nodes']]}" for v in found]


def _run_axe(page: Page) -> list[dict[str, Any]]:
    page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return found


def assert_accessible(page: Page) -> None:
    assert violations(page) == []


def narrow_width(page: Page) -> int:
    """How wide the page becomes where the window has 320 pixels."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 800})
    width = page.evaluate("document.documentElement.scrollWidth")
    if before:
        page.set_viewport_size(before)
    return int(width)


def assert_reflows(page: Page) -> None:
    """WCAG 1.4.10: at 320 pixels nothing but a table or code scrolls sideways."""
    assert narrow_width(page) <= 320
