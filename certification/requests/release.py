"""What a reinstatement of the SMKI Services sets free among the single requests."""

from datetime import datetime

from certification.requests.models import CertificateRequest, Suspension
from certification.requests.services import ISSUE
from certification.requests.states import BEING_ISSUED
from certification.requests.suspension import is_held, on_reinstatement, service_of
from certification.subscribers.rules import Policy
from smki_pma import jobs
from smki_pma.statements import update_row


@on_reinstatement
def release_requests(*, suspension: Suspension, at: datetime) -> int:
    """Queue again the requests in hand that the suspension held and nothing else holds; their number. L2.14"""
    policies = [policy for policy in Policy if service_of(policy) in suspension.services]
    waiting = CertificateRequest.objects.filter(state=BEING_ISSUED, policy__in=policies)
    if suspension.party_id is not None:
        waiting = waiting.filter(party_id=suspension.party_id)
    held: dict[tuple[object, str], bool] = {}
    count = 0
    for request in waiting.select_for_update().only("uid", "party_id", "policy").order_by("deadline_at"):
        scope = (request.party_id, request.policy)
        if scope not in held:
            service = service_of(request.policy)
            held[scope] = is_held(party_id=request.party_id, service=service, at=at)
        if not held[scope]:
            key = f"{ISSUE}:{request.uid}:{suspension.pk}"
            request.job_id = jobs.enqueue(ISSUE, {"request": str(request.uid)}, key=key).pk
            update_row(request, "job_id")
            count += 1
    return count
