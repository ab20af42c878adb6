"""A page that takes no fault in silence, served from this very process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.components.served import Faults


@pytest.fixture
def faults() -> Faults:
    """The page's faults; a test that asks for a refusal adds its status to `expected`."""
    return Faults()


@pytest.fixture
def page(chromium: Browser, faults: Faults) -> Iterator[Page]:
    """A page of its own, 1280 wide. Fails on a console error, a script error or an unexpected 4xx or 5xx."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    faults.watch(page)
    yield page
    context.close()
    assert faults.seen == []
