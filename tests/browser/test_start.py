from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.people import NewPage
from tests.servers.site import Site


def test_sign_in_page(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/accounts/login/")
    assert page.title().endswith("– SMKI PMA")
    axe(page)


def test_one_click_signs_in_a_person_of_the_sample_community(site: Site, new_page: NewPage) -> None:
    page = new_page(site)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in as").first.click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    assert page.get_by_role("button", name="Sign out").or_(page.get_by_role("link", name="Sign out")).count()
