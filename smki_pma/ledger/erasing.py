"""Erasing what an entry says, where the law asks for it; the entry itself and every proof stay."""

import json
from collections.abc import Sequence

from django.db import connection

from smki_pma.ledger import store
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import HOUSE_RULE, record, service
from smki_pma.ledger.guarding import lifted
from smki_pma.ledger.logs import LEDGER
from smki_pma.ledger.models import Entry, EntryText

EVENT = "ledger.text_erased"


class CannotErase(ValueError):
    """The texts asked for cannot be erased; nothing has been."""


@service
def erase_entry_text(*, numbers: Sequence[int], reason: str, by: Actor) -> int:
    """Remove the text and salt of entries for good, by the owner alone, and say so in an entry (house rule).

    What the ledger says of itself (keys, erasures, breaks) cannot be erased. Returns how many texts went.
    """
    if by.role != "owner":
        raise CannotErase("Only the owner erases a text, at the command line.")
    if not reason.strip():
        raise CannotErase("Give the reason: it stays in the ledger.")
    store.take_turn(LEDGER)
    texts = EntryText.objects.filter(number__in=numbers)
    found = {text.number: text for text in texts}
    _check_erasable(numbers, found)
    with lifted(connection, "delete", tables=[EntryText._meta.db_table]):
        texts.delete()
    facts = {"numbers": sorted(found), "reason": reason}
    subject = Entry(number=min(found))
    record(EVENT, clause=HOUSE_RULE, by=by, subject=subject, facts=facts, audience="public", checkpoint=True)
    return len(found)


def _check_erasable(numbers: Sequence[int], found: dict[int, EntryText]) -> None:
    for number in numbers:
        if number not in found:
            raise CannotErase(f"Entry {number} has no text to erase.")
        if found[number].event.startswith(("ledger.", "access_log.")):
            raise CannotErase(f"Entry {number} is about the ledger itself and stays.")


def erased_numbers() -> set[int]:
    """The entries whose texts the ledger says were erased."""
    contents = EntryText.objects.filter(event=EVENT).values_list("content", flat=True)
    return {number for content in contents for number in json.loads(content)["facts"]["numbers"]}
