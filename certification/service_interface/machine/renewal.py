"""What simplereenroll means where a Certificate is never renewed but by a new key. L4.4

RFC 7030 section 4.2.2 lets a client renew, keeping its key, or rekey. A public key is certified once (L3.5), so
only rekeying remains: the request must ask for the same name and use as a Certificate of the Party that asks. The
predecessor stays as it is: a Device Certificate is never revoked, an Organisation Certificate only on request.
"""

from uuid import UUID

from django.db.models import QuerySet

from certification.authorities.csr import check_csr
from certification.authorities.environments import environment as environment_of
from certification.batches.models import Batch
from certification.request_history.items import REFERENCE
from certification.requests.selectors import KINDS
from certification.service_interface.refusals import InterfaceRefusal
from certification.subscribers.rules import Policy
from repository.certificates.models import Certificate


def check_renews(csr: bytes, *, party_id: UUID, policy: Policy, environment: str) -> None:
    """The Party has a Certificate with the same name and use. A request with faults goes on, to be told all of them.

    Another Party's is as good as none. Raises InterfaceRefusal.
    """
    kind = KINDS[policy]
    wanted = check_csr(csr, kind, environment_of(environment)).csr
    if wanted is None:
        return
    predecessors = Certificate.objects.filter(
        eui64=wanted.eui64.hex().upper(),
        kind=kind.value,
        environment=environment,
        usage=wanted.usage.value,
        role_code=wanted.role_code,
        subject_cn=wanted.common_name,
    )
    if not _has_any(party_id, predecessors):
        raise InterfaceRefusal(
            "request.no_predecessor",
            "Your Party has no Certificate with this name and use. Ask for the first one with simpleenroll.",
        )


def _has_any(party_id: UUID, certificates: QuerySet[Certificate]) -> bool:
    """Whether one of them was issued to the Party, on a request of its own or in a batch."""
    if certificates.filter(request__party_id=party_id).exists():
        return True
    named = certificates.filter(reference__startswith=REFERENCE).values_list("reference", flat=True)
    uids = {reference.split(":")[1] for reference in named}
    return Batch.objects.filter(party_id=party_id, uid__in=uids).exists()
