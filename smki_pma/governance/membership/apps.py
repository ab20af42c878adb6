from django.apps import AppConfig


class MembershipConfig(AppConfig):
    name = "smki_pma.governance.membership"
    label = "membership"

    def ready(self) -> None:
        from smki_pma.governance.membership import guards  # noqa: F401
