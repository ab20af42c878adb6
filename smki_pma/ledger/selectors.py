"""Reading the ledger."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models

from smki_pma.ledger import store
from smki_pma.ledger.logs import LEDGER
from smki_pma.ledger.models import Entry, EntryText
from smki_pma.ledger.readers import Reader


def ledger_size() -> int:
    """How many entries there are."""
    return store.size_of(LEDGER)


def entry(number: int) -> Entry | None:
    """The entry of a number."""
    return Entry.objects.filter(number=number).first()


def number_of_act(act_id: UUID) -> int | None:
    """The ledger number of an act; None while its service runs."""
    return EntryText.objects.filter(act_id=act_id).values_list("number", flat=True).first()


def numbers_of_acts(act_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The ledger numbers of several acts, in one query."""
    return dict(EntryText.objects.filter(act_id__in=list(act_ids)).values_list("act_id", "number"))


def entries_about(subject: models.Model, reader: Reader) -> models.QuerySet[EntryText]:
    """What the ledger says about an object, newest first, as far as the reader may read it."""
    about = {"subject_type": subject._meta.label_lower, "subject_id": str(subject.pk)}
    return reader.texts().filter(**about).order_by("-number")
