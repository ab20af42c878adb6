"""The room's place in the navigation."""

from repository.drafts.access import sees_any
from smki_pma.parties.models import Person
from smki_pma.ui.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem(
        label="CPS",
        url_name="drafts:list_cps",
        order=30,
        signed_in=True,
        visible=lambda request: isinstance(request.user, Person) and sees_any(request.user, request.roles),
        namespaces=frozenset({"drafts"}),
    )
)
