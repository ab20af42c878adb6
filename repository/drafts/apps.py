from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "repository.drafts"
    label = "drafts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from repository.drafts import guards, motions, navigation  # noqa: F401
        from repository.drafts.selectors import is_of_a_draft
        from repository.drafts.services.owing import scheduling_changed
        from smki_pma.files.kept_out import keep_out
        from smki_pma.governance.meetings.listing import tell_whether_listed

        keep_out(is_of_a_draft)
        tell_whether_listed("drafts.Draft", scheduling_changed)
