"""The room's place in the navigation."""

from smki_pma.parties.roles import PMA_READERS, Role
from smki_pma.ui.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem(
        label="Requests",
        url_name="requests:list_requests",
        order=55,
        roles=frozenset({Role.PARTY_OFFICER, Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR}),
        namespaces=frozenset({"requests", "batches", "history", "subscribers"}),
    )
)

# DCC's officers reach it from Requests.
register_navigation(
    NavigationItem(
        label="Suspensions",
        url_name="requests:list_suspensions",
        order=54,
        roles=frozenset(PMA_READERS),
    )
)
