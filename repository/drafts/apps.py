from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "repository.drafts"
    label = "drafts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from repository.drafts import guards, motions, navigation  # noqa: F401
        from repository.drafts.selectors import is_of_a_draft
        from smki_pma.files.kept_out import keep_out

        keep_out(is_of_a_draft)
