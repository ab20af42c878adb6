from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "repository.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from repository.documents import guards, motions, navigation  # noqa: F401
        from repository.documents.reference import put_documents
        from smki_pma.ledger.guards import reference_rows

        reference_rows(put_documents)
