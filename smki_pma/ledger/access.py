"""The root of the access log in the ledger before a checkpoint: nobody can quietly drop a read from it."""

from smki_pma.ledger import store, tree
from smki_pma.ledger.actors import Actor
from smki_pma.ledger.gate import HOUSE_RULE, record, service, unchanged
from smki_pma.ledger.logs import ACCESS
from smki_pma.ledger.models import AccessLog, EntryText

EVENT = "access_log.rooted"


@service
def root_access_log(*, by: Actor) -> int:
    """Record the size and root of the access log, if it has grown since the last time (house rule)."""
    store.take_turn(ACCESS)
    size = store.size_of(ACCESS)
    if size == _size_at_last_root():
        return unchanged(size)
    root = tree.root_at(size, store.reader(ACCESS))
    last = AccessLog.objects.get(number=size - 1)
    facts = {"log": ACCESS.name, "root": root, "size": size}
    record(EVENT, clause=HOUSE_RULE, by=by, subject=last, facts=facts, audience="public")
    return size


def _size_at_last_root() -> int:
    last = (
        EntryText.objects.filter(event=EVENT).order_by("-number").values_list("subject_id", flat=True).first()
    )
    return int(last) + 1 if last else 0
