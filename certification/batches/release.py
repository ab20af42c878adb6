"""What a reinstatement of the SMKI Services sets free among the batches."""

from datetime import datetime

from certification.batches.models import Batch
from certification.batches.progress import is_batch_held
from certification.batches.services.holding import queue_again
from certification.batches.states import ISSUING
from certification.requests.models import Suspension
from certification.requests.suspension import on_reinstatement
from certification.requests.suspension_rules import STOPPED_BY, Service

HELD_BY = STOPPED_BY[Service.BATCH]


@on_reinstatement
def release_batches(*, suspension: Suspension, at: datetime) -> int:
    """Queue again what the suspension held and nothing else holds; the number of batches. L2.14"""
    if not HELD_BY & set(suspension.services):
        return 0
    waiting = Batch.objects.filter(state__in=ISSUING)
    if suspension.party_id is not None:
        waiting = waiting.filter(party_id=suspension.party_id)
    free = [batch for batch in waiting.order_by("deadline_at") if not is_batch_held(batch, at=at)]
    for batch in free:
        queue_again(batch, stamp=f"reinstated-{suspension.pk}")
    return len(free)
