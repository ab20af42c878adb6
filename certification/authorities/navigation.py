"""The room's place in the navigation."""

from smki_pma.parties.roles import DCC_STAFF
from smki_pma.ui.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem(
        label="Authorities",
        url_name="authorities:list_authorities",
        order=56,
        roles=frozenset(DCC_STAFF),
    )
)
