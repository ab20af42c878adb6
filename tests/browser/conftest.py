"""Debian's Chromium against the whole system as make run starts it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.accessibility import assert_accessible
from tests.browser.people import NewPage, Watched
from tests.clock import SetClock
from tests.servers import site as sites
from tests.servers.site import Site

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running system with the sample community, shared: a test must stand what others have done there."""
    with _own_copy(prepared, tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="module")
def fresh_site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running system of a module's own, for what changes the state of all: its clock, its Authorities."""
    with _own_copy(prepared, tmp_path_factory) as running:
        yield running


@contextmanager
def _own_copy(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with sites.running(prepared, folder, SetClock(folder / "clock")) as running:
        yield running


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """Makes pages of a site, each in a profile of its own; the test fails on what went wrong behind them."""
    profiles: list[Watched] = []

    def make(
        site: Site, *, as_person: str = "", javascript: bool = True, viewport: tuple[int, int] = (1280, 900)
    ) -> Page:
        width, height = viewport
        context = chromium.new_context(
            base_url=site.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": height},
            locale="en-GB",
        )
        profiles.append(Watched(context))
        page = profiles[-1].new_page()
        if as_person:
            page.goto("/accounts/login/")
            page.get_by_role("button", name=f"Sign in as {as_person}").click()
            page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    yield make
    faults = [fault for profile in profiles for fault in profile.close()]
    assert faults == []


@pytest.fixture
def page(site: Site, new_page: NewPage) -> Page:
    """A page of the site, signed out."""
    return new_page(site)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Call it with a page: it fails on any finding of axe-core."""
    return assert_accessible
