"""The room's place in the navigation."""

from smki_pma.parties.roles import Role
from smki_pma.ui.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem(
        label="Forecasts",
        url_name="performance:list_forecasts",
        order=61,
        roles=frozenset({Role.PARTY_OFFICER, Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR}),
    )
)
