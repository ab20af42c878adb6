from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "smki_pma.website"
    label = "website"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from smki_pma.duties.feeds import register_source
        from smki_pma.website import calendar_entries, navigation, recurring_duties  # noqa: F401

        recurring_duties.register()
        register_source(calendar_entries.meetings_of)
