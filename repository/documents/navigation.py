"""The room's place in the navigation."""

from repository.documents.access import READING_ROLES, is_offered
from repository.documents.permissions import LODGERS
from smki_pma.ui.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem(
        label="Documents",
        url_name="documents:list_documents",
        order=40,
        roles=frozenset({*READING_ROLES, *LODGERS}),
        visible=lambda request: is_offered(request) or not request.roles.isdisjoint(LODGERS),
        namespaces=frozenset({"documents"}),
    )
)
