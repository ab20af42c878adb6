"""Reads about requests for Certificates."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from certification.authorities.csr import CheckedCsr, CsrOutcome, check_csr
from certification.authorities.csr_reading import holds_private_key, read_request
from certification.authorities.environments import environment
from certification.authorities.profiles import CertificateKind
from certification.requests.entitlement import is_in_entry_testing
from certification.requests.models import CertificateRequest
from certification.requests.reservations import is_key_reserved
from certification.requests.rules import (
    LARGEST_REQUEST,
    Check,
    OrganisationFacts,
    Span,
    compute_digest,
    compute_organisation_checks,
)
from certification.requests.states import AWAITING_CHECK
from certification.subscribers.models import AuthorisedSubscriber
from certification.subscribers.rules import Policy
from certification.subscribers.selectors import authorisation, ranges_of
from certification.weak_keys.selectors import is_weak
from smki_pma.calendar import clock
from smki_pma.parties.models import Holding
from smki_pma.parties.roles import Role

KINDS = {Policy.DEVICE: CertificateKind.DEVICE, Policy.ORGANISATION: CertificateKind.ORGANISATION}
_NOTHING = compute_digest(b"")
STAFF = frozenset({Role.DCC_RA_OFFICER, Role.DCC_CA_OPERATOR})


def visible_to(holdings: Iterable[Holding]) -> QuerySet[CertificateRequest]:
    """The requests that somebody with these offices sees: those of the own Party, or all for DCC's officers. L3.4"""
    rows = CertificateRequest.objects.select_related("party__organisation")
    roles = {holding.role for holding in holdings}
    if roles & STAFF:
        return rows
    own = _parties(holdings)
    return rows.filter(party_id__in=own) if own else rows.none()


def _parties(holdings: Iterable[Holding]) -> list[UUID]:
    """The Parties that these offices act for as their officer."""
    return [
        each.party_id for each in holdings if each.role is Role.PARTY_OFFICER and each.party_id is not None
    ]


def queue() -> QuerySet[CertificateRequest]:
    """Organisation requests that wait for a Registration Authority officer, oldest first."""
    rows = CertificateRequest.objects.filter(state=AWAITING_CHECK)
    return rows.select_related("party__organisation", "submitted_by").order_by("submitted_at")


def subscribers_for(
    person_id: UUID, holdings: Iterable[Holding], policy: Policy
) -> list[AuthorisedSubscriber]:
    """The Authorised Subscribers for which this person may hand in requests under a policy now."""
    parties = _parties(holdings)
    responsible = Q(
        party__responsible_officers__person_id=person_id,
        party__responsible_officers__verified_at__isnull=False,
        party__responsible_officers__ended_at__isnull=True,
    )
    rows = AuthorisedSubscriber.objects.filter(
        responsible, party_id__in=parties, policy=policy, withdrawn_at__isnull=True
    )
    return list(rows.select_related("party__organisation").distinct())


def check_again(request: CertificateRequest) -> CsrOutcome:
    """The stored request checked again, as everything stands now. L3.5"""
    kind = KINDS[Policy(request.policy)]
    return check_csr(bytes(request.csr), kind, environment(request.environment), is_weak)


def checked_csr(request: CertificateRequest) -> CheckedCsr | None:
    """The stored request checked again; None where it no longer passes. L3.5"""
    return check_again(request).csr


def digest_of(csr: bytes) -> str:
    """What a request is known by in whatever wrapping: the digest of its DER, or of the bytes that hold none."""
    content = read_request(csr)
    return compute_digest(content if isinstance(content, bytes) else csr)


def is_same(received: CertificateRequest, csr: bytes) -> bool:
    """Whether these bytes are the request that was received, in whatever wrapping."""
    kept = csr[: LARGEST_REQUEST + 1]
    if received.csr_sha256 in (compute_digest(kept), digest_of(csr)):
        return True
    # What held a private key was not kept, so nothing of it can be compared.
    return received.csr_sha256 == _NOTHING and holds_private_key(kept)


def organisation_checks(request: CertificateRequest) -> tuple[Check, ...]:
    """Every check of an Organisation request as the facts stand now, each with its reason. L3.4"""
    spans = tuple(
        Span(first=span.first, last=span.last, role_codes=frozenset(span.role_codes))
        for span in ranges_of(request.party_id)
    )
    facts = OrganisationFacts(
        party_name=str(request.party),
        authorised=authorisation(request.party_id, Policy.ORGANISATION) is not None,
        eui64=request.eui64,
        assigned=spans,
        role_code=-1 if request.role_code is None else request.role_code,
        # Reserved for this very request when it was handed in; nobody else can have it since.
        key_used_before=not is_key_reserved(bytes.fromhex(request.public_key_sha256)),
        request_faults=tuple(f"{each.field}: {each.message}" for each in check_again(request).faults),
        in_entry_testing=is_in_entry_testing(
            request.party_id, environment=request.environment, at=clock.now()
        ),
    )
    return compute_organisation_checks(facts)
