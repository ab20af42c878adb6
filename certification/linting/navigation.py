"""The room's place in the navigation."""

from certification.linting.permissions import READERS
from smki_pma.ui.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem(
        label="Lint report",
        url_name="linting:show_report",
        order=59,
        roles=frozenset(READERS),
    )
)
