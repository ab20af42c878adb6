from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "smki_pma.governance.meetings"
    label = "meetings"

    def ready(self) -> None:
        from smki_pma.governance.meetings import guards, house_motions  # noqa: F401
        from smki_pma.ui.navigation import NavigationItem, register_navigation

        register_navigation(
            NavigationItem(
                label="Meetings",
                url_name="meetings:list_meetings",
                order=20,
                namespaces=frozenset({"meetings"}),
            )
        )
