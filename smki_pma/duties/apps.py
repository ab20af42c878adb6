from typing import Any

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "smki_pma.duties"
    label = "duties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from smki_pma.duties.selectors import count_own
        from smki_pma.ui.navigation import NavigationItem, register_navigation

        def count(request: Any) -> int:
            return count_own(request.holdings)

        register_navigation(
            NavigationItem(
                label="For you",
                url_name="duties:for_you",
                order=10,
                signed_in=True,
                count=count,
                namespaces=frozenset({"none"}),
            )
        )
        register_navigation(
            NavigationItem(
                label="Duties",
                url_name="duties:list_duties",
                order=60,
                signed_in=True,
                namespaces=frozenset({"none"}),
            )
        )
