from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "smki_pma.governance.meetings"
    label = "meetings"

    def ready(self) -> None:
        from smki_pma.governance.meetings import guards, house_motions  # noqa: F401
