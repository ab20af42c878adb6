"""Finding documents."""

from django.db import models

from smki_pma.records.models import DocumentKey, Record


def records_about(subject: models.Model) -> models.QuerySet[Record]:
    """The documents about an object, newest first."""
    about = {"subject_type": subject._meta.label_lower, "subject_id": str(subject.pk)}
    return Record.objects.filter(**about).order_by("-requested_at", "kind")


def document_keys() -> list[DocumentKey]:
    """Every key that has signed documents, the one in use first."""
    return list(DocumentKey.objects.order_by("-made_at"))
