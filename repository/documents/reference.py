"""The documents of which there is one each: there from the start, so that a version has something to lock."""

from repository.documents.kinds import ONE_OF_A_KIND
from smki_pma.calendar import clock
from smki_pma.ledger.gate import writing_reference_rows


def put_documents() -> None:
    """Put the five documents of L5.1(e)-(i) in place; a repeat changes nothing."""
    from repository.documents.models import Document

    present = set(Document.objects.filter(kind__in=ONE_OF_A_KIND).values_list("kind", flat=True))
    with writing_reference_rows():
        for kind in ONE_OF_A_KIND:
            if kind.value not in present:
                Document(kind=kind, title=kind.label, created_at=clock.now()).save()
