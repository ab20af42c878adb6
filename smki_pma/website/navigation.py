"""The website's own items of the navigation."""

from smki_pma.parties.roles import Role
from smki_pma.ui.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem(
        label="Background work",
        url_name="website:list_jobs",
        order=90,
        roles=frozenset({Role.DCC_CA_OPERATOR, Role.SECRETARIAT}),
        # Only this page: the website's others are in the footer.
        namespaces=frozenset({"website:list_jobs"}),
    )
)
