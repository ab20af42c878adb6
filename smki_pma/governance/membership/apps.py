from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "smki_pma.governance.membership"
    label = "membership"

    def ready(self) -> None:
        from smki_pma.governance.membership import guards  # noqa: F401
        from smki_pma.ui.navigation import NavigationItem, register_navigation

        register_navigation(
            NavigationItem(
                label="Members",
                url_name="membership:list_members",
                order=25,
                namespaces=frozenset({"membership"}),
            )
        )
