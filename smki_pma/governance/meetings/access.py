"""Which meeting, item or vote a page may show to whom; the services check again what may be done."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from smki_pma.clauses import NotEntitled
from smki_pma.governance.meetings.models import Item, Meeting, Vote
from smki_pma.governance.meetings.room import PRESIDERS, chair_and_alternates
from smki_pma.governance.meetings.selectors import is_out_for, may_read_item, pma_readers
from smki_pma.ledger.actors import Actor
from smki_pma.parties.roles import Role


def meeting_or_404(request: Any, meeting_id: UUID) -> Meeting:
    """A meeting; drafts are shown to those who prepare it and to the PMA's readers."""
    meeting = get_object_or_404(Meeting, pk=meeting_id)
    if meeting.state == "draft" and not (prepares(request, meeting) or pma_readers(request.user)):
        raise NotEntitled("This meeting has not been convened.", clause="L1.15", hidden=True)
    return meeting


def item_or_404(request: Any, item_id: UUID) -> Item:
    """An item of a meeting that the person may see; a late one without leave is not yet on the agenda."""
    item = get_object_or_404(Item.objects.select_related("meeting"), pk=item_id)
    meeting_or_404(request, item.meeting_id)
    if not item.is_admitted and not (is_clerk(request) or pma_readers(request.user)):
        raise NotEntitled("This item waits for the Chair's leave.", clause="L1.15", hidden=True)
    return item


def readable_item_or_404(request: Any, item_id: UUID) -> Item:
    """An item that the person may read: 404 for outsiders of a confidential one, a reason for who is out (L9.12)."""
    item = item_or_404(request, item_id)
    check_may_read(request, item)
    return item


def check_may_read(request: Any, item: Item) -> None:
    """Refuse a confidential item to everybody but its readers (L9.12)."""
    if may_read_item(request.user, item):
        return
    if pma_readers(request.user) and is_out_for(request.user, item):
        raise NotEntitled(
            "You are out for this item because of a conflict of interest, so you cannot see it.",
            clause="L1.15",
        )
    raise NotEntitled("This item is confidential.", clause="L9.12", hidden=True)


def vote_or_404(request: Any, vote_id: UUID) -> Vote:
    """A vote on an item that the person may read."""
    vote = get_object_or_404(Vote.objects.select_related("item__meeting"), pk=vote_id)
    meeting_or_404(request, vote.item.meeting_id)
    check_may_read(request, vote.item)
    return vote


def is_clerk(request: Any) -> bool:
    """Whether the person keeps the record: the Secretariat, or the Chair."""
    return bool(request.roles & {Role.SECRETARIAT, Role.PMA_CHAIR})


def calls_in_emergencies(request: Any) -> bool:
    """Whether the person is the Chair or may act as the Chair's Alternate (L2.14)."""
    return bool(request.roles & set(PRESIDERS)) and request.user.pk in chair_and_alternates()


def prepares(request: Any, meeting: Meeting) -> bool:
    """Whether the person sets the agenda: a clerk; for L2.14 the Chair's Alternate too."""
    return is_clerk(request) or (meeting.is_emergency and calls_in_emergencies(request))


def preparing(request: Any, meeting: Meeting) -> Actor:
    """Who `prepares` the meeting."""
    return clerk_or_presiding(request) if prepares(request, meeting) else clerk(request)


def clerk(request: Any) -> Actor:
    """The Secretariat, or the Chair."""
    actor: Actor = request.acting(Role.SECRETARIAT, Role.PMA_CHAIR, clause="L1.15")
    return actor


def clerk_or_presiding(request: Any) -> Actor:
    """The Secretariat, or somebody who may preside."""
    actor: Actor = request.acting(Role.SECRETARIAT, *PRESIDERS, clause="L1.15")
    return actor


def presiding(request: Any) -> Actor:
    """Somebody who may preside: the service checks that he or she does."""
    actor: Actor = request.acting(*PRESIDERS, clause="L1.15")
    return actor
