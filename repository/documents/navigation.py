"""The room's place in the navigation."""

from repository.documents.access import READING_ROLES, is_offered
from repository.documents.permissions import LODGERS
from smki_pma.ui.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem(
        label="Documents",
        url_name="documents:list_documents",
        order=40,
        roles=frozenset(READING_ROLES),
        visible=is_offered,
        namespaces=frozenset({"documents"}),
    )
)
register_navigation(
    NavigationItem(
        label="Documents lodged",
        url_name="documents:list_lodged",
        order=41,
        roles=frozenset(LODGERS),
        # Whoever also reads finds it on the page of the documents.
        visible=lambda request: not is_offered(request),
        namespaces=frozenset({"documents"}),
    )
)
