"""Which entries of the ledger acting for a seat opens to a person, and which a conflict of interest closes (L9.12)."""

from uuid import UUID

from django.db.models import Model, Q, QuerySet

from smki_pma.governance.meetings.models import Ballot, Item, Note, Paper, Recusal, Resolution, Vote
from smki_pma.governance.meetings.selectors import pma_readers
from smki_pma.ledger.readers import OF_THE_PMA
from smki_pma.parties.models import Person


def audiences_in_a_seat(person: Person) -> tuple[set[str], set[UUID]]:
    """An Alternate reads what is for the PMA while acting for a seat, and no longer (L1.12)."""
    return (set(OF_THE_PMA) if pma_readers(person) else set()), set()


def withheld_from(person: Person) -> dict[str, set[str]]:
    """Ids by type: the subjects that the person is out for, and everything about them on any agenda (C5)."""
    own = Recusal.objects.filter(person=person, item__confidential=True)
    subjects = list(own.values_list("item_id", "item__subject_model", "item__subject_id"))
    if not subjects:
        return {}
    about = Q(pk__in=[item_id for item_id, _, _ in subjects])
    withheld: dict[str, set[str]] = {}
    for _, model, subject_id in subjects:
        if subject_id is not None:
            about |= Q(subject_model=model, subject_id=subject_id)
            withheld.setdefault(model.lower(), set()).add(str(subject_id))
    items = Item.objects.filter(about, confidential=True)
    votes = Vote.objects.filter(item__in=items)
    parts: tuple[QuerySet[Model], ...] = (
        items,
        votes,
        Paper.objects.filter(item__in=items),
        Note.objects.filter(item__in=items),
        Ballot.objects.filter(vote__in=votes),
        Resolution.objects.filter(vote__in=votes),
    )
    for part in parts:
        ids = {str(pk) for pk in part.values_list("pk", flat=True)}
        withheld.setdefault(part.model._meta.label_lower, set()).update(ids)
    return withheld
