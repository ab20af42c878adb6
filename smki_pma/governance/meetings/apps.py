from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "smki_pma.governance.meetings"
    label = "meetings"

    def ready(self) -> None:
        from smki_pma.governance.meetings import guards, house_motions  # noqa: F401
        from smki_pma.governance.meetings.ledger_readers import audiences_in_a_seat, withheld_from
        from smki_pma.ledger.readers import register_reader_audiences, register_withheld_subjects
        from smki_pma.ui.navigation import NavigationItem, register_navigation

        register_reader_audiences(audiences_in_a_seat)
        register_withheld_subjects(withheld_from)

        register_navigation(
            NavigationItem(
                label="Meetings",
                url_name="meetings:list_meetings",
                order=20,
                namespaces=frozenset({"meetings"}),
            )
        )
