"""Whether a subject stands on an agenda, told to the room that owns it: a duty to put it on one follows from that."""

from collections.abc import Callable
from uuid import UUID

from smki_pma.governance.meetings.models import Item
from smki_pma.governance.meetings.room import items_about

Told = Callable[[UUID, bool], None]
_owners: dict[str, Told] = {}


def tell_whether_listed(subject_model: str, told: Told) -> None:
    """Let a function hear, within the act, that a subject of the model ("app.Model") stands on an agenda or on none."""
    _owners[subject_model] = told


def tell_owner(item: Item) -> None:
    """Call it when an item about something is listed, withdrawn, or over with its meeting."""
    told = _owners.get(item.subject_model)
    if told is None or item.subject_id is None:
        return
    standing = Item.objects.filter(items_about(item), state__in=["listed", "open"])
    told(item.subject_id, standing.exclude(meeting__state__in=["closed", "cancelled"]).exists())
