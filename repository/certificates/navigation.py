"""The room's place in the navigation."""

from repository.documents.access import READING_ROLES, is_offered
from smki_pma.ui.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem(
        label="Certificates",
        url_name="certificates:list_certificates",
        order=50,
        roles=frozenset(READING_ROLES),
        visible=is_offered,
    )
)
